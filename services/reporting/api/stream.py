"""`GET /v1/statistics/stream`: who watches hears when figures moved."""

from collections.abc import AsyncIterator, Collection, Iterator
from typing import Annotated, Final

from fastapi import Depends, Response
from fastapi.sse import format_sse_event
from sqlalchemy import Engine
from starlette.responses import StreamingResponse

from services.reporting.api.watching import Seen, Watch
from services.reporting.usecases.moments import moment
from shared.database import reading
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes

_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_EXAMPLE: Final = 'event: figures\ndata: {"sequence":4128}\n\n'
_EVENTS: Final = {"schema": {"type": "string"}, "example": _EXAMPLE}
_ALIVE: Final = format_sse_event(comment="alive")


class EventStream(StreamingResponse):
    """Server-sent events, whose making is ours; FastAPI's class of this name takes it over."""

    media_type = "text/event-stream"


def watch_of(engine: Engine, keyring: Keyring, most: int) -> Watch:
    """What looks for all watchers of this process whether figures moved, and whether their keys are still good."""

    def look(keys: Collection[str]) -> Seen:
        with reading(engine) as connection:
            found = moment(connection)
        return Seen(found, frozenset(keys) - keyring.known(keys))

    return Watch(look, most)


def stream_routes(keyring: Keyring, watch: Watch) -> Routes:
    """For keys with `statistics:read`, for as long as a key is good."""
    router = Routes(tags=["statistics"])
    reader = keyring.require("statistics:read")

    def placed(caller: Annotated[Caller, Depends(reader)]) -> Iterator[Caller]:
        """Held until the answer has ended, however it ends."""
        with watch.place(caller.key_id):
            yield caller

    @router.get(
        "/v1/statistics/stream",
        response_class=EventStream,
        dependencies=[Depends(reader)],
        summary="Horen wanneer cijfers veranderen",
        description="Server-sent events. U hoort meteen tot waar het logboek is geteld, en daarna telkens als er "
        'cijfers veranderen, hooguit eens per seconde: `event: figures`, `data: {"sequence": 4128}`. Vraag de '
        "cijfers zelf dan opnieuw op. Is er lang niets, dan komt er commentaar. Trekt de beheerder de sleutel in, dan "
        "houdt het op.",
        response_description="Een stroom die doorgaat tot u hem verbreekt.",
        responses={200: {"content": {EventStream.media_type: _EVENTS}}},
    )
    async def stream(caller: Annotated[Caller, Depends(placed)]) -> Response:
        return EventStream(_events(watch, caller.key_id), headers=_HEADERS)

    @router.head("/v1/statistics/stream", include_in_schema=False, response_class=EventStream)
    async def head(_caller: Annotated[Caller, Depends(reader)]) -> Response:
        return Response(media_type=EventStream.media_type, headers=_HEADERS)

    return router


async def _events(watch: Watch, key_id: str) -> AsyncIterator[bytes]:
    async for sequence in watch.moves(key_id):
        yield _ALIVE if sequence is None else format_sse_event(event="figures", data_str=f'{{"sequence":{sequence}}}')

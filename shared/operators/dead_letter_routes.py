"""`/v1/dead-letters` on both consumers: list, look, try again, drop (contract sections 8 and 9)."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Path, Query
from pydantic import Field
from pydantic.config import JsonDict
from starlette.concurrency import run_in_threadpool

from shared.errors import FieldFault, Refusal
from shared.events.model import WireModel
from shared.http.keys import Caller, Keyring
from shared.http.paging import decode_cursor, encode_cursor
from shared.http.routes import Routes
from shared.operators.dead_letter_box import DeadLetterBox

_ID = "Id van het bericht."
_LETTER: JsonDict = {
    "id": 1,
    "streamId": "4128-0",
    "type": None,
    "reason": "no JSON",
    "attempts": 1,
    "at": "2026-10-01T08:00:02Z",
}

LetterId = Annotated[int, Path(alias="id", ge=1, le=2**31 - 1, description=_ID, examples=[1])]


class DeadLetter(WireModel, json_schema_extra={"description": "Een gebeurtenis die niet is verwerkt."}):
    """A letter as it is listed. `type`: of an event that was given up; none for an entry that cannot be read."""

    id: int = Field(description=_ID)
    stream_id: str = Field(description="De plaats in de stroom.")
    type: str | None = Field(description="Het type. Leeg: niet te lezen.")
    reason: str = Field(description="Waarom het niet lukte.")
    attempts: int = Field(description="Hoe vaak het is geprobeerd.")
    at: datetime = Field(description="Wanneer voor het laatst.")


class DeadLetterWithBody(
    DeadLetter,
    json_schema_extra={
        "description": "Een gebeurtenis die niet is verwerkt, met wat ervan is bewaard.",
        "examples": [{**_LETTER, "body": "eA=="}],
    },
):
    """With the bytes of an entry that cannot be read, base64; empty where the event log has them."""

    body: str = Field(description="Wat er kwam, als base64. Leeg: het staat in het gebeurtenissenlogboek.")


class DeadLetterList(
    WireModel,
    json_schema_extra={"description": "Een pagina, de oudste eerst.", "examples": [{"items": [_LETTER], "next": None}]},
):
    """A page, oldest first."""

    items: list[DeadLetter]
    next: str | None = Field(description="Waar de volgende pagina begint, voor `cursor`. Leeg: dit was de laatste.")


class Retry(
    WireModel,
    json_schema_extra={
        "description": "Hoe het afliep.",
        "examples": [
            {"id": 1, "outcome": "kept", "reason": "a foreign entry: the event log has no event of this number"}
        ],
    },
):
    """What became of it."""

    id: int = Field(description=_ID)
    outcome: Literal["applied", "kept"] = Field(description="Verwerkt en weg, of nog bewaard.")
    reason: str | None = Field(None, description="Waarom het is bewaard.")


def dead_letter_routes(box: DeadLetterBox, keyring: Keyring, on_commit: Callable[[], None] | None = None) -> Routes:
    """The four routes; admin only. `on_commit` is called in the event loop when an event had its effect."""
    router = Routes(prefix="/v1/dead-letters", tags=["operators"])
    admin = Depends(keyring.require("admin"))

    @router.get(
        "",
        summary="Wat niet is verwerkt",
        description="Voor de beheerder: wat niet te lezen was, of is opgegeven. Het oudste eerst.",
        response_description="Een pagina.",
    )
    def every(
        cursor: Annotated[str | None, Query(description="`next` van de vorige pagina, zoals u die kreeg.")] = None,
        limit: Annotated[int, Query(ge=1, le=500, description="Hooguit zoveel op een pagina.")] = 100,
        _caller: Caller = admin,
    ) -> DeadLetterList:
        rows = box.page(_after(cursor), limit + 1)
        more = encode_cursor([rows[limit - 1]["id"]]) if len(rows) > limit else None
        return DeadLetterList(items=[DeadLetter(**row) for row in rows[:limit]], next=more)

    @router.get(
        "/{id}",
        summary="Een gebeurtenis die niet is verwerkt",
        description="Voor de beheerder: met wat ervan is bewaard.",
        response_description="De gebeurtenis.",
    )
    def one(letter_id: LetterId, _caller: Caller = admin) -> DeadLetterWithBody:
        return DeadLetterWithBody(**box.get(letter_id))

    @router.post(
        "/{id}/retry",
        summary="Nog eens proberen",
        description="Voor de beheerder: verwerkt de gebeurtenis zoals die nu in het logboek staat.",
        response_description="Hoe het afliep.",
    )
    async def retry(letter_id: LetterId, _caller: Caller = admin) -> Retry:
        became = await run_in_threadpool(box.retry, letter_id)
        if became.outcome == "applied" and on_commit:
            on_commit()
        return Retry(id=letter_id, outcome=became.outcome, reason=became.reason)

    @router.delete(
        "/{id}",
        status_code=204,
        summary="Voorgoed weggooien",
        description="Voor de beheerder: de gebeurtenis heeft dan geen gevolg in deze dienst.",
        response_description="Weg.",
    )
    def drop(letter_id: LetterId, _caller: Caller = admin) -> None:
        box.drop(letter_id)

    return router


def _after(cursor: str | None) -> int:
    if cursor is None:
        return 0
    values = decode_cursor(cursor)
    if len(values) != 1 or type(values[0]) is not int or not 0 <= values[0] < 2**31:
        fault = FieldFault("cursor", "cursor", "use `next` as it was")
        raise Refusal("invalid", "the cursor is none of ours", (fault,))
    after: int = values[0]
    return after

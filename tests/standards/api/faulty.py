"""A service with a fault planted in each of its paths but one, for the tester to find."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, Query
from starlette.responses import JSONResponse, Response

from shared.clock import utc_now
from shared.database import connect
from shared.events.model import WireModel
from shared.http.application import create_app
from shared.http.key_table import key_metadata
from shared.http.keys import Keyring
from shared.http.routes import Routes
from tests.servers import ADMIN_KEY, SERVICE_KEY, eventually, free_port


class Answer(WireModel):
    """What every path of the service promises."""

    number: int


def sound() -> Response:
    """No fault."""
    return JSONResponse({"number": 1})


def accident() -> Response:
    """A 500 where nothing was to go wrong."""
    raise ZeroDivisionError


def undocumented() -> Response:
    """A status that the document does not name."""
    return JSONResponse({"number": 1}, 418)


def shapeless() -> Response:
    """A member of another type than documented."""
    return JSONResponse({"number": "one"})


def foreign() -> Response:
    """A media type that the document does not name."""
    return Response("number: 1", media_type="text/yaml")


FAULTS = {
    "ServerError": accident,
    "UndefinedStatusCode": undocumented,
    "JsonSchemaError": shapeless,
    "UndefinedContentType": foreign,
}
"""How the tester calls a fault -> what answers so."""


@contextmanager
def faulty_service(folder: Path) -> Iterator[str]:
    """`/v1/<name>` for each of them, `/v1/sound`, and `/v1/open`: documented with a key, and none is asked for."""
    engine = connect(f"sqlite:///{folder / 'faulty.db'}")
    key_metadata.create_all(engine)
    keyring = Keyring(engine, ADMIN_KEY, SERVICE_KEY, utc_now)
    router = Routes(prefix="/v1", tags=["faulty"])
    for answer in (sound, *FAULTS.values()):
        _add(router, answer.__name__, answer, dependencies=[Depends(keyring.require("admin"))])
    _add(router, "open", sound, openapi_extra={"security": [{"key": ["admin"]}]})
    try:
        with _served(_application(router)) as url:
            yield url
    finally:
        engine.dispose()


def _add(router: Routes, name: str, answer: Callable[[], Response], **more: Any) -> None:
    @router.get(f"/{name}", operation_id=name, response_model=Answer, **more)
    def path(many: Annotated[int, Query(ge=1, le=9)] = 1) -> Any:
        return answer()


def _application(router: Routes) -> FastAPI:
    return create_app(
        title="faulty",
        description="",
        contact=None,
        cors_origins=(),
        routers=[router],
        checks={},
        lifespan=_nothing_runs,
    )


@asynccontextmanager
async def _nothing_runs(_app: FastAPI) -> AsyncIterator[None]:
    yield


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        eventually(lambda: server.started, what="the faulty service is there")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)

"""Routes that ask for the key first, then for what the caller takes, then for a body that means one thing only."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from shared.errors import Refusal
from shared.http.accept import refuse_unacceptable
from shared.http.bodies import media_type, refuse_encoding, strict_json, whole
from shared.http.keys import KeyCheck
from shared.http.parameters import only_known

Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRoute(APIRoute):
    """FastAPI reads and checks the body before it asks for a key; the contract wants 401 and 403 first."""

    def get_route_handler(self) -> Handle:
        """FastAPI's own handler behind our door."""
        handle = super().get_route_handler()
        checks, produced, with_body = key_checks(self), produced_by(self), self.body_field is not None

        async def strict(request: Request) -> Response:
            for check in checks:
                await check(request)
            refuse_unacceptable(request, produced)
            refuse_encoding(request)
            return await handle(await _read(request) if with_body else request)

        return strict


class Routes(APIRouter):
    """A router of strict routes; every path of ours is on one."""

    def __init__(self, *, prefix: str = "", tags: Sequence[str] = (), include_in_schema: bool = True) -> None:
        super().__init__(
            prefix=prefix,
            tags=list(tags),
            include_in_schema=include_in_schema,
            route_class=StrictRoute,
            dependencies=[Depends(only_known)],
        )


def key_checks(route: APIRoute) -> list[KeyCheck]:
    """What a route demands of its caller; empty: everybody may."""
    return [found.call for found in route.dependant.dependencies if isinstance(found.call, KeyCheck)]


def produced_by(route: APIRoute) -> list[str]:
    """The media types of a route's good answers; none where an answer has no body."""
    if route.status_code == 204:
        return []
    response_class = getattr(route.response_class, "value", route.response_class)
    found = {getattr(response_class, "media_type", None) or "application/json": None}
    for status, answer in route.responses.items():
        if str(status).startswith("2"):
            found.update(dict.fromkeys(answer.get("content", {})))
    return list(found)


class _ReadRequest(Request):
    """A request whose JSON has been read and is not read again."""

    def __init__(self, request: Request, raw: bytes, value: Any) -> None:
        super().__init__(request.scope, request.receive)
        self._raw, self._value = raw, value

    async def body(self) -> bytes:
        """The bytes."""
        return self._raw

    async def json(self) -> Any:
        """What they mean."""
        return self._value


async def _read(request: Request) -> Request:
    raw = await whole(request)
    if not raw:
        return _ReadRequest(request, raw, None)
    if media_type(request) != "application/json":
        raise Refusal("unsupported-media-type", "send application/json")
    return _ReadRequest(request, raw, strict_json(raw))

"""What stands on every answer: the API version, the security headers of the NL API Design Rules, and the rate limit."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.rate_limit import Quota

API_VERSION = "1.2.0"

SECURITY_HEADERS: dict[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
READABLE = ("API-Version", "RateLimit", "RateLimit-Policy", "Retry-After", "Komerbij-Sequence", "ETag")
"""Headers that a page of an allowed origin may read."""
_FOR_EVERY_PAGE = ("/v1/openapi.json", "/v1/code-lists", "/v1/problems/")
"""Paths that pages of all origins may read: nothing in them is anybody's secret."""


class AnswerHeaders:
    """ASGI middleware: adds what an answer did not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; mend the start of each HTTP answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["API-Version"] = API_VERSION
                for name, value in (SECURITY_HEADERS | _allowance(state.get("quota"), message["status"])).items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(_FOR_EVERY_PAGE):
                    headers["Access-Control-Allow-Origin"] = "*"
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _allowance(quota: Quota | None, status: int) -> dict[str, str]:
    if quota is None:
        return {}
    return quota.headers() | ({"Retry-After": quota.retry_after()} if status == 429 else {})

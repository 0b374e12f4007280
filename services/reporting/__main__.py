"""python -m services.reporting: serve."""

import socket
import sys
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from services.reporting.app import build
from services.reporting.settings import Settings
from shared.observability import configure_logging

_NOT_STARTED = 3
"""How uvicorn ends when it could not start."""


class Server(uvicorn.Server):
    """Ends answers that go on by themselves first; else it would wait for them as long as somebody watches."""

    def __init__(self, config: uvicorn.Config, let_go: Callable[[], None]) -> None:
        super().__init__(config)
        self._let_go = let_go

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, once it was told to."""
        self._let_go()
        await super().shutdown(sockets)


def main() -> None:
    """Serve until told to stop. What is said about requests must name no path: a path may name a person's sign-up."""
    configure_logging("reporting")
    settings = Settings()
    app = build(settings)
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False
    )
    server = Server(config, app.state.before_the_end)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


if __name__ == "__main__":
    main()

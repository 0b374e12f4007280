"""python -m services.reporting: serve."""

import uvicorn

from services.reporting.app import build
from services.reporting.settings import Settings
from shared.observability import configure_logging


def main() -> None:
    """Serve until told to stop. What is said about requests must name no path: a path may name a person's sign-up."""
    configure_logging("reporting")
    settings = Settings()
    app, port = build(settings), settings.port
    uvicorn.run(app, host=settings.host, port=port, log_config=None, access_log=False, server_header=False)


if __name__ == "__main__":
    main()

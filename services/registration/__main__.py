"""python -m services.registration: serve."""

import uvicorn

from services.registration.app import build
from services.registration.settings import Settings
from shared.observability import configure_logging


def main() -> None:
    """Serve until told to stop."""
    configure_logging("registration")
    settings = Settings()
    uvicorn.run(build(settings), host=settings.host, port=settings.port, log_config=None, server_header=False)


if __name__ == "__main__":
    main()

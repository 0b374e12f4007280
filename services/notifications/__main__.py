"""`python -m services.notifications`: serve until told to stop."""

import uvicorn

from services.notifications.app import build
from services.notifications.settings import Settings
from shared.observability import configure_logging


def main() -> None:
    """Settings come from the environment."""
    configure_logging("notifications")
    settings = Settings()
    uvicorn.run(build(settings), host=settings.host, port=settings.port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()

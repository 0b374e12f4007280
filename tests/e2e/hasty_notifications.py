"""Starts notifications as it is, but for a lease of seconds: nobody waits long for what a killed process held."""

from datetime import timedelta
from functools import partial
from typing import Any

from services.notifications import __main__ as entry
from services.notifications import app
from services.notifications.domain.policy import Policy

LEASE = timedelta(seconds=8)


def main() -> None:
    """Everything else is the service's own."""
    root: Any = app
    root.Policy = partial(Policy, lease=LEASE)
    entry.main()


if __name__ == "__main__":
    main()

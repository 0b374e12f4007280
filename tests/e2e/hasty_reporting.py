"""Starts reporting as it is, but that a rebuild whose process died is seen to have failed after seconds."""

from datetime import timedelta
from typing import Any

from services.reporting import __main__ as entry
from shared.operators import rebuild_record


def main() -> None:
    """Everything else is the service's own; a rebuild that lives beats once a second."""
    record: Any = rebuild_record
    record._DEAD_AFTER = timedelta(seconds=8)
    entry.main()


if __name__ == "__main__":
    main()

"""What operators see of a process: logs as JSON lines (what happened, never who) and checks."""

import json
import logging
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """One reason to be ready or not. `degraded` still serves; `down` answers 503."""

    status: Literal["ok", "degraded", "down"]
    reason: str | None = None
    sequence: int | None = None
    """How far a consumer is in the event log."""
    lag: int | None = None
    """How many events it is behind the stream."""


CheckFunction = Callable[[], Awaitable[Check]]


class JsonLines(logging.Formatter):
    """One JSON object a record; more members come as `extra={"fields": {...}}`."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; a traceback stays in the log and never in an answer."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging(service: str, level: int = logging.INFO) -> None:
    """Send this process's log to standard error as JSON lines; libraries speak from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("services", "shared"):
        logging.getLogger(ours).setLevel(level)

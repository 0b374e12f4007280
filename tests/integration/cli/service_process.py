"""A stand-in for one service as a process of its own: `python -m services.<name>` in a folder that a test makes."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

from tests.unit.cli.stand_in import Memory, server

SHEET = {
    "year": 2024,
    "compareTo": 2023,
    "mode": "live",
    "lines": [
        {
            "code": "participants",
            "label": {"nl": "Deelnemers", "en": "Participants"},
            "goal": None,
            "value": 530,
            "previous": 311,
            "growthPercent": 70.4,
            "precision": "exact",
            "unit": "people",
            "status": "exact",
        }
    ],
}


def main(service: str) -> None:
    """Serve on `<SERVICE>_PORT` until TERM; events outlive the process in a file named after the service."""
    if service in os.environ.get("STAND_IN_BROKEN", "").split(","):
        sys.exit(f"{service} cannot read its settings")
    memory = Memory(sheet=dict(SHEET), file=Path(os.environ["KOMERBIJ_DATA"]) / f"{service}.events")
    if memory.file and memory.file.exists():
        for line in memory.file.read_text().splitlines():
            event = json.loads(line)
            memory.events[event["id"]] = event
    if service == "reporting":
        memory.upstream = os.environ["REGISTRATION_URL"]
    found = server(memory, int(os.environ[f"{service.upper()}_PORT"]))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=found.shutdown).start())
    secrets = sorted(name for name in os.environ if name.endswith(("_KEY", "_DATABASE_URL")))
    sys.stderr.write(f"{service} serves {secrets}\n")
    found.serve_forever()

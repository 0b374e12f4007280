"""python -m benchmarks [AREA]: measure, print the table, keep it as JSON with versions and machine."""

import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import claim, door, statistics
from benchmarks.rounds import Row

AREAS: dict[str, Callable[[], list[Row]]] = {"door": door.run, "claim": claim.run, "statistics": statistics.run}
RESULTS = Path(__file__).parent / "results"
PACKAGES = ("sqlalchemy", "pydantic", "faststream", "redis", "orjson")


def main(wanted: list[str]) -> int:
    """Run the named areas, or all; 2 for an area that does not exist."""
    unknown = [area for area in wanted if area not in AREAS]
    if unknown:
        print(f"no such area: {', '.join(unknown)}; there is: {', '.join(AREAS)}", file=sys.stderr)
        return 2
    rows = [row for area in wanted or AREAS for row in AREAS[area]()]
    for row in rows:
        spread = f"({row.least:,.0f} to {row.most:,.0f})"
        print(f"{row.area:6} {row.name:50} {row.median:10,.0f}/s  {spread:22} {row.of_floor:.4f} of the floor")
    keep(rows)
    return 0


def keep(rows: list[Row]) -> None:
    """Beside the code, named by the day; the last run of a day stays."""
    machine = {"python": platform.python_version(), "system": platform.system(), "processors": os.cpu_count()}
    versions = {name: version(name) for name in PACKAGES}
    RESULTS.mkdir(exist_ok=True)
    day = datetime.now(UTC).date().isoformat()
    found = {"machine": machine, "versions": versions, "rows": [asdict(row) for row in rows]}
    (RESULTS / f"{day}.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

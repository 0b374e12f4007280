"""Runs the property-based tester (schemathesis) over a served OpenAPI document, and reads what it found."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import ADMIN_KEY, ROOT

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = int(os.environ.get("KOMERBIJ_TEST_EXAMPLES", "3"))
"""Drawn for each operation in each phase, beside every documented example and the edges of every schema."""


@dataclass(frozen=True)
class Found:
    """What a run found. `accepted`: operation -> how many requests were answered with success."""

    failures: Mapping[str, tuple[str, ...]]
    errors: tuple[Any, ...]
    operations: int
    accepted: Mapping[str, int]
    text: str

    @property
    def nothing(self) -> bool:
        """It looked at everything, and found nothing."""
        return not self.failures and not self.errors


def examine(url: str, folder: Path, *, key: str = ADMIN_KEY, examples: int = EXAMPLES) -> Found:
    """All checks, positive and negative data, the same requests every time; `folder` gets the report."""
    report = folder / "report.json"
    argv = [sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", str(CONFIGURATION)]
    argv += ["run", f"{url}/v1/openapi.json", "-H", f"Authorization: Bearer {key}", "--checks", "all", "--mode", "all"]
    argv += ["--max-examples", str(examples), "--generation-deterministic", "--continue-on-failure", "--no-shrink"]
    argv += ["--warnings", "off", "--report", "json", "--report-json-path", str(report)]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.standards.api.tester_hooks", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        argv, cwd=folder, env={**os.environ, **hooks}, capture_output=True, text=True, timeout=1800, check=False
    )
    assert report.exists(), ended.stdout + ended.stderr
    return _read(json.loads(report.read_text()), ended.stdout)


def left_alone() -> set[str]:
    """The operations that the configuration tells it to leave alone; it says why."""
    configuration = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))
    return {one["include-name"] for one in configuration["operations"] if one.get("enabled") is False}


def _read(report: Any, text: str) -> Found:
    rates = report["valid_rates"]
    return Found(
        failures={one["type"]: tuple(one["operations"]) for one in report["failures"]},
        errors=tuple(report["errors"]),
        operations=report["operations"]["tested"],
        accepted={name: sum(phase["accepted"] for phase in phases.values()) for name, phases in rates.items()},
        text=text,
    )

"""The report of a run: numbers as JSON, and the same for people as Markdown."""

import importlib.metadata
import json
import os
import platform
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.chaos.faults import KINDS, Fault
from tests.chaos.ledger import Json
from tests.chaos.run import Outcome
from tests.chaos.verdict import Verdict

_VERSIONS = ("faststream", "redis", "sqlalchemy", "psycopg", "fastapi", "uvicorn", "aiosmtplib")
_LOST = ("lost", "mail lost", "gap in the log", "nobody told", "no reminder")
_DOUBLED = ("doubled",)
NUMBERS = "chaos.json"


def result(outcome: Outcome, verdict: Verdict) -> Json:
    """One database's part, as plain JSON."""
    faults, ledger = outcome.faults.faults, outcome.ledger
    _judge_healing(faults, verdict)
    failed = sum(
        len(ledger.failures_between(f.began, f.ended + (f.healed or 0))) for f in faults if f.kind == "flushall"
    )
    verdict.demand(failed == 0, "failed during FLUSHALL", f"{failed} answers")
    flushes = [fault.healed for fault in faults if fault.kind == "flushall" and fault.healed is not None]
    scene = outcome.scene
    return {
        "database": outcome.order.database,
        "seed": outcome.order.seed,
        "holds": not verdict.wrong,
        "posted": len(ledger.posted),
        "outcomes": dict(ledger.outcomes()),
        "answers that failed and were asked again": dict(Counter(failure.what for failure in ledger.failures)),
        "faults": len(faults),
        "kinds": kinds(faults),
        "lost": sum(verdict.wrong[kind] for kind in _LOST),
        "doubled": sum(verdict.wrong[kind] for kind in _DOUBLED),
        "flushall": {
            "times": len(flushes),
            "level after at most, s": _rounded(max(flushes, default=None)),
            "failed answers": failed,
        },
        "registration died between commit and send": scene.unsent_at_death if scene else 0,
        "registration died between send and mark": scene.unmarked_at_death if scene else 0,
        "injected entries": len(scene.injected) if scene else 0,
        "numbers": verdict.numbers,
        "wrong": dict(verdict.wrong),
        "examples": verdict.examples,
        "load, s": round(outcome.load_seconds, 1),
        "in all, s": round(time.time() - outcome.began, 1),
    }


def _judge_healing(faults: Sequence[Fault], verdict: Verdict) -> None:
    """All heal; what the contract gives 10 s heals in 10 s."""
    for fault in faults:
        within = KINDS[fault.kind].within
        if fault.healed is None:
            verdict.blame("not healed", f"{fault.kind}: {fault.what}")
        elif within is not None and fault.healed > within:
            verdict.blame("healed late", f"{fault.kind} after {fault.healed:.1f} s: {fault.what}")


def kinds(faults: Sequence[Fault]) -> Json:
    """Kind -> count, median and maximum of the seconds to heal."""
    found: Json = {}
    for kind in sorted({fault.kind for fault in faults}):
        healed = [fault.healed for fault in faults if fault.kind == kind and fault.healed is not None]
        number = sum(fault.kind == kind for fault in faults)
        median = statistics.median(healed) if healed else None
        found[kind] = {"count": number, "median": _rounded(median), "max": _rounded(max(healed, default=None))}
    return found


def in_words(found: Json) -> str:
    """One database's part, for people."""
    return "\n".join(_run(found))


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)


def write(folder: Path, runs: Sequence[Json], seconds: float) -> Path:
    """Both files; returns the Markdown's path."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = {"machine": machine(), "versions": versions(), "runs": list(runs), "in all, s": round(seconds, 1)}
    (folder / NUMBERS).write_text(json.dumps(whole, indent=1, ensure_ascii=False), encoding="utf-8")
    text = "\n".join(_markdown(whole))
    path = folder / "chaos.md"
    path.write_text(text + "\n", encoding="utf-8")
    return path


def machine() -> str:
    """What it ran on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def versions() -> dict[str, str]:
    """Of what matters here."""
    return {name: importlib.metadata.version(name) for name in _VERSIONS}


def _markdown(whole: Json) -> list[str]:
    runs = whole["runs"]
    events, faults = sum(run["posted"] for run in runs), sum(run["faults"] for run in runs)
    kinds_seen = {kind for run in runs for kind in run["kinds"]}
    holds = all(run["holds"] for run in runs)
    said = "**Everything holds.**" if holds else "**Not everything holds.**"
    lines = [
        "# Chaos run",
        "",
        f"{said} {events:,} events, {faults} faults of {len(kinds_seen)} kinds, {whole['in all, s'] / 60:.1f} minutes.",
        "",
        f"- Machine: {whole['machine']}",
        f"- Versions: {', '.join(f'{name} {version}' for name, version in whole['versions'].items())}",
    ]
    for run in runs:
        lines += ["", *_run(run)]
    return lines


def _run(run: Json) -> list[str]:
    lines = [f"## {run['database']}, seed {run['seed']}", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {_cell(value)} |" for name, value in _plain(run).items()]
    lines += ["", "| fault | times | seconds to heal, median | at most |", "|---|---|---|---|"]
    for kind, seen in run["kinds"].items():
        lines.append(f"| {kind} | {seen['count']} | {_cell(seen['median'])} | {_cell(seen['max'])} |")
    if run["wrong"]:
        lines += ["", "### What does not hold", ""]
        for kind, number in run["wrong"].items():
            lines += [f"- {kind}: {number}", *(f"    - `{example}`" for example in run["examples"].get(kind, []))]
    return lines


def _plain(run: Json) -> dict[str, Any]:
    left_out = ("database", "seed", "kinds", "wrong", "examples", "numbers", "outcomes", "flushall")
    flat = {name: value for name, value in run.items() if name not in left_out}
    flat |= {f"answered {name}": number for name, number in run["outcomes"].items()}
    flat |= {f"FLUSHALL: {name}": number for name, number in run["flushall"].items()}
    return {**flat, **run["numbers"]}


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items()) or "none"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:,}" if isinstance(value, int) else str(value if value is not None else "-")

"""`python -m tests.chaos`: load and faults over both databases and a report; exits with 0 only if all holds."""

import argparse
import json
import logging
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.chaos import report
from tests.chaos.controls import CONTROLS
from tests.chaos.ledger import Json
from tests.chaos.oracle import judge
from tests.chaos.run import Order, load_and_harm, running
from tests.servers import ROOT

_log = logging.getLogger("chaos")
_TO_JUDGE = 900.0


def main(arguments: Sequence[str]) -> int:
    """0 all holds, 1 something does not (a sabotaged run always should), 2 wrong use."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # whoever ends this ends all it has started
    asked = _parser().parse_args(arguments)
    began = time.time()
    orders = _orders(asked)
    runs = [one(orders[0])] if len(orders) == 1 else together(orders, asked)
    path = report.write(asked.report, runs, time.time() - began)
    _log.info("%s", path.read_text(encoding="utf-8"))
    return 0 if all(run["holds"] for run in runs) else 1


def one(order: Order) -> Json:
    """One database, from empty to judged; its files are kept where something does not hold."""
    order = replace(order, folder=Path(tempfile.mkdtemp(prefix=f"chaos-{order.database}-")))
    _log.info("%s: %s events, %s faults, in %s", order.database, order.events, order.faults, order.folder)
    with running(order) as system:
        outcome = load_and_harm(system, order)
        _log.info("%s: load and faults done in %.0f s", order.database, outcome.load_seconds)
        verdict = judge(system, outcome)
    found = report.result(outcome, verdict)
    _log.info("%s: %s", order.database, "all holds" if found["holds"] else found["wrong"])
    if found["holds"]:
        shutil.rmtree(order.folder, ignore_errors=True)
    return found


def together(orders: Sequence[Order], asked: argparse.Namespace) -> list[Json]:
    """Both databases at the same time, each in a driver process of its own; they share nothing but the machine."""
    drivers = {order.database: _driver(order, asked) for order in orders}
    try:
        for database, driver in drivers.items():
            driver.wait(sum(order.limit_seconds for order in orders) + _TO_JUDGE)
            _log.info("%s: ended with %d", database, driver.returncode)
    finally:
        for driver in drivers.values():
            if driver.poll() is None:
                driver.terminate()
                driver.wait(60)
    return [json.loads((asked.report / name / report.NUMBERS).read_text("utf-8"))["runs"][0] for name in drivers]


def _driver(order: Order, asked: argparse.Namespace) -> "subprocess.Popen[bytes]":
    folder = (asked.report / order.database).resolve()
    (folder / report.NUMBERS).unlink(missing_ok=True)
    numbers = {
        "events": order.events,
        "faults": order.faults,
        "seed": order.seed,
        "seconds-a-fault": asked.seconds_a_fault,
    }
    argv = [sys.executable, "-m", "tests.chaos", "--databases", order.database, "--report", str(folder)]
    argv += [part for name, number in numbers.items() for part in (f"--{name}", str(number))]
    argv += ["--older", str(order.older)] if order.older else []
    return subprocess.Popen(argv, cwd=ROOT)


def _orders(asked: argparse.Namespace) -> list[Order]:
    databases = asked.databases.split(",")
    if asked.sabotage:
        return [replace(CONTROLS[asked.sabotage].order, database=databases[0], seed=asked.seed)]
    share, faults = asked.events // len(databases), asked.faults // len(databases)
    load = max(30.0, faults * asked.seconds_a_fault)
    return [
        Order(database, share, faults, asked.seed, Path(), load, limit_seconds=load * 2.5, older=asked.older)
        for database in databases
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--events", type=int, default=200_000, help="in all, over all databases")
    parser.add_argument("--faults", type=int, default=200, help="in all, over all databases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--seconds-a-fault", type=float, default=6.5, help="load and pace are laid out for it")
    parser.add_argument("--report", type=Path, default=Path("var/chaos"), help="folder for chaos.md and chaos.json")
    parser.add_argument(
        "--older", type=Path, help="PostgreSQL: a tree of an earlier version, for the second process of notifications"
    )
    parser.add_argument("--sabotage", choices=sorted(CONTROLS), help="take a guard away: the run must then fail")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

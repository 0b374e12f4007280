"""Starts one service as it is, with the driver's clock, a tally of effects and, for controls, a guard taken away."""

import importlib
import inspect
import os
import sys
from collections.abc import Callable
from typing import Any

from tests.chaos import sabotage, tally
from tests.chaos.clock import inherited
from tests.chaos.system import SABOTAGE


def main(service: str) -> None:
    """Everything else is the service's own: its settings, its composition root, its server."""
    clock = inherited()
    tally.install()
    for name in filter(None, os.environ.get(SABOTAGE, "").split(",")):
        sabotage.GUARDS[name]()
    entry: Any = importlib.import_module(f"services.{service}.__main__")
    entry.build = _with_clock(entry.build, clock)
    entry.main()


def _with_clock(build: Callable[..., Any], clock: Callable[[], Any]) -> Callable[..., Any]:
    """Reporting has no clock of its own: it asks nothing but the log."""
    takes_one = "clock" in inspect.signature(build).parameters
    return (lambda settings: build(settings, clock=clock)) if takes_one else build


if __name__ == "__main__":
    main(sys.argv[1])

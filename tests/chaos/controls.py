"""The negative controls as the driver knows them: which guard, a small run that shows it, and what must be found."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.chaos.run import Order

_SMALL = Order(
    "sqlite", 2000, 4, 1, Path(), load_seconds=10, coming=2, signups=10, limit_seconds=60, patience=0.1, short=True
)


@dataclass(frozen=True, slots=True)
class Control:
    """`finds` is a kind of wrong that the verdict must then hold; `why` says what is taken away."""

    order: Order
    finds: str
    why: str


def _control(name: str, finds: str, why: str, *only: str, rough: int = 15) -> Control:
    members = {field: getattr(_SMALL, field) for field in _SMALL.__dataclass_fields__}
    return Control(Order(**{**members, "sabotage": name, "only": only, "rough": rough}), finds, why)


CONTROLS: Final[Mapping[str, Control]] = {
    "inbox": _control("inbox", "doubled", "an event that was applied is applied again", "flushall", "redis-empty"),
    "compare": _control(
        "compare",
        "lost",
        "the relay sends without looking where the stream ends; consumers do not look into the log",
        "stray-entry",
    ),
    "acknowledge": _control(
        "acknowledge",
        "lost",
        "entries are acknowledged before they are applied; consumers do not look into the log",
        "kill-notifications",
        "kill-reporting",
    ),
    "doubt": _control(
        "doubt",
        "mail doubled",
        "a mail that was handed over without an answer counts as not sent",
        "kill-reporting",
        rough=200,
    ),
    "states": _control("states", "figure", "one state in 97 is not stored", "kill-reporting"),
    "list": _control("list", "lists", "one sign-up in three is left out of the lists", "kill-reporting"),
    "sums": _control("sums", "completeness", "one sign-up in five is not counted as due", "kill-reporting"),
    "copies": _control(
        "copies", "mail doubled", "what is in doubt is sent again without end", "kill-reporting", rough=300
    ),
}

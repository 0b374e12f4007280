"""Putting something else in the place of a part of this process; what is not there any more is an error."""

from collections.abc import Callable
from typing import Any


def replace(owner: Any, name: str, made_from: Callable[[Any], Any]) -> None:
    """`made_from` gets what was there, and returns what takes its place; AttributeError where there is nothing."""
    setattr(owner, name, made_from(getattr(owner, name)))

"""Where commands print: the terminal as wide as it is, a pipe or file as wide as a table needs."""

import sys

from rich.console import Console

PLAIN_WIDTH = 120
"""Columns where there is no terminal to ask."""


def console() -> Console:
    """A console for standard output as it is now."""
    return Console() if sys.stdout.isatty() else Console(width=PLAIN_WIDTH)

"""Which files belong to the product, for every test of form."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("services", "shared", "cli")
WITH_DOCSTRINGS = (*PRODUCT, "tests", "examples", "benchmarks")
SERVICES = ("registration", "notifications", "reporting")

_MADE = {"var", "build", "node_modules", "__pycache__"}
_OURS_THOUGH_HIDDEN = {".ci", ".github"}
_TEXT = {".py", ".md", ".toml", ".ini", ".cfg", ".yml", ".yaml", ".json", ".ndjson", ".csv", ".lock", ".txt", ".html"}
_TEXT |= {".css", ".js", ".svg", ".j2", ".mako", ".sh", ".conf", ""}


@cache
def every_file() -> tuple[Path, ...]:
    """All files of the repository, without what is made by running it (see .gitignore)."""
    return tuple(sorted(_walk()))


def _walk() -> Iterator[Path]:
    for folder, names, files in os.walk(ROOT):
        names[:] = [name for name in names if name not in _MADE and not name.endswith(".egg-info") and _visible(name)]
        yield from (Path(folder) / file for file in files if not file.startswith((".coverage", ".env")))


def _visible(folder: str) -> bool:
    """Hidden folders are those of tools: repository, environment, caches."""
    return not folder.startswith(".") or folder in _OURS_THOUGH_HIDDEN


@cache
def text_files() -> tuple[Path, ...]:
    """Every file that people read or programs parse as text."""
    return tuple(path for path in every_file() if path.suffix in _TEXT)


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Every Python file below these folders of the repository; all of them without an argument."""
    found = (path for path in every_file() if path.suffix == ".py")
    return tuple(path for path in found if not folders or path.relative_to(ROOT).parts[0] in folders)


def shown(path: Path) -> str:
    """A path as complaints write it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()

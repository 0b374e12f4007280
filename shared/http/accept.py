"""Which of the representations that a path has the caller takes (`Accept`, RFC 9110 section 12)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from starlette.requests import Request

from shared.errors import Refusal


class _Media(NamedTuple):
    """A media type or range, in lower case: `text/csv; dialect=excel-nl`."""

    name: str
    parameters: Mapping[str, str]


def refuse_unacceptable(request: Request, produced: Sequence[str]) -> None:
    """Refusal `not-acceptable` where the caller takes none of them; nothing produced or no `Accept` suits all."""
    accepted = ",".join(request.headers.getlist("accept"))
    if produced and accepted.strip() and not any(_likings(accepted, produced).values()):
        raise Refusal("not-acceptable", f"there is only {', '.join(produced)}")


def preferred(request: Request, produced: Sequence[str]) -> str:
    """Which of them the caller likes best; the first where several are as good, or nothing is said."""
    accepted = ",".join(request.headers.getlist("accept"))
    likings = _likings(accepted, produced)
    return max(produced, key=likings.__getitem__) if accepted.strip() else produced[0]


def _likings(accepted: str, produced: Sequence[str]) -> dict[str, float]:
    """How much the caller likes each; 0: not at all."""
    types = {one: _media(one) for one in produced}
    telling = {name for one in types.values() for name in one.parameters}
    ranges = [_media(part) for part in accepted.split(",")]
    return {one: _liking(ranges, types[one], telling) for one in produced}


def _liking(ranges: Sequence[_Media], produced: _Media, telling: set[str]) -> float:
    """The most specific range that covers the type decides; `q=0` means: not that one."""
    best, quality = 0, 0.0
    for found in ranges:
        rank = _rank(found, produced, telling)
        if rank > best:
            best, quality = rank, _quality(found.parameters.get("q", "1"))
    return quality


def _rank(found: _Media, produced: _Media, telling: set[str]) -> int:
    """How specific a range is for a type; 0: it does not cover it.

    A parameter by which no two of ours differ (`charset`) says nothing; one by which they do must be the same.
    """
    wanted = {name: value for name, value in found.parameters.items() if name in telling}
    if any(produced.parameters.get(name) != value for name, value in wanted.items()):
        return 0
    kind = produced.name.partition("/")[0]
    rank = {"*/*": 1, f"{kind}/*": 2, produced.name: 3}.get(found.name, 0)
    return rank and rank + len(wanted)


def _media(text: str) -> _Media:
    name, *parameters = text.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return _Media(
        name.strip().lower(), {key.strip().lower(): value.strip().strip('"').lower() for key, _, value in pairs}
    )


def _quality(value: str) -> float:
    """The weight of a range, from 0 to 1; 0 where it cannot be read."""
    try:
        return min(max(0.0, float(value)), 1.0)
    except ValueError:
        return 0.0

"""Which of the representations that a path has the caller takes (`Accept`, RFC 9110 section 12)."""

from collections.abc import Sequence

from starlette.requests import Request

from shared.errors import Refusal


def refuse_unacceptable(request: Request, produced: Sequence[str]) -> None:
    """Refusal `not-acceptable` where the caller takes none of them; nothing produced or no `Accept` suits all."""
    accepted = ",".join(request.headers.getlist("accept"))
    if produced and accepted.strip() and not any(_takes(accepted, one) for one in produced):
        raise Refusal("not-acceptable", f"there is only {', '.join(produced)}")


def preferred(request: Request, produced: Sequence[str]) -> str:
    """Which of them the caller likes best; the first where several are as good, or nothing is said."""
    accepted = ",".join(request.headers.getlist("accept"))
    return max(produced, key=lambda one: _liking(accepted, one)) if accepted.strip() else produced[0]


def _takes(accepted: str, produced: str) -> bool:
    return _liking(accepted, produced) > 0


def _liking(accepted: str, produced: str) -> float:
    """The most specific range that covers the type decides; `q=0` means: not that one."""
    kind = produced.partition("/")[0]
    ranks = {"*/*": 1, f"{kind}/*": 2, produced: 3}
    best, quality = 0, 0.0
    for part in accepted.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        rank = ranks.get(name, 0)
        if rank > best:
            best, quality = rank, _quality(parameters)
    return quality


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0

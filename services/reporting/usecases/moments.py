"""When an answer is the same as before: the question, the moment of the log, and the version of what we make of it."""

from collections.abc import Iterable

from sqlalchemy import Connection

from services.reporting.store.moments import moment_of

Moment = tuple[int | str, ...]


def moment(connection: Connection) -> Moment:
    """Equal moments give equal answers to equal questions; costs no look at a fact, however many there are."""
    return moment_of(connection)


def asked(parameters: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """A question as it is compared: the order of its parameters means nothing."""
    return tuple(sorted(parameters))

"""Nothing about people is shown before it is written down that it was asked for."""

from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from services.registration.api.readers import reader
from services.registration.domain.reads import Reader
from services.registration.usecases.audit import note_read
from shared.clock import Clock
from shared.database import transaction
from shared.errors import Refusal
from shared.http.keys import Caller


class ReadAudit:
    """Keeps a row for every read. Between reading and showing, so that what is refused leaves none.

    `in_turn` does the write when its turn has come, in this thread or another.
    """

    def __init__(self, engine: Engine, clock: Clock, in_turn: Callable[[Callable[[], None]], None]) -> None:
        self._engine, self._clock, self._in_turn = engine, clock, in_turn

    def note(self, caller: Caller, what: str, about: str | None, found: int) -> None:
        """On disk when this returns; Refusal `lock-timeout` if it cannot be written: then nothing may be shown."""
        try:
            self._in_turn(lambda: self._keep(reader(caller), what, about, found))
        except OperationalError as error:
            raise Refusal("lock-timeout", "the read could not be written down; ask again") from error

    def _keep(self, by: Reader, what: str, about: str | None, found: int) -> None:
        with transaction(self._engine) as connection:
            note_read(connection, by, what, about, found, self._clock())

"""What the stream no longer holds must not stay in the server's append-only file either (contract section 7)."""

import logging

from redis.exceptions import ResponseError

from services.registration.relay.stream import Stream

_TOGETHER = 100
"""Entries that a server keeps in one piece (`stream-node-max-entries`)."""
_log = logging.getLogger(__name__)


class Tidying:
    """Asks the server to write its file anew once an erasure is sealed, and once in the life of this process.

    The latter because a process may die between the two. A trim leaves the bytes of an entry in place as long as an
    entry in the same piece is unread; so it is asked when the stream is empty, or begins further on.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._owed: int | None = 0
        """The number up to which entries must be gone from the file; None: nothing is owed."""
        self._refused = False

    async def after_trim(self, lowest: int, sealed: int | None) -> None:
        """To be called after every trim: `lowest` is the first entry that may be left, `sealed` the last erasure."""
        if sealed is not None:
            self._owed = sealed
        if self._owed is None:
            return
        if (lowest > self._owed + _TOGETHER or await self._stream.empty()) and await self._asked():
            self._owed = None

    async def _asked(self) -> bool:
        """A server that refuses is not asked again for this erasure: it rewrites its file by itself, some day."""
        try:
            return await self._stream.rewrite_files()
        except ResponseError as error:
            if not self._refused:
                fields = {"error": type(error).__name__}
                _log.warning("redis does not rewrite its append-only file when asked to", extra={"fields": fields})
            self._refused = True
            return True

"""What the stream no longer holds must not stay in the server's append-only file either (contract section 7)."""

import logging

from redis.exceptions import ResponseError

from services.registration.relay.stream import Stream

_log = logging.getLogger(__name__)


class Tidying:
    """Asks the server to write its file anew once an erasure is sealed, and once in the life of this process.

    The latter because a process may die between the two. A trim leaves the bytes of an entry in place as long as an
    entry beside it is unread; so it is asked when the stream is empty, or at the trim after.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._owed, self._waited, self._refused = True, False, False

    async def after_trim(self, *, sealed: bool) -> None:
        """To be called after every trim."""
        if sealed:
            self._owed, self._waited = True, False
        if not self._owed:
            return
        if self._waited or await self._stream.empty():
            self._owed = not await self._asked()
        self._waited = True

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

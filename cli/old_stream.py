"""At a restore: what Redis still holds is of another history than the restored log, and goes."""

import shutil
from collections.abc import Mapping

from redis import Redis
from redis.exceptions import RedisError

from cli.data_folder import DataFolder
from cli.embedded_redis import APPEND_ONLY
from cli.errors import Complaint
from shared.events.streams import STREAM

_SECONDS = 5.0


def forget_stream(folder: DataFolder, environ: Mapping[str, str], *, leave_alone: bool) -> None:
    """Delete the stream, or the files of the embedded Redis; the relay fills it again from the log.

    Complains where the given Redis does not answer: it may come back with events that never were.
    """
    url = environ.get("KOMERBIJ_REDIS_URL")
    if leave_alone:
        return
    if not url:
        shutil.rmtree(folder.path / APPEND_ONLY, ignore_errors=True)
        return
    try:
        with Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS) as client:
            client.delete(STREAM)
    except (RedisError, OSError, ValueError) as error:
        raise Complaint(
            f"Redis does not answer at KOMERBIJ_REDIS_URL ({type(error).__name__}); what it holds may be ahead of the"
            " backup. Start it, or --without-redis if it is empty or gone for good. Nothing was changed."
        ) from None

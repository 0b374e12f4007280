"""How FastStream sees a stream entry: not at all; our own reader parses the raw bytes (traps T6 to T9)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Union

import orjson
from faststream.redis.parser import MessageFormat

from shared.events.streams import FIELD

if TYPE_CHECKING:
    from fast_depends.library.serializer import SerializerProto
    from faststream._internal.basic_types import SendableMessage
    from faststream._internal.parser import CodecProto

_FIELD = FIELD.encode()


class Entry(NamedTuple):
    """One raw stream entry: its id (`<sequence>-0` when it is ours) and the bytes of its one field."""

    stream_id: str
    body: bytes


def entry(stream_id: bytes, fields: Mapping[bytes, bytes]) -> Entry:
    """A raw entry; one without our field keeps what it has, so that a dead letter can show it."""
    body = fields.get(_FIELD)
    if body is None:
        body = orjson.dumps({repr(name): repr(value) for name, value in fields.items()})
    return Entry(stream_id.decode("ascii", "replace"), body)


class CloudEventJSON(MessageFormat):
    """Total: no bytes can make it fail, so that one bad entry never hides the good ones of its batch."""

    @classmethod
    async def encode(
        cls,
        *,
        message: Union[Sequence["SendableMessage"], "SendableMessage"],
        reply_to: str | None,
        headers: dict[str, Any] | None,
        correlation_id: str,
        serializer: "SerializerProto | None" = None,
        codec: "CodecProto | None" = None,
    ) -> bytes:
        """The structured CloudEvent as it is; consumers publish nothing, tests do."""
        return message if isinstance(message, bytes) else orjson.dumps(message)

    @classmethod
    def parse(cls, data: bytes) -> tuple[bytes, dict[str, Any]]:
        """Nothing for FastStream to decode: the handler takes the raw entries."""
        return b"null", {}

"""Bodies that should hurt: what each is called, its bytes, and how it should be refused."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import orjson

from tests.factories import Json, activity

MIB = 1024 * 1024
TOO_MUCH = (400, 413)
"""Wrong and too large at once: either is right."""
LONG = "x" * MIB


@dataclass(frozen=True)
class Attack:
    """`body` makes the bytes from an honest event or body; `chunked`: sent without Content-Length."""

    name: str
    body: Callable[[Json], bytes]
    status: tuple[int, ...] = (400,)
    headers: dict[str, str] = field(default_factory=dict)
    chunked: bool = False

    def content(self, honest: Json) -> bytes | Iterator[bytes]:
        """What is sent."""
        whole = self.body(honest)
        return pieces(whole) if self.chunked else whole


def pieces(whole: bytes, size: int = 64 * 1024) -> Iterator[bytes]:
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def with_member(raw: bytes) -> Callable[[Json], bytes]:
    """The honest body with one member more, as it is written here."""
    return lambda honest: orjson.dumps(honest)[:-1] + b"," + raw + b"}"


def with_value(**members: object) -> Callable[[Json], bytes]:
    return lambda honest: orjson.dumps({**honest, **members})


def encoded(encoding: str, how: Callable[[bytes], bytes]) -> Attack:
    """A thousand times smaller on the wire than inside."""
    return Attack(f"a bomb in {encoding}", lambda _: bomb(how), (415,), {"Content-Encoding": encoding})


@cache
def bomb(how: Callable[[bytes], bytes]) -> bytes:
    return how(b" " * 50 * MIB)


def nested(opening: bytes, closing: bytes, levels: int) -> Callable[[Json], bytes]:
    return with_member(b'"deep":' + opening * levels + b"1" + closing * levels)


def deflated(raw: bytes) -> bytes:
    return zlib.compress(raw)


ON_ANY_BODY = [
    Attack("9 MiB with their length", lambda _: b" " * 9 * MIB, (413,)),
    Attack("9 MiB without their length", lambda _: b" " * 9 * MIB, (413,), chunked=True),
    Attack("arrays 1,000 deep", nested(b"[", b"]", 1000)),
    Attack("arrays 100,000 deep", nested(b"[", b"]", 100_000)),
    Attack("objects 1,000 deep", nested(b'{"a":', b"}", 1000)),
    Attack("objects 100,000 deep", nested(b'{"a":', b"}", 100_000)),
    Attack("arrays that never close", lambda _: b"[" * 900_000, TOO_MUCH),
    encoded("gzip", gzip.compress),
    encoded("deflate", deflated),
    Attack("an unknown encoding", orjson.dumps, (415,), {"Content-Encoding": "br"}),
    Attack("Latin 1", lambda _: '{"title":"Café"}'.encode("latin-1")),
    Attack("UTF-16", lambda honest: orjson.dumps(honest).decode().encode("utf-16")),
    Attack("UTF-32", lambda honest: orjson.dumps(honest).decode().encode("utf-32")),
    Attack("UTF-8 with a mark", lambda honest: b"\xef\xbb\xbf" + orjson.dumps(honest)),
    Attack("an overlong slash", with_member(b'"a":"\xc0\xaf"')),
    Attack("a surrogate as bytes", with_member(b'"a":"\xed\xa0\x80"')),
    Attack("half a surrogate pair", with_member(rb'"a":"\ud800"')),
    Attack("half a surrogate pair as a name", with_member(rb'"\udfff":1')),
    *(Attack(word, with_member(b'"a":' + word.encode())) for word in ("NaN", "Infinity", "-Infinity", "nan")),
    Attack("a member twice", with_member(b'"a":1,"a":1')),
    Attack("a member twice, inside", with_member(b'"a":[{"b":[{"c":1,"c":2}]}]')),
    Attack("a member twice, in another spelling", with_member(rb'"a":1,"\u0061":1')),
    Attack("a number of 1,000,000 digits", with_member(b'"a":' + b"9" * 900_000)),
    Attack("a number beyond all numbers", with_member(b'"a":1e99999')),
    Attack("a fraction of 900,000 digits", with_member(b'"a":0.' + b"1" * 900_000)),
    Attack("a member name of 1 MB", with_member(b'"' + b"a" * 1_000_000 + b'":1')),
    Attack("a text of 1 MB", with_member(b'"a":"' + b"a" * 1_000_000 + b'"')),
    Attack("a text of 1 MB of escapes", with_member(b'"a":"' + rb"\u0001" * 170_000 + b'"')),
    Attack("80,000 members", with_member(b",".join(b'"a%d":1' % number for number in range(80_000)))),
    Attack("300,000 values", with_member(b'"a":[' + b"{}," * 300_000 + b"1]"), TOO_MUCH),
    Attack("no JSON at all", lambda _: bytes(range(256)) * 1000),
]
"""For whatever reads JSON; an honest body with something added is refused for what was added."""


def event(**changes: object) -> Callable[[Json], bytes]:
    """The honest event, with members of its data changed."""
    return lambda honest: orjson.dumps({**honest, "data": {**honest["data"], **changes}})


ON_AN_EVENT = [
    *(Attack(f"1 MB as {name}", with_value(**{name: LONG})) for name in ("id", "source", "type", "time", "subject")),
    Attack("1 MB as an extension", with_value(extension=LONG)),
    Attack("1 MB as an extension's name", with_value(**{LONG: 1})),
    *(
        Attack(f"1 MB as {name}", event(**{name: LONG}))
        for name in ("title", "description", "startsAt", "kind", "activityId")
    ),
    Attack("1 MB as a member of data", event(**{LONG: 1})),
    Attack("an id of 1 MB of control characters", with_value(id="\x01" * MIB)),
    Attack("a capacity of 100,000 digits", lambda _: number_as_capacity(b"9" * 100_000)),
    Attack("a capacity beyond all numbers", lambda _: number_as_capacity(b"1e400")),
    Attack("8 MiB of members", lambda _: padded(b",".join(b'"e%d":1' % number for number in range(700_000))), TOO_MUCH),
    Attack(
        "8 MiB of extensions", lambda _: padded(b",".join(b'"x%d":"y"' % number for number in range(500_000))), TOO_MUCH
    ),
    Attack(
        "8 MiB of faults in data",
        lambda _: padded(b'"data":{' + b",".join(b'"q%d":1' % n for n in range(600_000)) + b"}"),
        TOO_MUCH,
    ),
]


def number_as_capacity(digits: bytes) -> bytes:
    raw = orjson.dumps(activity(capacity=7))
    return raw.replace(b'"capacity":7', b'"capacity":' + digits)


def padded(members: bytes) -> bytes:
    """As much of these members as 8 MiB hold."""
    whole = b'{"specversion":"1.0",' + members
    return whole[: 8 * MIB - 100].rpartition(b",")[0] + (b"}}" if b'"data":{' in members else b"}")


ON_A_BATCH = [
    Attack("5,001 events", lambda honest: b"[" + b",".join([orjson.dumps(honest)] * 5001) + b"]", (413,)),
    Attack("8 MiB of empty objects", lambda _: b"[" + b"{}," * (8 * MIB // 3 - 10) + b"{}]", (413,)),
    Attack("8 MiB of empty arrays", lambda _: b"[" + b"[]," * (8 * MIB // 3 - 10) + b"[]]", (413,)),
    Attack("8 MiB of numbers", lambda _: b"[" + b"1," * (4 * MIB - 10) + b"1]", (413,)),
    Attack("8 MiB in one array in an array", lambda _: b"[[" + b"{}," * (8 * MIB // 3 - 10) + b"{}]]", TOO_MUCH),
]

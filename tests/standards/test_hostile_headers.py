"""Headers that should hurt or mislead: long ones, thousands of them, doubled ones, raw bytes, lengths that lie."""

import socket
from collections.abc import Iterator

import orjson
import pytest

from tests.factories import activity
from tests.servers import ADMIN_KEY, System
from tests.standards.attacks import LONG
from tests.standards.rings import SERVICES, Ring
from tests.standards.visitors import Visitor, binary

QUOTED = '"' + r"\a" * 500_000 + '"'


@pytest.fixture
def address(registration_process: System) -> tuple[str, int]:
    """Where the service listens."""
    return "127.0.0.1", registration_process.ports["registration"]


@pytest.mark.parametrize("value", [LONG, "%41" * 350_000, "%" * 500_000, QUOTED], ids=["x", "percent", "%", "quoted"])
def test_an_attribute_of_1_mb_in_a_header_is_refused_at_its_place(visitor: Visitor, value: str) -> None:
    headers, body = binary(activity())
    answer = visitor.send(body, {**headers, "ce-extension": value})
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (400, ["/extension"])
    assert len(answer.content) < 10_000


def test_two_thousand_attributes_in_headers_are_refused(visitor: Visitor) -> None:
    headers, body = binary(activity())
    answer = visitor.send(body, {**headers, **{f"ce-extension{number}": "x" * 20 for number in range(2000)}})
    assert answer.status_code in (400, 413, 431)
    assert len(answer.content) < 64 * 1024


def test_an_attribute_that_comes_in_two_headers_is_refused_and_not_chosen(visitor: Visitor) -> None:
    headers, body = binary(activity(event_id="a"))
    both = [*headers.items(), ("ce-id", "b"), *visitor.key.items()]
    answer = visitor.http.post("/v1/events", content=body, headers=both)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/id")


def test_a_raw_letter_in_a_header_is_refused_and_not_misread(visitor: Visitor, address: tuple[str, int]) -> None:
    headers, body = binary(activity())
    lines = [f"{name}: {value}" for name, value in {**headers, **visitor.key, "ce-place": "Enschedé"}.items()]
    answer = raw(address, "POST /v1/events", lines, body)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b'"/place"' in answer


def raw(address: tuple[str, int], start: str, lines: list[str], body: bytes, length: str | None = None) -> bytes:
    """A request byte by byte as no library would send it; the first of the answer."""
    said = [*lines, "Host: localhost", "Connection: close", f"Content-Length: {length or len(body)}"]
    with socket.create_connection(address, timeout=10) as connection:
        head = "\r\n".join([f"{start} HTTP/1.1", *said, "", ""])
        connection.sendall(head.encode() + body)
        return b"".join(received(connection))


def received(connection: socket.socket) -> Iterator[bytes]:
    while part := connection.recv(64 * 1024):
        yield part


@pytest.mark.parametrize("length", ["1000000000000000", "9" * 18])
def test_a_length_that_nobody_could_send_is_refused_before_anything_comes(
    address: tuple[str, int], length: str
) -> None:
    lines = [f"Authorization: Bearer {ADMIN_KEY}", "Content-Type: application/json"]
    answer = raw(address, "POST /v1/keys", lines, b"{}", length)
    assert answer.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("length", ["-1", "1" + "0" * 30, "two", "2, 3"])
def test_a_length_that_is_none_is_400(address: tuple[str, int], length: str) -> None:
    lines = [f"Authorization: Bearer {ADMIN_KEY}", "Content-Type: application/json"]
    assert raw(address, "POST /v1/keys", lines, b"{}", length).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Accept": "a/b;q=0.1," * 100_000}, 406),
        ({"Authorization": f"Bearer {LONG}"}, 401),
        ({"Authorization": "Bearer " + "a b " * 100_000 + "a"}, 401),
        ({"Content-Type": "x" * 500_000}, 200),
        ({"Cookie": LONG, "X-Forwarded-For": "1," * 100_000}, 200),
    ],
    ids=["accept", "key", "key of words", "content type", "others"],
)
def test_a_long_header_changes_nothing(rings: dict[str, Ring], name: str, headers: dict[str, str], status: int) -> None:
    answer = rings[name].http.get("/v1/keys", headers=headers)
    assert answer.status_code == status
    assert rings[name].document.faults(answer) == []
    assert status == 200 or len(answer.content) < 10_000


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("query", ["x=1&" * 15_000, "x=" + "a" * 60_000, "%ff=%00&%=&&&==", "x[]=1&x=1", ";;;"])
def test_a_query_of_nonsense_is_400_on_every_service(rings: dict[str, Ring], name: str, query: str) -> None:
    answer = rings[name].http.get(f"/v1/keys?{query}")
    assert answer.status_code == 400
    assert rings[name].document.problem_faults(answer.json()) == []
    assert len(orjson.dumps(answer.json())) < 64 * 1024

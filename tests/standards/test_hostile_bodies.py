"""Bodies that should hurt, on every operation with a body: refused as documented, at once, with memory flat."""

import itertools
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import psutil
import pytest

from tests.architecture.test_documents import shape
from tests.factories import Json, activity
from tests.servers import System
from tests.standards.attacks import MIB, ON_A_BATCH, ON_AN_EVENT, ON_ANY_BODY, Attack, pieces
from tests.standards.documented import Operation
from tests.standards.rings import SERVICES, Ring
from tests.standards.visitors import BATCH, NDJSON, STRUCTURED, Visitor, in_header

AT_MOST = 64 * MIB
"""Of memory, at any moment beyond what the process had before the first attack of all."""
CPU_AT_MOST = 3.0
"""Seconds of the server's processor. All take far less than one; what hangs or grows by the square takes far more."""
LONGEST_ANSWER = 64 * 1024
_numbers = itertools.count(1)
_log = logging.getLogger(__name__)


@dataclass
class Watch:
    """A server process, looked at every few milliseconds while a block runs; memory in bytes, `cpu` in seconds."""

    process: psutil.Process
    before: int
    peak: int = 0
    cpu: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def growth(self) -> int:
        """Since before the first attack of all, at its highest during the last block."""
        return self.peak - self.before

    @contextmanager
    def measuring(self) -> Iterator[None]:
        used = sum(self.process.cpu_times()[:2])
        self.peak = self.process.memory_info().rss
        self._over.clear()
        looker = threading.Thread(target=self._look)
        looker.start()
        try:
            yield
        finally:
            self._over.set()
            looker.join()
            self.cpu = sum(self.process.cpu_times()[:2]) - used
            self.peak = max(self.peak, self.process.memory_info().rss)

    def _look(self) -> None:
        while not self._over.is_set():
            self.peak = max(self.peak, self.process.memory_info().rss)
            time.sleep(0.003)


def watch(system: System, name: str) -> Watch:
    """The process that serves, by the data folder that no other test's process has."""
    found = [child for child in psutil.Process().children() if f"services.{name}" in child.cmdline()]
    (mine,) = [child for child in found if child.environ()["KOMERBIJ_DATA"] == str(system.folder)]
    return Watch(mine, mine.memory_info().rss)


@pytest.fixture(scope="module")
def watches(three: System, rings: dict[str, Ring]) -> dict[str, Watch]:
    """By service, each after an honest batch and a look at its document."""
    honest = orjson.dumps([activity(f"warm-{number}", partnerid="matrix") for number in range(2000)])
    assert rings["registration"].http.post("/v1/events", content=honest, headers={"Content-Type": BATCH}).is_success
    return {name: watch(three, name) for name in SERVICES}


@pytest.fixture
def visitor(rings: dict[str, Ring]) -> Visitor:
    """A new partner at the registration that is attacked."""
    return Visitor.arrive(rings["registration"].http, f"attacker-{next(_numbers)}", "")


HONEST: dict[str, Json] = {
    "PUT /v1/partners/{}": {"name": "A", "kind": "partner", "municipality": "GM0141", "joinedOn": "2019-05-01"},
    "POST /v1/keys": {"label": "hostile", "scopes": ["messages:read"], "partnerId": "matrix"},
    "POST /v1/contacts/lookup": {"contacts": []},
    "POST /v1/rebuilds": {"replace": False},
    "PUT /v1/external-figures/{}": {
        "label": {"nl": "a", "en": "a"},
        "value": 1,
        "unit": "percent",
        "year": 2023,
        "source": "a",
        "instrument": "a",
    },
    "POST /v1/publications": {"period": "2025"},
    "POST /v1/messages/{}/outcome": {"outcome": "spoken"},
    "POST /v1/messages/{}/receipt": {"outcome": "delivered"},
}

PASSES_OVER = {"POST /v1/messages/{}/receipt"}
"""What providers add is passed over unread: then nothing is wrong with the body, and no such message is there."""


def with_bodies(ring: Ring) -> list[Operation]:
    """Those that take JSON; the form of `/v1/unsubscribe` is attacked in its own tests."""
    taken = [one for one in ring.document.operations() if one.bodies and one.path != "/v1/events"]
    return [one for one in taken if "application/json" in one.bodies]


def kept(ring: Ring, watch: Watch, attack: Attack, path: str, method: str, headers: Json, honest: Json) -> None:
    """Attack, and see that it is refused as it should be, quickly and in little room."""
    content: Any = attack.content(honest)
    with watch.measuring():
        answer = ring.http.request(method, path, content=content, headers={**headers, **attack.headers})
    size = len(answer.content)
    _log.info("%s %s: %s in %.2f s, %+.1f MiB", path, attack.name, answer.status_code, watch.cpu, watch.growth / MIB)
    assert answer.status_code in attack.status, (attack.name, path, answer.text[:500])
    assert ring.document.faults(answer) == []
    assert size < LONGEST_ANSWER, f"{attack.name}: the answer has {size} bytes"
    assert watch.cpu < CPU_AT_MOST, attack.name
    assert watch.growth < AT_MOST, f"{attack.name}: {watch.growth / MIB:.0f} MiB more"


def test_every_operation_with_a_body_is_attacked(rings: dict[str, Ring]) -> None:
    found = {shape(one.name) for ring in rings.values() for one in with_bodies(ring)}
    assert found == set(HONEST)


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("attack", ON_ANY_BODY, ids=lambda attack: attack.name)
def test_a_hostile_json_body_is_refused(
    rings: dict[str, Ring], watches: dict[str, Watch], attack: Attack, name: str
) -> None:
    for operation in with_bodies(rings[name]):
        honest, headers = HONEST[shape(operation.name)], {"Content-Type": "application/json"}
        if shape(operation.name) in PASSES_OVER:
            attack = replace(attack, status=(*attack.status, 404))
        kept(rings[name], watches[name], attack, operation.at(), operation.method, headers, honest)


@pytest.mark.parametrize("attack", [*ON_ANY_BODY, *ON_AN_EVENT], ids=lambda attack: attack.name)
def test_a_hostile_structured_event_is_refused(
    rings: dict[str, Ring], watches: dict[str, Watch], visitor: Visitor, attack: Attack
) -> None:
    headers = {**visitor.key, "Content-Type": STRUCTURED}
    kept(rings["registration"], watches["registration"], attack, "/v1/events", "post", headers, activity())


@pytest.mark.parametrize("attack", ON_ANY_BODY, ids=lambda attack: attack.name)
def test_a_hostile_binary_event_is_refused(
    rings: dict[str, Ring], watches: dict[str, Watch], visitor: Visitor, attack: Attack
) -> None:
    event = activity()
    attributes = {f"ce-{name}": in_header(value) for name, value in event.items() if isinstance(value, str)}
    headers = {**visitor.key, **attributes, "Content-Type": "application/json"}
    kept(rings["registration"], watches["registration"], attack, "/v1/events", "post", headers, event["data"])


@pytest.mark.parametrize("attack", [*ON_ANY_BODY, *ON_A_BATCH], ids=lambda attack: attack.name)
def test_a_hostile_batch_is_refused(
    rings: dict[str, Ring], watches: dict[str, Watch], visitor: Visitor, attack: Attack
) -> None:
    """Where the body is one honest event with something added, it stands in an array."""
    headers = {**visitor.key, "Content-Type": BATCH}
    kept(rings["registration"], watches["registration"], attack, "/v1/events", "post", headers, activity())


def stream(visitor: Visitor, watch: Watch, body: Iterator[bytes]) -> list[Json]:
    """The result lines of an NDJSON post; memory is looked at meanwhile."""
    headers = {**visitor.key, "Content-Type": NDJSON}
    with watch.measuring():
        answer = visitor.http.post("/v1/events", content=body, headers=headers)
    _log.info("NDJSON: %s in %.2f s, %+.1f MiB", answer.status_code, watch.cpu, watch.growth / MIB)
    assert answer.status_code == 200, answer.text
    assert watch.growth < AT_MOST
    return [orjson.loads(line) for line in answer.content.splitlines()]


def test_a_line_of_50_mb_is_one_refusal_and_harms_no_other(watches: dict[str, Watch], visitor: Visitor) -> None:
    def body() -> Iterator[bytes]:
        yield orjson.dumps(activity("before")) + b"\n"
        for _ in range(50):
            yield b"x" * MIB
        yield b"\n" + orjson.dumps(activity("after")) + b"\n"

    first, huge, last, summary = stream(visitor, watches["registration"], body())
    assert [one["outcome"] for one in (first, huge, last)] == ["accepted", "rejected", "accepted"]
    assert huge["problem"]["code"] == "too-large"
    assert summary["summary"]["received"] == 3
    assert watches["registration"].cpu < CPU_AT_MOST


def test_a_line_of_50_mb_that_never_ends_is_one_refusal(watches: dict[str, Watch], visitor: Visitor) -> None:
    *results, summary = stream(visitor, watches["registration"], iter([b"{" * MIB] * 50))
    assert [one["problem"]["code"] for one in results] == ["too-large"]
    assert summary["summary"]["received"] == 1
    assert watches["registration"].cpu < CPU_AT_MOST


@pytest.mark.parametrize("empty", [b"\n", b"\r\n", b" \t\n"], ids=["nothing", "carriage returns", "blanks"])
def test_a_million_empty_lines_are_no_events(watches: dict[str, Watch], visitor: Visitor, empty: bytes) -> None:
    (summary,) = stream(visitor, watches["registration"], pieces(empty * 1_000_000))
    assert summary["summary"]["received"] == 0
    assert watches["registration"].cpu < CPU_AT_MOST


def test_twenty_thousand_lines_that_are_no_events_are_so_many_refusals(
    watches: dict[str, Watch], visitor: Visitor
) -> None:
    *results, summary = stream(visitor, watches["registration"], pieces(b"{}\n" * 20_000))
    assert {one["outcome"] for one in results} == {"rejected"}
    assert summary["summary"]["rejected"] == len(results) == 20_000


@pytest.mark.parametrize("attack", [*ON_ANY_BODY, *ON_AN_EVENT], ids=lambda attack: attack.name)
def test_a_hostile_line_is_one_refusal_and_harms_no_other(
    watches: dict[str, Watch], visitor: Visitor, attack: Attack
) -> None:
    if attack.status == (415,):
        answer = visitor.send(attack.body(activity()), {"Content-Type": NDJSON, **attack.headers})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
        return
    hostile = attack.body(activity()).replace(b"\n", b" ")
    lines = b"\n".join([orjson.dumps(activity("before")), hostile, orjson.dumps(activity("after"))])
    *results, _summary = stream(visitor, watches["registration"], pieces(lines))
    outcomes = [one["outcome"] for one in results]
    refused = [] if not hostile.strip() and len(hostile) < 256 * 1024 else ["rejected"]
    assert outcomes == ["accepted", *refused, "accepted"], results
    assert all(len(orjson.dumps(one)) < LONGEST_ANSWER for one in results)
    assert watches["registration"].cpu < CPU_AT_MOST


def test_the_watch_sees_memory_that_is_gone_again_and_work_that_was_done() -> None:
    """What all of the above leans on: a process that takes 200 MiB for a moment, and works for it."""
    script = "input(); b = bytearray(200 << 20); sum(b[: 40 << 20]); del b; print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        process = psutil.Process(child.pid)
        seen = Watch(process, process.memory_info().rss)
        with seen.measuring():
            child.stdin.write(b"\n")
            child.stdin.flush()
            child.stdout.readline()
        child.stdin.write(b"\n")
    assert seen.growth > 2 * AT_MOST
    assert seen.cpu > 0.1


def test_after_all_of_this_every_service_answers_and_has_not_grown(
    rings: dict[str, Ring], watches: dict[str, Watch], visitor: Visitor
) -> None:
    assert visitor.post(activity()).status_code == 201
    for name, ring in rings.items():
        assert ring.http.get("/health/live").status_code == 200
        assert watches[name].process.memory_info().rss - watches[name].before < AT_MOST

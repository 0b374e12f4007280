"""Keys on all three services: gone at once when deleted, good for one service, and never stored."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import orjson
import pytest

from shared.http.keys import hashed
from tests.factories import activity
from tests.servers import ADMIN_KEY, SERVICE_KEY, System, eventually
from tests.standards.rings import MINE, SERVICES, Ring, seen
from tests.standards.visitors import NDJSON


@pytest.mark.parametrize("name", SERVICES)
def test_a_deleted_key_opens_nothing_from_that_moment_on(rings: dict[str, Ring], name: str) -> None:
    mine = rings[name]
    for operation in (
        one for one in mine.document.operations() if one.scopes is not None and "service" not in one.scopes
    ):
        scope = min(operation.scopes or {"admin"})
        key_id, key = mine.make(scope)
        assert seen(mine.ask(operation, f"Bearer {key}", partnerId=MINE, partner_id=MINE)) == "in", operation.name
        assert mine.http.delete(f"/v1/keys/{key_id}").status_code == 204
        assert mine.ask(operation, f"Bearer {key}", partnerId=MINE, partner_id=MINE).status_code == 401


def test_a_key_of_one_service_opens_nothing_at_another(rings: dict[str, Ring]) -> None:
    _, key = rings["registration"].make("admin", partner_id=None)
    for name in ("notifications", "reporting"):
        answer = rings[name].http.get("/v1/keys", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 401


def test_a_key_that_is_deleted_while_its_request_is_under_way_ends_after_it(rings: dict[str, Ring]) -> None:
    """The request had come in: what it told is decided. The next one is not let in."""
    mine = rings["registration"]
    key_id, key = mine.make("events:write")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": NDJSON}

    def body() -> Iterator[bytes]:
        yield orjson.dumps(activity("before")) + b"\n"
        eventually(lambda: used(mine, key_id), what="the request has come in")
        assert mine.http.delete(f"/v1/keys/{key_id}").status_code == 204
        yield orjson.dumps(activity("after")) + b"\n"

    with httpx.Client(base_url=mine.http.base_url, timeout=60) as partner:
        answer = partner.post("/v1/events", content=body(), headers=headers)
        *results, last = (orjson.loads(line) for line in answer.content.splitlines())
        assert [one["outcome"] for one in results] == ["accepted", "accepted"]
        assert last["summary"]["accepted"] == 2
        assert partner.post("/v1/events", content=b"{}\n", headers=headers).status_code == 401


def used(ring: Ring, key_id: str) -> bool:
    return any(one["keyId"] == key_id and one["lastUsedAt"] for one in ring.http.get("/v1/keys").json()["items"])


@pytest.mark.parametrize("name", SERVICES)
def test_of_a_key_only_a_hash_is_stored(rings: dict[str, Ring], three: System, name: str) -> None:
    _, key = rings[name].make("messages:read")
    assert rings[name].http.get("/v1/keys", headers={"Authorization": f"Bearer {key}"}).status_code == 403
    kept = b"".join(path.read_bytes() for path in files_of(three, name))
    assert hashed(key).encode() in kept, "the database was looked at"
    for secret in (key, ADMIN_KEY, SERVICE_KEY):
        assert secret.encode() not in kept


def files_of(system: System, name: str) -> list[Path]:
    """The database with its log, and what the process said."""
    return sorted(path for path in system.folder.iterdir() if re.match(rf"{name}\.(db|log)", path.name))

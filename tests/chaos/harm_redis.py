"""Harm to Redis and to the stream in it."""

import contextlib
import json
import time
import uuid
from typing import Any

import redis

from tests.chaos.scene import Scene
from tests.chaos.stores import CONSUMERS

STREAM = "meedoen.events"
FIELD = "__data__"


def kill_redis(scene: Scene) -> str:
    """kill -9; what was on disk comes back."""
    scene.system.redis.kill()
    scene.wait(0.1, 2)
    scene.system.redis.start()
    return "kill -9 of Redis, started with its data"


def empty_restart(scene: Scene) -> str:
    """A new server in the old one's place."""
    scene.system.redis.kill()
    scene.system.redis.forget_everything()
    scene.wait(0, 1)
    scene.system.redis.start()
    return "Redis started empty"


def flushall(scene: Scene) -> str:
    """Everything gone, in a moment."""
    with scene.system.redis.client() as client:
        client.flushall()
    return "FLUSHALL"


def del_stream(scene: Scene) -> str:
    """The stream gone, and the groups with it."""
    with scene.system.redis.client() as client:
        client.delete(STREAM)
    return "DEL of the stream"


def wrong_type(scene: Scene) -> str:
    """Somebody else's key under our name."""
    with scene.system.redis.client() as client:
        client.set(STREAM, "somebody else's")
    return "the stream's key is a string"


def lost_tail(scene: Scene) -> str:
    """A copy of some seconds ago takes the stream's place, as after a fail-over; posting goes on."""
    with scene.system.redis.client() as client:
        copy: Any = client.dump(STREAM)
        seconds = scene.wait(0.3, 3)
        if copy is None:
            client.delete(STREAM)
        else:
            client.restore(STREAM, 0, copy, replace=True)
    return f"the last {seconds:.1f} s of the stream lost"


def stray_entry(scene: Scene) -> str:
    """An id of its own, far above all of ours: every later one of ours would be refused."""
    with scene.system.redis.client() as client, contextlib.suppress(redis.ResponseError):
        found: Any = client.xadd(STREAM, {FIELD: b'{"by": "somebody else"}'})
        scene.injected.add(found.decode())
    return "XADD *"


def forged_entry(scene: Scene) -> str:
    """A copy of a real event under the number that comes next."""

    def body(number: int, client: "redis.Redis") -> dict[str, bytes]:
        entries: Any = client.xrevrange(STREAM, count=20)
        kept = [fields[FIELD.encode()] for _, fields in entries if FIELD.encode() in fields]
        try:
            event = json.loads(scene.dice.choice(kept)) if kept else {"id": "nobody"}
        except ValueError:
            event = {"id": "nobody"}
        event |= {"id": str(uuid.uuid4()), "sequence": str(number)}
        scene.forged_ids.add(event["id"])
        return {FIELD: json.dumps(event).encode()}

    return _next_id(scene, body, "a copy of an event under the next number")


def garbage_entry(scene: Scene) -> str:
    """What nobody can read, under the number that comes next."""
    bodies: tuple[dict[str, bytes], ...] = (
        {FIELD: b"\xff\xfe\x00 no JSON"},
        {FIELD: b'{"specversion": "1.0", "id": 7}'},
        {"elsewhere": b"{}"},
        {FIELD: b""},
    )
    chosen = scene.dice.choice(bodies)
    return _next_id(scene, lambda _number, _client: chosen, "garbage under the next number")


def _next_id(scene: Scene, body: Any, what: str) -> str:
    """The relay may be faster; then try the next number."""
    with scene.system.redis.client() as client:
        for _ in range(20):
            with contextlib.suppress(redis.ResponseError):
                info: Any = client.xinfo_stream(STREAM)
                number = int(info["last-generated-id"].partition(b"-")[0]) + 1
                client.xadd(STREAM, body(number, client), id=f"{number}-0")
                scene.injected.add(f"{number}-0")
                return what
            time.sleep(0.01)
    return f"{what}: the relay was faster"


def group_destroyed(scene: Scene) -> str:
    """One consumer's place in the stream is gone."""
    group = scene.dice.choice(CONSUMERS)
    with scene.system.redis.client() as client, contextlib.suppress(redis.ResponseError):
        client.xgroup_destroy(STREAM, group)
    return f"the group {group} destroyed"


def unread_deleted(scene: Scene) -> str:
    """XDEL of an entry that a consumer has not read yet."""
    group = scene.dice.choice(CONSUMERS)
    link = f"{group}-redis"
    scene.system.proxy.order("hole", link)
    time.sleep(1.2)
    deleted = 0
    with scene.system.redis.client() as client, contextlib.suppress(redis.ResponseError, StopIteration):
        groups: Any = client.xinfo_groups(STREAM)
        last = next(found["last-delivered-id"] for found in groups if found["name"] == group.encode())
        unread: Any = client.xrange(STREAM, min=b"(" + last, count=200)
        if unread:
            deleted = int(client.xdel(STREAM, scene.dice.choice(unread)[0]))
    scene.system.proxy.order("pass", link)
    return f"{deleted} unread entry of {group} deleted"


def maxmemory(scene: Scene) -> str:
    """Redis takes nothing more."""
    with scene.system.redis.client() as client:
        client.config_set("maxmemory", "1mb")
        seconds = scene.wait(1, 5)
        client.config_set("maxmemory", "0")
    return f"maxmemory reached for {seconds:.1f} s"


def paused(scene: Scene) -> str:
    """Redis answers nobody."""
    seconds = scene.some_seconds(1, 5)
    with scene.system.redis.client() as client:
        client.client_pause(int(seconds * 1000), all=True)
    time.sleep(seconds)
    return f"CLIENT PAUSE for {seconds:.1f} s"

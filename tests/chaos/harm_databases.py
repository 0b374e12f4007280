"""What a run does to databases: locks, full disks, ended sessions, a server without its power."""

import time

from tests.chaos.scene import Scene
from tests.chaos.stores import SERVICES, PostgresStores

_NEXT_TO_NOTHING = 4096


def locked(scene: Scene) -> str:
    """Somebody holds what every writer needs, now and then longer than a writer waits."""
    service, seconds = scene.dice.choice(SERVICES), scene.some_seconds(1, 12)
    scene.system.stores.lock(service, seconds)
    return f"the database of {service} locked for {seconds:.1f} s"


def disk_full(scene: Scene) -> str:
    """No file of the process may grow: every write of the database fails, and so does its log."""
    service = scene.dice.choice(SERVICES)
    scene.system.limit_files(service, _NEXT_TO_NOTHING)
    seconds = scene.wait(1, 5)
    scene.system.limit_files(service, -1)
    return f"no room to write for {service} for {seconds:.1f} s"


def _server(scene: Scene) -> PostgresStores:
    assert isinstance(scene.system.stores, PostgresStores)
    return scene.system.stores


def read_only(scene: Scene) -> str:
    """As after a fail-over to a standby."""
    _server(scene).read_only(True)
    seconds = scene.wait(1, 5)
    _server(scene).read_only(False)
    return f"all databases read-only for {seconds:.1f} s"


def sessions_ended(scene: Scene) -> str:
    """In the middle of transactions."""
    services = SERVICES if scene.dice.random() < 0.4 else (scene.dice.choice(SERVICES),)
    for service in services:
        _server(scene).terminate(service)
    return f"every session of {', '.join(services)} ended"


def sessions_refused(scene: Scene) -> str:
    """The database takes nobody in."""
    service = scene.dice.choice(SERVICES)
    _server(scene).closed(service, True)
    seconds = scene.wait(1, 5)
    _server(scene).closed(service, False)
    return f"no session for {service} for {seconds:.1f} s"


def kill_postgresql(scene: Scene) -> str:
    """The server without its power; it recovers from its own log."""
    _server(scene).server.kill()
    time.sleep(scene.some_seconds(0, 1))
    _server(scene).server.start()
    return "PostgreSQL ended at once and started again"

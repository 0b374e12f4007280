"""Harm to processes and to the lines between them."""

import signal
import time

from sqlalchemy.exc import SQLAlchemyError

from tests.chaos.scene import Scene
from tests.chaos.stores import CONSUMERS, rows

_MINUTE = 64.0
"""Longer than an entry may lie unacknowledged before another takes it over."""


def kill_registration(scene: Scene) -> str:
    """In the middle of whatever it does; afterwards it can be seen what that was."""
    scene.system.kill("registration")
    _note_what_was_under_way(scene)
    scene.wait(0, 1.5)
    scene.system.launch("registration")
    return "kill -9 of registration"


def _note_what_was_under_way(scene: Scene) -> None:
    """Committed and not sent; sent and not marked."""
    try:
        table = "relay_state" if _has_table(scene, "relay_state") else "log_head"
        published = int(rows(scene.system.stores, "registration", f"SELECT published FROM {table}")[0][0])  # noqa: S608  -- a constant
        head = int(rows(scene.system.stores, "registration", "SELECT coalesce(max(sequence), 0) FROM event_log")[0][0])
        with scene.system.redis.client() as client:
            info = client.xinfo_stream("meedoen.events")
    except Exception:  # a look that fails is no harm
        return
    last = int(info["last-generated-id"].partition(b"-")[0])
    scene.unsent_at_death += last < head
    scene.unmarked_at_death += last > published


def _has_table(scene: Scene, name: str) -> bool:
    try:
        return bool(rows(scene.system.stores, "registration", f"SELECT 1 FROM {name}"))  # noqa: S608  -- a constant
    except SQLAlchemyError:
        return False


def kill_notifications(scene: Scene) -> str:
    """While it applies, sends, or settles; where there are two, while the other works."""
    return _killed(scene, scene.dice.choice(scene.system.processes_of("notifications")))


def kill_reporting(scene: Scene) -> str:
    """While it applies."""
    return _killed(scene, "reporting")


def _killed(scene: Scene, service: str) -> str:
    scene.system.kill(service)
    scene.wait(0, 1.5)
    scene.system.launch(service)
    return f"kill -9 of {service}"


def rolling_restart(scene: Scene) -> str:
    """As a new version comes: one after the other, SIGTERM first."""
    processes = scene.system.processes
    for service in scene.dice.sample(processes, len(processes)):
        scene.system.end(service)
        scene.system.launch(service)
        scene.system.await_ready(service)
    return "SIGTERM and start, one service after another"


def pause(scene: Scene) -> str:
    """SIGSTOP: the lines stay open, nobody answers."""
    return _paused(scene, scene.dice.choice(scene.system.processes), scene.some_seconds(1, 6))


def pause_over_a_minute(scene: Scene) -> str:
    """Longer than entries may lie unacknowledged, and than a message may be held."""
    return _paused(scene, scene.dice.choice(CONSUMERS), _MINUTE)


def _paused(scene: Scene, service: str, seconds: float) -> str:
    scene.system.signal(service, signal.SIGSTOP)
    time.sleep(seconds)
    scene.system.signal(service, signal.SIGCONT)
    return f"{service} stopped for {seconds:.1f} s"


def slow_lines(scene: Scene) -> str:
    """Every piece of data waits."""
    return _lines(scene, "slow", 2, 5)


def torn_lines(scene: Scene) -> str:
    """Connections are reset with half a message through."""
    return _lines(scene, "tear", 2, 5)


def cut_lines(scene: Scene) -> str:
    """All are reset, and new ones refused for a while."""
    return _lines(scene, "refuse", 0.2, 3)


def black_hole(scene: Scene) -> str:
    """Nothing comes through and nobody is told; now and then for longer than any socket waits."""
    return _lines(scene, "hole", 2, 11)


def _lines(scene: Scene, mode: str, least: float, most: float) -> str:
    proxy = scene.system.proxy
    part = scene.dice.choice(("redis", "registration", "notifications", "reporting", "postgresql", "posters"))
    links = proxy.named(part) or proxy.named("redis")
    proxy.order(mode, *links)
    seconds = scene.wait(least, most)
    proxy.order("pass", *links)
    return f"{mode} for {seconds:.1f} s: {', '.join(links)}"


def smtp_down(scene: Scene) -> str:
    """The mail server hangs up."""
    scene.system.proxy.order("refuse", "notifications-mail")
    seconds = scene.wait(2, 8)
    scene.system.proxy.order("pass", "notifications-mail")
    return f"no mail server for {seconds:.1f} s"

"""Question c: has each consumer exactly 1..n, applied once each, nothing pending, and only known dead letters?"""

from collections import Counter
from typing import Any

from redis.exceptions import ResponseError

from tests.chaos import stores
from tests.chaos.harm_redis import STREAM
from tests.chaos.log_copy import LogCopy
from tests.chaos.scene import Scene
from tests.chaos.verdict import Verdict

_NO_WORK = "a try every"
"""A way out that failed is tried again with the next message that is due, and now there may be none."""


def judge_consumers(scene: Scene, log: LogCopy, verdict: Verdict) -> None:
    """Read from their databases, not asked of them."""
    for service in stores.CONSUMERS:
        _inbox(scene, service, log, verdict)
        _effects(scene, service, log, verdict)
        _letters(scene, service, verdict)
    _groups(scene, verdict)
    _health(scene, verdict)


def _inbox(scene: Scene, service: str, log: LogCopy, verdict: Verdict) -> None:
    found = stores.rows(scene.system.stores, service, "SELECT sequence, event_id FROM inbox ORDER BY sequence")
    there, wanted = dict(map(tuple, found)), {event.sequence: event.event_id for event in log.events}
    missing, strange = wanted.keys() - there.keys(), there.keys() - wanted.keys()
    for sequence in sorted(missing):
        verdict.blame("lost", f"{service} never had {sequence}")
    for sequence in sorted(strange):
        verdict.blame("nobody posted it", f"{service} has {sequence}, the log has not")
    for sequence, event_id in wanted.items():
        if there.get(sequence, event_id) != event_id:
            verdict.blame("foreign", f"{service} has another event under {sequence}")
    mark = stores.watermark(scene.system.stores, service)
    verdict.demand(mark == log.head, "watermark", f"{service}: {mark} of {log.head}")


def _effects(scene: Scene, service: str, log: LogCopy, verdict: Verdict) -> None:
    """One row was written in the transaction of each effect: an event that was applied twice has two."""
    found = stores.rows(scene.system.stores, service, f"SELECT sequence, event_id FROM {stores.TALLY}")  # noqa: S608  -- a constant
    times = Counter(row[1] for row in found)
    for event in log.events:
        applied = times.pop(event.event_id, 0)
        if applied != 1:
            kind = "doubled" if applied else "lost"
            verdict.blame(kind, f"{service} applied {event.sequence} ({event.name}) {applied} times")
    for event_id in times:
        verdict.demand(event_id in scene.forged_ids, "nobody posted it", f"{service} applied an event of nobody")
    verdict.count(f"forgeries applied by {service}", sum(times.values()))


def _letters(scene: Scene, service: str, verdict: Verdict) -> None:
    """Each is an entry that we put there; an event that was given up would be none of them."""
    found = stores.rows(scene.system.stores, service, "SELECT stream_id, type, reason FROM dead_letter")
    for stream_id, name, reason in found:
        verdict.demand(stream_id in scene.injected, "dead letter", f"{service} {stream_id} {name}: {reason}")
    verdict.count(f"dead letters of {service}, all injected", len(found))
    attempts = stores.rows(scene.system.stores, service, "SELECT sequence, reason FROM delivery_attempt")
    for sequence, reason in attempts:
        verdict.blame("open attempt", f"{service} {sequence}: {reason}")


def pending(scene: Scene) -> dict[str, tuple[int, int]]:
    """Group -> (entries fetched and not acknowledged, entries behind), by Redis and our ids; none without a stream."""
    with scene.system.redis.client() as client:
        try:
            info: Any = client.xinfo_stream(STREAM)
            groups: Any = client.xinfo_groups(STREAM)
        except ResponseError:
            return {}
    last = int(info["last-generated-id"].partition(b"-")[0])
    return {
        found["name"].decode(): (found["pending"], last - int(found["last-delivered-id"].partition(b"-")[0]))
        for found in groups
    }


def _groups(scene: Scene, verdict: Verdict) -> None:
    found = pending(scene)
    for service in stores.CONSUMERS:
        waiting, behind = found.get(service, (-1, -1))
        verdict.demand(waiting == 0, "pending", f"{service}: {waiting} entries")
        verdict.demand(behind == 0, "lag", f"{service}: {behind} entries")


def _health(scene: Scene, verdict: Verdict) -> None:
    resting = 0
    for service in scene.system.processes:
        status, body = scene.system.health(service)
        bad = {name: check for name, check in body.get("checks", {}).items() if check["status"] != "ok"}
        rests = bad.keys() == {"scheduler"} and _NO_WORK in bad["scheduler"]["reason"]
        verdict.demand(status == 200 and (not bad or rests), "not ready", f"{service}: {status} {body}")
        resting += rests
    verdict.count("processes that wait for a message to try the way out with", resting)

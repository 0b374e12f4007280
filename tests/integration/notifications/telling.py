"""Hears a log bit by bit while time passes and mails go out, and holds every mail to what is promised."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import orjson

from services.notifications.domain.facts import REMINDING
from shared.messaging.cloud_event_format import Entry
from tests.histories.deliveries import Batches, entries
from tests.histories.logs import Log
from tests.histories.steps import PAUSES
from tests.integration.notifications.answers import Answers
from tests.integration.notifications.desk import ENDS, Desk, Row, Told

OPEN = ("scheduled", "retry", "sending")
GIVEN_UP = ("expired", "failed", "unknown")
BY_HAND = ("to-call", "not-reached", "told")
WANTS_NONE = ("opted-out", "reach-none")
ONCE_MORE = ("cancellation", "change", "promotion", *REMINDING)
"""Kinds of which a second copy may go when the first is in doubt (contract section 6)."""


@dataclass
class Telling:
    """`gone`: sign-ups of people whose erasure was heard; `latest`: the newest version of each activity heard of."""

    desk: Desk
    log: Log
    answers: Answers
    gone: set[str] = field(default_factory=set)
    wants_none: set[str] = field(default_factory=set)
    latest: dict[str, int] = field(default_factory=dict)

    def tell_along_the_way(self, batches: Batches, dice: Random) -> None:
        """Batch after batch, the clock moving, some of what is due being sent, some of that failing.

        By dice, not drawn: ids are random, so what is claimed first, and how often, is not the same twice.
        """
        self.desk.way = lambda pid: self.answers.way(pid, dice)
        for batch in batches:
            self._hear(entries(self.log, batch), dice.choice(PAUSES))
            for _ in range(dice.choice((2, 1, 0, 3))):
                before = len(self.desk.told)
                self.desk.turn(lambda: dice.choice(ENDS))
                self._look_at(self.desk.told[before:])
            for _ in range(self.answers.how_many(dice)):
                known = list(self.desk.told)
                self.answers.one(dice)
                self._look_at([told for told in self.desk.told if told.by_phone and told not in known])

    def come_to_an_end(self) -> None:
        """All goes well from here on; then look at what everybody knows and at what is still to come."""
        before = len(self.desk.told)
        self.desk.finish()
        self._look_at(self.desk.told[before:])
        now, rows, told = self.desk.now, self.desk.messages(), list(self.desk.told)
        for signup in self.desk.rows("signup"):
            self._knows(signup, rows)
        self.desk.wait_for_the_last()
        self._look_at(self.desk.told[len(told) :])
        self.desk.empty(now).hear([self.log.in_order()])
        assert_ends_as_planned_now(self.desk, rows, told)

    def _hear(self, heard: Sequence[Entry], minutes: int) -> None:
        wholes = [orjson.loads(entry.body) for entry in heard]
        recorded = max(datetime.fromisoformat(whole["time"]) for whole in wholes)
        self.desk.now = max(self.desk.now, recorded) + timedelta(minutes=minutes)
        self.desk.hear([heard])
        states = self.log.states()
        for whole in wholes:
            data, (kind, _, ref) = whole["data"], whole["subject"].partition("/")
            if kind == "activity":
                self.latest[ref] = max(self.latest.get(ref, 0), data["version"])
            if kind == "signup" and not data["reminders"]:
                self.wants_none.add(ref)
            if kind == "person":
                mine = [key for key, state in states.items() if state.get("pid") == data["token"]]
                self.gone.update(key.removeprefix("signup/") for key in mine if key.startswith("signup/"))

    def _look_at(self, mails: Sequence[Told]) -> None:
        for told in mails:
            self._is_so(told)
            self._is_news(told)

    def _is_so(self, told: Told) -> None:
        """By all that was heard, not over, and not to somebody who is forgotten."""
        message, activity = told.message, told.activity
        assert told.at < (activity.starts_at if told.by_phone else min(activity.starts_at, message.not_after)), "late"
        assert message.signup not in self.gone, "to somebody who is forgotten"
        assert activity.version == self.latest[activity.ref], "as it was, not as it is"
        assert activity.cancelled == (message.kind == "cancellation")
        if message.kind in REMINDING:
            assert message.dedup_key.endswith(f"{activity.starts_at:%Y-%m-%dT%H%M%SZ}"), "an old reminder"
            assert message.signup not in self.wants_none, "wants no reminders"
            assert message.pid not in self.answers.out, "wants none any more"

    def _is_news(self, told: Told) -> None:
        """A second copy only where the first is in doubt, with the same Message-ID; no change that is known already."""
        earlier = self.desk.told[: self.desk.told.index(told)]
        same = [t for t in earlier if t.message.dedup_key == told.message.dedup_key]
        assert told.by_phone or len(same) <= (told.message.kind in ONCE_MORE), "a copy too many"
        assert all(t.message.id == told.message.id and not t.surely for t in same), "two mails for one fact"
        known = [t for t in earlier if t.message.signup == told.message.signup and t.message.kind not in REMINDING]
        if told.message.kind == "change" and known and known[-1] not in same:
            assert known[-1].activity.facts != told.activity.facts, "knows that already"

    def _knows(self, signup: Row, rows: Sequence[Row]) -> None:
        """What is so, or is about to be told, or could not be told in time."""
        mails = [t for t in self.desk.told if t.message.signup == signup["ref"] and t.message.kind not in REMINDING]
        versions = [v for v in self.desk.rows("activity_version") if v["ref"] == signup["activity"]]
        if not mails or not versions or signup["status"] == "withdrawn":
            return
        latest = max(versions, key=lambda row: int(row["version"]))
        if latest["starts_at"] <= self.desk.now or mails[-1].activity.facts == facts(latest):
            return
        mine = [row for row in rows if row["signup"] == signup["ref"] and row["kind"] in ("change", "cancellation")]
        assert [row for row in mine if _in_hand(row)], "does not know, and will not be told"


def _in_hand(row: Row) -> bool:
    """To be told, by a mail or by somebody; or it could not be told, or is not wanted."""
    return row["status"] in (*OPEN, *GIVEN_UP, *BY_HAND) or row["reason"] in WANTS_NONE


def facts(version: Row) -> tuple[object, ...]:
    """What of an activity is worth telling."""
    if version["status"] == "cancelled":
        return ("cancelled",)
    return tuple(version[name] for name in ("title", "starts_at", "ends_at", "place", "address"))


def assert_ends_as_planned_now(newcomer: Desk, rows: Sequence[Row], told: Sequence[Told]) -> None:
    """Beside somebody who hears all of it only now: what was due is told or given up, what comes is the same."""
    in_hand = {row["dedup_key"] for row in rows if _in_hand(row)}
    heard = {t.message.dedup_key for t in told}
    planned = [r for r in newcomer.messages() if r["status"] in OPEN and r["not_after"] > newcomer.now]
    for row in planned:
        done = row["dedup_key"] in heard | in_hand
        assert done, f"nobody will be told: {row['dedup_key']}"
    still = {r["dedup_key"] for r in rows if r["status"] in OPEN and r["kind"] != "change"}
    assert still <= {row["dedup_key"] for row in planned}, "something would go out that nobody would plan now"

"""The naive counter's memory: reads events in order of arrival and keeps to the contract's rules, nothing else."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
Key = tuple[str, ...]


@dataclass
class Signup:
    """A sign-up that was let in, in order of arrival."""

    activity: Key
    person: Key
    traits: Json
    role: str
    size: int
    status: str


@dataclass
class Fact:
    """The latest telling of one natural key."""

    at: tuple[datetime, str]
    name: str
    partner: str
    data: Json


@dataclass
class Ledger:
    """Everything the counter knows after the lines it has read."""

    received: dict[Key, str] = field(default_factory=dict)
    activities: dict[Key, Json] = field(default_factory=dict)
    """The latest schedule of each activity, cancelled or not."""
    facts: dict[Key, Fact] = field(default_factory=dict)
    signups: dict[Key, Signup] = field(default_factory=dict)
    queues: dict[Key, list[Signup]] = field(default_factory=dict)
    """The same sign-ups per activity, in order of arrival."""
    outcomes: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)

    def read(self, lines: Iterable[str]) -> "Ledger":
        """Take every line in turn and tally what became of it."""
        for line in lines:
            event = json.loads(line)
            name = event["type"].removeprefix("nl.meedoen.").removesuffix(".v1")
            self._tally(self.outcomes, "lines")
            self._tally(self.types, name)
            for outcome in self._take(event, name):
                self._tally(self.outcomes, outcome)
        return self

    def cancelled(self, activity: Key) -> bool:
        """Whether the last word on the activity is that it does not take place."""
        return self.facts["activity", *activity].name == "activity-cancelled"

    def _take(self, event: Json, name: str) -> list[str]:
        identity = (event["partnerid"], event["source"], event["id"])
        content = json.dumps([event["type"], event["time"], event["data"]], sort_keys=True)
        if identity in self.received:
            return ["duplicate"] if self.received[identity] == content else ["rejected", "id-reused"]
        outcomes = self._decide(event, name)
        if outcomes[0] == "accepted":
            self.received[identity] = content
        return outcomes

    def _decide(self, event: Json, name: str) -> list[str]:
        partner, data, time = event["partnerid"], event["data"], datetime.fromisoformat(event["time"])
        if name == "signup-placed":
            return self._place(partner, data, time)
        if name == "signup-withdrawn":
            return self._withdraw(partner, data)
        try:
            key = self._natural_key(partner, name, data)
        except KeyError as unknown:
            return ["rejected", f"unknown {unknown}"]
        newer = self._keep(key, Fact((time, event["id"]), name, partner, data))
        if newer and name == "activity-scheduled":
            self.activities[key[1:]] = data
            self._move_up(key[1:])
        return ["accepted"] if newer else ["accepted", "superseded"]

    def _natural_key(self, partner: str, name: str, data: Json) -> Key:
        """The natural key of the contract's table; KeyError when it points at something never posted."""
        if name == "activity-scheduled":
            return ("activity", partner, data["activityId"])
        if name in ("activity-cancelled", "attendance-recorded", "visitors-counted"):
            return self._activity_fact_key(name, refer(partner, data["activityId"]), partner, data)
        members = {
            "outreach-recorded": "outreachId",
            "volunteer-assigned": "assignmentId",
            "volunteer-released": "assignmentId",
            "member-joined": "memberId",
            "member-left": "memberId",
        }
        thing = data[members[name]]
        before = {"volunteer-released": "volunteer-assigned", "member-left": "member-joined"}.get(name, name)
        if before != name and (before, partner, thing) not in self.facts:
            raise KeyError(members[name])
        return (name, partner, thing)

    def _activity_fact_key(self, name: str, activity: Key, partner: str, data: Json) -> Key:
        if activity not in self.activities:
            raise KeyError("activity")
        if name == "activity-cancelled":
            return ("activity", *activity)
        if name == "visitors-counted":
            return ("count", *activity, data["countKey"])
        person, role, _, _ = self.attended(partner, data)
        return ("attendance", *activity, role, *person)

    def attended(self, partner: str, data: Json) -> tuple[Key, str, int, Json]:
        """Who an attendance is about: person, role, party size and traits, told or taken from the sign-up."""
        if "signupId" in data:
            signup = self.signups[refer(partner, data["signupId"])]
            role, size = data.get("role", signup.role), data.get("partySize", signup.size)
            return signup.person, role, size, signup.traits
        person = data["participant"]
        return identify(partner, person), data.get("role", "participant"), data.get("partySize", 1), person

    def _keep(self, key: Key, fact: Fact) -> bool:
        known = self.facts.get(key)
        if known and known.at > fact.at:
            return False
        self.facts[key] = fact
        return True

    def _place(self, partner: str, data: Json, time: datetime) -> list[str]:
        activity = refer(partner, data["activityId"])
        if activity not in self.activities:
            return ["rejected", "unknown-activity"]
        role, size = data.get("role", "participant"), data.get("partySize", 1)
        signup = Signup(activity, identify(partner, data["participant"]), data["participant"], role, size, "")
        refusal = self._refusal(signup, time)
        if refusal:
            return ["rejected", refusal]
        signup.status = "confirmed" if self._fits(signup) else "waitlisted"
        self.signups[partner, data["signupId"]] = signup
        self.queues.setdefault(activity, []).append(signup)
        return ["accepted"]

    def _refusal(self, signup: Signup, time: datetime) -> str | None:
        plan = self.activities[signup.activity]
        starts = datetime.fromisoformat(plan["startsAt"])
        closes = datetime.fromisoformat(plan["signupClosesAt"]) if "signupClosesAt" in plan else starts
        if self.cancelled(signup.activity):
            return "activity-cancelled"
        if time > min(closes, starts):
            return "signup-closed"
        if plan.get("participation") == "drop-in":
            return "no-signup-needed"
        if any(self._same_place(signup, other) for other in self.queues.get(signup.activity, [])):
            return "already-signed-up"
        if signup.size > plan.get("capacity", signup.size):
            return "party-too-large"
        return None if self._fits(signup) or plan.get("waitingList", True) else "activity-full"

    def _same_place(self, one: Signup, other: Signup) -> bool:
        return (one.person, one.role) == (other.person, other.role) and other.status != "withdrawn"

    def _fits(self, signup: Signup) -> bool:
        pool = "volunteerCapacity" if signup.role == "volunteer" else "capacity"
        capacity = self.activities[signup.activity].get(pool)
        rivals = [other for other in self.queues.get(signup.activity, []) if other.status == "confirmed"]
        taken = sum(o.size for o in rivals if (o.role == "volunteer") == (signup.role == "volunteer"))
        return capacity is None or taken + signup.size <= capacity

    def _withdraw(self, partner: str, data: Json) -> list[str]:
        signup = self.signups.get((partner, data["signupId"]))
        if signup is None:
            return ["rejected", "unknown-signup"]
        signup.status = "withdrawn"
        self._move_up(signup.activity)
        return ["accepted"]

    def _move_up(self, activity: Key) -> None:
        for signup in self.queues.get(activity, []):
            if signup.status == "waitlisted" and self._fits(signup):
                signup.status = "confirmed"

    def _tally(self, counts: dict[str, int], what: str) -> None:
        counts[what] = counts.get(what, 0) + 1


def refer(partner: str, reference: str) -> Key:
    """A bare id is one's own; another partner's is written `partnerId/id`."""
    owner, slash, name = reference.partition("/")
    return (owner, name) if slash else (partner, reference)


def identify(partner: str, participant: Json) -> Key:
    """One person: the same `sharedRef` or, without it, the same `ref` of the same partner."""
    return ("shared", participant["sharedRef"]) if "sharedRef" in participant else (partner, participant["ref"])

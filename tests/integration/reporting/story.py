"""Tells a story as events of the stream: versions and places in the log are given by the teller."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.events.envelope import StreamEvent
from shared.events.model import EventData
from shared.events.streams import EVENT_CLASSES

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


class Story:
    """Every call is one event; they are kept in log order in `events`."""

    def __init__(self) -> None:
        self.events: list[StreamEvent] = []
        self._versions: Counter[str] = Counter()

    def tell(self, name: str, subject: str, partner: str, /, **members: Any) -> StreamEvent:
        """The next event of the log; the version of its subject rises by one."""
        self._versions[subject] += 1
        event_type = f"nl.meedoen.{name}.v1"
        envelope = {
            "version": self._versions[subject],
            "partnerId": partner,
            "occurredAt": NOON,
            "recordedAt": NOON,
        }
        data: EventData = EVENT_CLASSES[event_type].model_validate({**envelope, **members})
        sequence = len(self.events) + 1
        event = StreamEvent(sequence, f"event-{sequence}", event_type, subject, NOON, data)
        self.events.append(event)
        return event

    def partner(
        self,
        partner: str,
        kind: str = "partner",
        joined: str = "2019-01-01",
        left: str | None = None,
        municipality: str = "GM0141",
    ) -> None:
        """An organisation of the coalition, in Almelo unless told otherwise."""
        name = "partner-left" if left else "partner-joined"
        state = {"name": partner.title(), "kind": kind, "municipality": municipality, "joinedOn": joined}
        self.tell(name, f"partner/{partner}", partner, leftOn=left, **state)

    def activity(self, ref: str, starts: str = "2024-03-05T14:00:00+01:00", **members: Any) -> None:
        """An activity, or its next version; it lasts as long as nobody asks."""
        partner, activity_id = ref.split("/")
        state = {
            "activityId": activity_id,
            "title": f"Titel van {activity_id}",
            "kind": "bingo",
            "goal": "initiative",
            "startsAt": starts,
            "endsAt": starts,
            "location": {"name": "Het Trefpunt", "neighbourhood": members.pop("place", None)},
            **members,
        }
        known = self._versions[f"activity/{ref}"] > 0
        name = "activity-cancelled" if state.get("status") == "cancelled" else "activity-changed"
        self.tell(name if known else "activity-scheduled", f"activity/{ref}", partner, **state)

    def signup(self, signup: str, activity: str, pid: str, status: str = "confirmed", **members: Any) -> None:
        """A sign-up as it stands now; `promoted` is how it came to be confirmed."""
        partner, signup_id = signup.split("/")
        state = {
            "signupId": signup_id,
            "activity": activity,
            "pid": pid,
            "role": "participant",
            "partySize": 1,
            "status": "confirmed" if status == "promoted" else status,
            "placedAt": NOON,
            "arrivedAt": NOON,
            **members,
        }
        self.tell(f"signup-{status}", f"signup/{signup}", partner, **state)

    def attendance(self, activity: str, pid: str, outcome: str = "present", **members: Any) -> None:
        """Who came, as it is known now."""
        state = {"activity": activity, "pid": pid, "role": "participant", "outcome": outcome, "partySize": 1, **members}
        subject = f"attendance/{activity}/{pid}/{state['role']}"
        self.tell("attendance-recorded", subject, activity.split("/", maxsplit=1)[0], **state)

    def crowd(self, activity: str, *pids: str, **members: Any) -> None:
        """All of them were present."""
        for pid in pids:
            self.attendance(activity, pid, **members)

    def heads(self, activity: str, value: int | None, key: str = "door") -> None:
        """A head count."""
        partner = activity.split("/", maxsplit=1)[0]
        self.tell("visitors-counted", f"visits/{activity}/{key}", partner, activity=activity, countKey=key, value=value)

    def outreach(self, ref: str, kind: str = "cards", day: str = "2024-12-01", **members: Any) -> None:
        """An outreach action."""
        partner, outreach_id = ref.split("/")
        state = {"outreachId": outreach_id, "kind": kind, "label": kind, "date": day, "goal": "initiative", **members}
        self.tell("outreach-recorded", f"outreach/{ref}", partner, **state)

    def volunteer(self, ref: str, pid: str, first: str, last: str | None = None, **members: Any) -> None:
        """An assignment."""
        partner, assignment_id = ref.split("/")
        state = {"assignmentId": assignment_id, "pid": pid, "from": first, "until": last, **members}
        self.tell("volunteer-released" if last else "volunteer-assigned", f"assignment/{ref}", partner, **state)

    def member(self, ref: str, joined: str, left: str | None = None, via: str | None = None, **members: Any) -> None:
        """A member of the network."""
        partner, member_id = ref.split("/")
        state = {"memberId": member_id, "kind": "organisation", "joinedOn": joined, "leftOn": left, **members}
        name = "member-left" if left else "member-joined"
        self.tell(name, f"member/{ref}", partner, viaActivityId=via, **state)

    def erase(self, pid: str, token: str, partner: str = "avedan") -> None:
        """The right to be forgotten; what follows about the pid is about a new person."""
        self.tell("participant-erased", f"person/{pid}", partner, pid=pid, token=token)
        for subject in [subject for subject in self._versions if f"/{pid}/" in subject]:
            self._versions[subject.replace(f"/{pid}/", f"/{token}/")] = self._versions.pop(subject)


def side_by_side(orders: Sequence[Sequence[StreamEvent]], batches: int) -> Iterator[list[StreamEvent]]:
    """Tales of equal length that have nothing to do with one another, each in its own order, in so many batches.

    Two: each is cut at another place. Else the first event of all of them, then the second, and so on.
    """
    if batches == 2:
        cut = [(order, number % len(order)) for number, order in enumerate(orders)]
        yield [event for order, place in cut for event in order[:place]]
        yield [event for order, place in cut for event in order[place:]]
    else:
        yield from (list(together) for together in zip(*orders, strict=True))

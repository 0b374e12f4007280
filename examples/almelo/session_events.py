"""A session as the partner tells it: announced, signed up for, withdrawn from, recorded."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from examples.almelo.envelope import Data, Event, local
from examples.almelo.people import Person, References
from examples.almelo.sessions import Session

ANNOUNCED = timedelta(days=45)
FILLING = (35, 9)
"""Days before the start between which the places fill up."""
QUEUEING = (8, 5)
"""Days before the start between which the others join the waiting list."""
WITHDRAWING = 3
BY_SIGNUP = 0.7
"""Share of recorded people with a sign-up who are recorded by `signupId`, not by `participant`."""


@dataclass
class Teller:
    """Turns sessions into events; everybody must have been met and the references settled."""

    refs: References
    rng: random.Random
    never_came: frozenset[Person]

    def events(self, session: Session) -> list[Event]:
        """Everything about one session, as yet without disorder."""
        signups = self._signups(session)
        return [
            *self._announcements(session),
            *signups.values(),
            *self._withdrawals(session, signups),
            *self._calling_off(session),
            *self._attendance(session, signups),
        ]

    def _event(self, session: Session, name: str, event_id: str, time: datetime, data: Data, mark: str = "") -> Event:
        return Event(session.partner, name, event_id, time, data, time, mark)

    def _announcements(self, session: Session) -> list[Event]:
        first = session.moved_from or session.activity
        announced = datetime.fromisoformat(str(first["startsAt"])) - ANNOUNCED
        time = local(announced.date(), "09:00") + timedelta(minutes=self.rng.randrange(480))
        events = [self._event(session, "activity-scheduled", f"act.{session.activity_id}.1", time, first)]
        if session.moved_from:
            time = datetime.fromisoformat(str(first["startsAt"])) - timedelta(days=2)
            moved = self._event(
                session, "activity-scheduled", f"act.{session.activity_id}.2", time, session.activity, "moved"
            )
            events.append(moved)
        return events

    def _signups(self, session: Session) -> dict[Person, Event]:
        """First those that fill the places, withdrawers among them, then who is promoted, then who keeps waiting."""
        confirmed = session.signed + session.absent + session.excused + session.unrecorded
        alone = [person for person in session.signed if person not in session.guests]
        promoted = self.rng.sample(alone, len(session.withdrawn) if session.waiting else 0)
        filling = [person for person in confirmed if person not in promoted] + session.withdrawn
        self.rng.shuffle(filling)
        order = filling + promoted + session.waiting
        times = self._moments(session, len(filling), *FILLING)
        times += self._moments(session, len(order) - len(filling), *QUEUEING)
        return {
            person: self._signup(session, person, number, time)
            for number, (person, time) in enumerate(zip(order, times, strict=True), start=1)
        }

    def _signup(self, session: Session, person: Person, number: int, time: datetime) -> Event:
        data: Data = {
            "signupId": f"{session.activity_id}.{number:03d}",
            "activityId": session.activity_id,
            "participant": self.refs.participant(session.partner, person),
        }
        data |= self._role(session.role)
        if person in session.guests:
            data["partySize"] = 2
        stays = person not in session.withdrawn and not session.called_off and session.role == "participant"
        return self._event(session, "signup-placed", f"signup.{data['signupId']}", time, data, "stays" if stays else "")

    def _moments(self, session: Session, count: int, earliest: int, latest: int) -> list[datetime]:
        """Distinct moments of the day, in order, between so many days before the session."""
        day = session.starts.date()
        seconds: set[int] = set()
        while len(seconds) < count:
            seconds.add(self.rng.randrange((earliest - latest) * 12 * 3600))
        return [
            local(day - timedelta(days=earliest - second // 43200), "08:30") + timedelta(seconds=second % 43200)
            for second in sorted(seconds)
        ]

    def _withdrawals(self, session: Session, signups: dict[Person, Event]) -> list[Event]:
        day = session.starts.date() - timedelta(days=WITHDRAWING)
        return [
            self._event(
                session,
                "signup-withdrawn",
                f"withdrawn.{signups[person].data['signupId']}",
                local(day, "09:00") + timedelta(minutes=self.rng.randrange(420)),
                {"signupId": signups[person].data["signupId"]},
            )
            for person in session.withdrawn
        ]

    def _calling_off(self, session: Session) -> list[Event]:
        if not session.called_off:
            return []
        time = local(session.starts.date() - timedelta(days=1), "16:00")
        data: Data = {"activityId": session.activity_id, "reason": session.called_off}
        return [self._event(session, "activity-cancelled", f"act.{session.activity_id}.2", time, data)]

    def _attendance(self, session: Session, signups: dict[Person, Event]) -> list[Event]:
        """One fact for everybody but the unrecorded."""
        recorded = [(person, "present", session.role) for person in session.signed + session.walk_ins]
        recorded += [(person, "absent", session.role) for person in session.absent]
        recorded += [(person, "excused", session.role) for person in session.excused]
        self.rng.shuffle(recorded)
        recorded += [(person, "present", "volunteer") for person in session.hosts]
        return [
            self._fact(session, number, fact, signups.get(fact[0])) for number, fact in enumerate(recorded, start=1)
        ]

    def _fact(self, session: Session, number: int, fact: tuple[Person, str, str], signup: Event | None) -> Event:
        person, outcome, role = fact
        data: Data = {"activityId": session.activity_id}
        if signup and self.rng.random() < BY_SIGNUP:
            data["signupId"] = signup.data["signupId"]
        else:
            data["participant"] = self.refs.participant(session.partner, person)
        data["outcome"] = outcome
        data |= self._role(role)
        if person in session.guests:
            data["partySize"] = 2
        time = session.ends + timedelta(seconds=300 + self.rng.randrange(2400))
        event_id = f"att.{session.activity_id}.{number:03d}"
        return self._event(session, "attendance-recorded", event_id, time, data, self._mark(person, data, signup))

    def _mark(self, person: Person, data: Data, signup: Event | None) -> str:
        """What disorder looks for: who never came, and bingo players who signed up and came."""
        if person in self.never_came:
            return "never-came"
        came = signup is not None and data["outcome"] == "present"
        return "came" if came and str(data["activityId"]).startswith("bingo") else ""

    def _role(self, role: str) -> Data:
        return {} if role == "participant" else {"role": role}

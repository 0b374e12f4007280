"""A town whose messages all go out at once, while who sends them is killed, and killed again: what was seen, when."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import parseaddr

from sqlalchemy import Engine, func, or_, select, update

from services.notifications.domain.facts import REMINDING
from services.notifications.domain.policy import KINDS
from services.notifications.senders.mailbox import MailboxSender
from services.notifications.tables import ActivityVersionRow, MessageRow
from shared.database import reading, table_of, transaction
from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.mail_servers import Patient
from tests.integration.notifications.mortal import POLICY, Job, Mortal, mortal
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import PARTNER, Story
from tests.servers import ROOT, eventually

STEPS = ("claimed", "rcpt", "intent", "stored", "answered", "settled")
"""Where a sender dies: after the claim, RCPT, the last look's commit; mail stored and no 250 yet; 250; settled."""
RESENT_KINDS = ("cancellation", "change", "promotion", "reminder", "volunteer-shift")
"""Those that contract 6 sends once more; the others never go twice."""
_AT_THE_SERVER = {"rcpt": "rcpt", "stored": "data"}
"""Steps that the mail server's state tells -> the phase whose answer it keeps back; the others the sender says."""
LEASE_OVER = POLICY.lease + timedelta(seconds=1)
COPIES_DUE = LEASE_OVER + POLICY.resend_after + timedelta(minutes=1)
LATER = COPIES_DUE + LEASE_OVER
MUCH_LATER = LATER + timedelta(hours=2)
_PATIENCE = 90.0
_m, _v = table_of(MessageRow).c, table_of(ActivityVersionRow).c
Stops = dict["Person", str]


@dataclass(frozen=True, order=True)
class Person:
    """Whose one message is of this kind; its sender dies at the step `first`, and at `then` the next who tries."""

    kind: str
    first: str
    then: str = ""

    @property
    def key(self) -> str:
        return "-".join(filter(None, (self.kind, self.first, self.then)))

    @property
    def pid(self) -> str:
        return f"pid-{self.key}"

    @property
    def address(self) -> str:
        return f"{self.pid}@example.org"


ONCE = [Person(kind, step) for kind in KINDS for step in STEPS]
TWICE = [Person(kind, "stored", step) for kind in RESENT_KINDS for step in STEPS]


@dataclass(frozen=True)
class Seen:
    """Of a message: copies at the mail server, the row, and on whose word it is on the call list."""

    copies: int
    status: str
    attempts: int
    crashes: int
    doubts: int
    call_reason: str | None = None


@dataclass
class Lives:
    """What was seen of everybody: at the first death, when its leases were over, at the second death, at the end."""

    engine: Engine
    mails: Patient
    seen: list[dict[Person, Seen]] = field(default_factory=list)
    ids: dict[Person, str] = field(default_factory=dict)
    """The Message-ID of the message's row."""

    def copies(self) -> dict[str, list[str]]:
        """Address -> the Message-IDs of all mails that came for it."""
        found: dict[str, list[str]] = {}
        for mail in map(BytesHeaderParser().parsebytes, self.mails.mails):
            found.setdefault(parseaddr(str(mail["To"]))[1], []).append(str(mail["Message-ID"]))
        return found

    def look(self, ahead: timedelta) -> None:
        """Everybody, now; and everybody is accounted for."""
        adds_up(self.engine, datetime.now(UTC) + ahead, POLICY)
        with reading(self.engine) as connection:
            rows = connection.execute(select(table_of(MessageRow))).all()
        by_pid, copies = {(row.pid, row.kind): row for row in rows}, self.copies()
        now: dict[Person, Seen] = {}
        for person in ONCE + TWICE:
            row = by_pid[person.pid, person.kind]
            counts = (row.attempts, row.crashes, row.doubts)
            now[person] = Seen(len(copies.get(person.address, [])), row.status, *counts, row.call_reason)
            self.ids[person] = f"<{row.id}@example.org>"
        self.seen.append(now)


def two_deaths(engine: Engine) -> Iterator[Lives]:
    """Three processes one after another over one database: two are killed, the third finds nothing more to do."""
    due_for_all(engine)
    with ExitStack() as open_now:
        lives = Lives(engine, open_now.enter_context(Patient()))
        contacts = open_now.enter_context(ContactServer())
        firsts, seconds = {p: p.first for p in ONCE + TWICE}, {p: p.then for p in TWICE}
        plans: tuple[Stops, ...] = (firsts, seconds, {})
        url, hands = engine.url.render_as_string(hide_password=False), len(firsts)
        jobs = [Job(url, lives.mails.port, contacts.url, hands, _of_the_sender(stops)) for stops in plans]
        one, two, three = [open_now.enter_context(mortal(job)) for job in jobs]
        _first_death(lives, one, firsts)
        _leases_are_over(lives, two, seconds)
        _second_death(lives, two, seconds)
        _the_end(lives, three)
        yield lives


def _first_death(lives: Lives, sender: Mortal, stops: Stops) -> None:
    lives.mails.keeps = _of_the_server(stops)
    sender.at(timedelta())
    _wait_for(stops, sender, lives.mails)
    sender.kill()
    lives.look(timedelta())


def _leases_are_over(lives: Lives, sender: Mortal, stops: Stops) -> None:
    lives.mails.keeps, lives.mails.kept = _of_the_server(stops), set()
    sender.at(LEASE_OVER)
    _wait_until_done(lives.engine, LEASE_OVER, in_hands=list(stops))
    lives.look(LEASE_OVER)


def _second_death(lives: Lives, sender: Mortal, stops: Stops) -> None:
    sender.at(COPIES_DUE)
    _wait_for(stops, sender, lives.mails)
    _wait_until_done(lives.engine, COPIES_DUE, in_hands=list(stops))
    sender.kill()
    lives.look(COPIES_DUE)


def _the_end(lives: Lives, sender: Mortal) -> None:
    lives.mails.keeps = {}
    for ahead in (LATER, MUCH_LATER):
        sender.at(ahead)
        _wait_until_done(lives.engine, ahead)
    sender.end()
    lives.look(MUCH_LATER)


def due_for_all(engine: Engine) -> None:
    """One message of its kind is due for each person, and nothing else for anybody."""
    now = datetime.now(UTC)
    story = Story(recorded=now - timedelta(days=10))
    rig = Rig(engine, MailboxSender(ROOT), ContactServer(), now=None, policy=POLICY)
    for kind in KINDS:
        start = now + (timedelta(hours=23) if kind in REMINDING else timedelta(days=20))
        story.activity(activity_id=kind, starts_at=start)
    answers = ("confirmation", "waiting-list")
    _sign_up(story, [person for person in ONCE + TWICE if person.kind not in answers])
    rig.apply(*story.events)
    newest = select(func.max(_v.version)).where(_v.ref == _m.activity).scalar_subquery()
    with transaction(engine) as connection:
        told = {"status": "sent", "sent_at": story.recorded, "told_version": newest, "attempts": 1}
        connection.execute(update(table_of(MessageRow)).where(_m.kind.in_(answers)).values(told))
    before = len(story.events)
    _sign_up(story, [person for person in ONCE if person.kind in answers])
    story.activity(activity_id="change", title="Grote bingo", starts_at=now + timedelta(days=20))
    story.cancelled(activity_id="cancellation")
    for person in ONCE + TWICE:
        if person.kind == "promotion":
            story.signup(person.key, "promoted")
    rig.apply(*story.events[before:])
    due = {(row["pid"], row["kind"]) for row in rig.rows(status="scheduled") if row["due_at"] <= now}
    assert due == {(person.pid, person.kind) for person in ONCE + TWICE}


def _sign_up(story: Story, people: Sequence[Person]) -> None:
    for person in people:
        what = "waitlisted" if person.kind in ("waiting-list", "promotion") else "confirmed"
        role = "volunteer" if person.kind == "volunteer-shift" else "participant"
        story.signup(person.key, what, activity=f"{PARTNER}/{person.kind}", role=role)


def _of_the_sender(stops: Stops) -> dict[str, str]:
    return {person.pid: step for person, step in stops.items() if step not in _AT_THE_SERVER}


def _of_the_server(stops: Stops) -> dict[str, str]:
    return {person.address: _AT_THE_SERVER[step] for person, step in stops.items() if step in _AT_THE_SERVER}


def _wait_for(stops: Stops, sender: Mortal, mails: Patient) -> None:
    """Until every message stands still at its step."""
    said = {(step, pid) for pid, step in _of_the_sender(stops).items()}
    kept = {(phase, address) for address, phase in _of_the_server(stops).items()}
    eventually(
        lambda: not sender.alive() or (said <= sender.said and kept <= mails.kept),
        _PATIENCE,
        "each stands still at its step",
    )
    assert sender.alive()
    assert (sender.said, mails.kept) == (said, kept)


def _wait_until_done(engine: Engine, ahead: timedelta, in_hands: Sequence[Person] = ()) -> None:
    """Until, by a clock so far ahead, nothing is due or being sent, but for what a living process holds."""
    eventually(lambda: _done(engine, ahead, in_hands), _PATIENCE, f"all is done that was due after {ahead}")


def _done(engine: Engine, ahead: timedelta, in_hands: Sequence[Person]) -> bool:
    now, pids = datetime.now(UTC) + ahead, [person.pid for person in in_hands]
    due = _m.status.in_(("scheduled", "retry")) & (_m.due_at <= now)
    busy = (_m.status == "sending") & (_m.pid.not_in(pids) | (_m.lease_until <= now))
    with reading(engine) as connection:
        some = select(func.count()).where(or_(due, busy, _m.resend_at <= now))
        return connection.execute(some).scalar_one() == 0

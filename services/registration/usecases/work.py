"""What a use case works with while a chunk of posts is decided: state, contacts, announcements, the moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.registration import event_log
from services.registration.domain.activities import Activity
from services.registration.domain.commands import Post
from services.registration.domain.forgetting import late_person_id
from services.registration.domain.persons import Participant, person_id
from services.registration.domain.results import Accepted
from services.registration.domain.signups import Signup
from services.registration.event_log import Announcement
from services.registration.store import contacts, received
from services.registration.store.chunk import Chunk
from shared.errors import FieldFault, Refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """An accepted post, and the person it is about."""

    accepted: Accepted
    pid: str | None = None


@dataclass(slots=True)
class Work:
    """One chunk in one transaction. Nothing is written before `flush`; a refused post must leave no trace here."""

    connection: Connection
    now: datetime
    person_key: bytes
    head: int = 0
    chunk: Chunk = field(init=False)
    _announcements: list[Announcement] = field(default_factory=list)
    _contacts: list[dict[str, Any]] = field(default_factory=list)
    _received: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chunk = Chunk(self.connection)

    def pid(self, partner_id: str, participant: Participant) -> str:
        """Who this is, as all other services know a person."""
        return person_id(self.person_key, partner_id, participant.ref, participant.shared_ref)

    def pid_of(self, signup: Signup) -> str:
        """Who comes by a sign-up; somebody new where its person is forgotten."""
        return late_person_id(self.person_key, signup.ref) if signup.forgotten else signup.pid

    def meet(self, post: Post, participant: Participant) -> str:
        """The pid, and the contact data that came along, kept for this partner."""
        pid = self.pid(post.partner_id, participant)
        self._contacts.extend(contacts.rows(post.partner_id, pid, participant.contact, post.stamp))
        return pid

    def announce(self, announcement: Announcement) -> None:
        """To go out once the chunk is committed."""
        self._announcements.append(announcement)

    def remember(self, post: Post, taken: Taken) -> None:
        """The event's id is used up, with this answer."""
        answer = received.Received(post.fingerprint, taken.accepted.decision, taken.accepted.overrides)
        self._received.append(received.row(post, answer, taken.pid, self.now))

    def flush(self) -> None:
        """Write everything; the log's numbers come last."""
        self.chunk.flush()
        contacts.save(self.connection, self._contacts)
        received.save(self.connection, self._received)
        self.head = event_log.append(self.connection, self._announcements, self.now)
        for pending in (self._announcements, self._contacts, self._received):
            pending.clear()


def known_activity(work: Work, ref: str, pointer: str) -> Activity:
    """The activity, or Refusal `unknown-activity`."""
    activity = work.chunk.activities.get(ref)
    if activity is None:
        raise unknown("activity", pointer)
    return activity


def known_signup(work: Work, ref: str, pointer: str) -> Signup:
    """The sign-up, or Refusal `unknown-signup`."""
    signup = work.chunk.signup(ref)
    if signup is None:
        raise unknown("signup", pointer)
    return signup


def unknown(noun: str, pointer: str) -> Refusal:
    """What a post points at was never posted; the post may come again when it was."""
    code = f"unknown-{noun}"
    text = f"this {noun} was never posted"
    return Refusal(code, text, (FieldFault(pointer, code, text),))


def own(post: Post, ref: str, pointer: str) -> None:
    """A partner may write only to its own things; Refusal `partner-not-allowed`."""
    if ref.partition("/")[0] != post.partner_id:
        text = "this belongs to another partner"
        raise Refusal("partner-not-allowed", text, (FieldFault(pointer, "partner-not-allowed", text),))


def base(work: Work, post: Post, version: int) -> Mapping[str, Any]:
    """What every event's data begins with."""
    return {
        "version": version,
        "partner_id": post.partner_id,
        "occurred_at": post.time,
        "recorded_at": work.now,
    }

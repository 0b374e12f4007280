"""What partners may read back: sign-ups and who came, of their own activities and their own sign-ups."""

from dataclasses import dataclass

from sqlalchemy import Connection

from services.registration.domain.activities import Activity
from services.registration.domain.presence import Presence, presence
from services.registration.domain.reads import Reader
from services.registration.domain.signups import Signup
from services.registration.store import reading
from shared.errors import Refusal


@dataclass(frozen=True, slots=True)
class ShownSignup:
    """A sign-up, and its place among those that wait for the same places; None when it does not wait."""

    signup: Signup
    waiting_position: int | None


def signups_of(connection: Connection, reader: Reader, ref: str, after: int, limit: int) -> list[ShownSignup]:
    """The sign-ups of an activity in order of arrival, referrals of other partners included; for its host.

    Refusal `forbidden` for another partner, whether the activity exists or not; else `unknown-activity`.
    """
    _own_activity(connection, reader, ref)
    positions = reading.waiting_positions(connection, ref)
    return [ShownSignup(one, positions.get(one.ref)) for one in reading.signups(connection, ref, after, limit)]


def presence_of(connection: Connection, reader: Reader, ref: str) -> Presence:
    """Who came: named, counted, and what does not fit; refusals as for sign-ups."""
    activity = _own_activity(connection, reader, ref)
    return presence(activity, reading.attendances(connection, ref), reading.head_counts(connection, ref))


def one_signup(connection: Connection, reader: Reader, ref: str) -> ShownSignup:
    """One sign-up, for who placed it and for the host; Refusal `forbidden` for all others, else `unknown-signup`."""
    refuse_strangers_to_signup(connection, reader, ref)
    signup = reading.signup(connection, ref)
    if signup is None:
        raise Refusal("unknown-signup", "there is no such sign-up")
    return ShownSignup(signup, reading.waiting_positions(connection, signup.activity).get(ref))


def refuse_strangers(reader: Reader, ref: str) -> None:
    """Refusal `forbidden` for everybody but the host of an activity, whether there is one or not."""
    if not reader.may_see(_partner(ref)):
        raise _forbidden()


def refuse_strangers_to_signup(connection: Connection, reader: Reader, ref: str) -> None:
    """Refusal `forbidden` for everybody but who placed a sign-up and the host, whether there is one or not."""
    if reader.may_see(_partner(ref)):
        return
    signup = reading.signup(connection, ref)
    if signup is None or not reader.may_see(_partner(signup.activity)):
        raise _forbidden()


def _own_activity(connection: Connection, reader: Reader, ref: str) -> Activity:
    refuse_strangers(reader, ref)
    activity = reading.activity(connection, ref)
    if activity is None:
        raise Refusal("unknown-activity", "there is no such activity")
    return activity


def _partner(ref: str) -> str:
    return ref.partition("/")[0]


def _forbidden() -> Refusal:
    return Refusal("forbidden", "this belongs to another partner")

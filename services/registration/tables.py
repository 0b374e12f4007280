"""Registration's tables. Contact data stands in `contact` alone; everything else knows a person as pid and ref."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, MetaData, Text, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database import UtcDateTime
from shared.http.key_table import key_metadata

metadata = MetaData()
for _table in key_metadata.tables.values():
    _table.to_metadata(metadata)


class RegistrationTable(SQLModel, registry=registry(metadata=metadata)):
    """The tables of this service."""


class PartnerRow(RegistrationTable, table=True):
    """An organisation of the coalition."""

    __tablename__ = "partner"

    partner_id: str = Field(primary_key=True)
    name: str
    kind: str
    municipality: str
    joined_on: dt.date
    left_on: dt.date | None = None
    version: int


class ReceivedRow(RegistrationTable, table=True):
    """An accepted event: its id for good, a keyed hash of its content, the first decision; never the content."""

    __tablename__ = "received"

    partner_id: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    fingerprint: str | None = None
    decision: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    overrides: list[str] = Field(sa_type=JSON)
    pid: str | None = Field(default=None, index=True)
    recorded_at: dt.datetime = Field(sa_type=UtcDateTime)


class ActivityRow(RegistrationTable, table=True):
    """An activity as it stands."""

    __tablename__ = "activity"

    ref: str = Field(primary_key=True)
    partner_id: str
    activity_id: str
    title: str
    kind: str
    goal: str
    starts_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    ends_at: dt.datetime = Field(sa_type=UtcDateTime)
    location_name: str
    location_address: str | None = None
    location_neighbourhood: str | None = None
    capacity: int | None = None
    volunteer_capacity: int | None = None
    waiting_list: bool
    participation: str
    series: str | None = None
    description: str | None = None
    contact_phone: str | None = None
    signup_closes_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    plan_stamp: str
    reason: str | None = None
    cancel_stamp: str | None = None
    version: int
    arrivals: int


class SignupRow(RegistrationTable, table=True):
    """A sign-up as it stands; one active one per activity, person and role."""

    __tablename__ = "signup"
    __table_args__ = (
        Index(
            "one_active_signup",
            "activity",
            "pid",
            "role",
            unique=True,
            sqlite_where=text("status in ('confirmed', 'waitlisted')"),
            postgresql_where=text("status in ('confirmed', 'waitlisted')"),
        ),
        Index("signup_by_activity", "activity", "status", "arrival"),
    )

    ref: str = Field(primary_key=True)
    partner_id: str
    signup_id: str
    activity: str
    pid: str = Field(index=True)
    participant_ref: str
    role: str
    party_size: int
    reminders: bool
    status: str
    placed_at: dt.datetime = Field(sa_type=UtcDateTime)
    arrived_at: dt.datetime = Field(sa_type=UtcDateTime)
    arrival: int
    confirmed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    promoted: bool
    age_band: str | None = None
    neighbourhood: str | None = None
    version: int


class AttendanceRow(RegistrationTable, table=True):
    """Who came: the latest fact per activity, person and role."""

    __tablename__ = "attendance"

    activity: str = Field(primary_key=True)
    pid: str = Field(primary_key=True, index=True)
    role: str = Field(primary_key=True)
    participant_ref: str
    outcome: str
    party_size: int
    signup: str | None = None
    age_band: str | None = None
    neighbourhood: str | None = None
    stamp: str
    version: int


class HeadCountRow(RegistrationTable, table=True):
    """The latest head count per activity and count key."""

    __tablename__ = "head_count"

    activity: str = Field(primary_key=True)
    count_key: str = Field(primary_key=True)
    value: int | None = None
    method: str | None = None
    stamp: str
    version: int


class OutreachRow(RegistrationTable, table=True):
    """The latest fact per partner and outreach id."""

    __tablename__ = "outreach"

    ref: str = Field(primary_key=True)
    kind: str
    label: str
    date: dt.date
    goal: str
    series: str | None = None
    quantity: int | None = None
    personalised: int | None = None
    precision: str
    personalised_precision: str
    void: bool
    stamp: str
    version: int


class AssignmentRow(RegistrationTable, table=True):
    """A volunteer's assignment."""

    __tablename__ = "assignment"

    ref: str = Field(primary_key=True)
    pid: str = Field(index=True)
    participant_ref: str
    series: str | None = None
    from_date: dt.date
    age_band: str | None = None
    neighbourhood: str | None = None
    start_stamp: str
    until_given: dt.date | None = None
    end_stamp: str | None = None
    version: int


class MemberRow(RegistrationTable, table=True):
    """A member of the network."""

    __tablename__ = "member"

    ref: str = Field(primary_key=True)
    kind: str
    joined_on: dt.date
    via_activity: str | None = None
    start_stamp: str
    left_given: dt.date | None = None
    end_stamp: str | None = None
    version: int


class ContactRow(RegistrationTable, table=True):
    """The only place with names and addresses: one member of one person at one partner a row."""

    __tablename__ = "contact"

    partner_id: str = Field(primary_key=True)
    pid: str = Field(primary_key=True, index=True)
    member: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=JSON(none_as_null=True), nullable=True)
    stamp: str


class EventLogRow(RegistrationTable, table=True):
    """What goes out, in order, for good. `pid` is there to find the rows of somebody who is to be forgotten."""

    __tablename__ = "event_log"

    sequence: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    event_id: str = Field(unique=True)
    type: str
    subject: str
    version: int
    pid: str | None = Field(default=None, index=True)
    payload: str = Field(sa_type=Text)
    recorded_at: dt.datetime = Field(sa_type=UtcDateTime)


class LogHeadRow(RegistrationTable, table=True):
    """One row: the last number given. Whoever decides holds it locked from its first statement to its commit."""

    __tablename__ = "log_head"

    name: str = Field(primary_key=True)
    assigned: int = Field(sa_type=BigInteger)


class RelayStateRow(RegistrationTable, table=True):
    """One row: the last number sent, and how far every consumer has confirmed. Apart: the relay waits for no writer."""

    __tablename__ = "relay_state"

    name: str = Field(primary_key=True)
    published: int = Field(sa_type=BigInteger)
    replay_floor: int = Field(sa_type=BigInteger)


class ErasedRow(RegistrationTable, table=True):
    """An erasure that took place: a mark, and a keyed hash of the pid that nothing leads back from."""

    __tablename__ = "erased"

    mark: str = Field(primary_key=True)
    person: str
    at: dt.datetime = Field(sa_type=UtcDateTime)


class ReadAuditRow(RegistrationTable, table=True):
    """Who read sign-ups or contact data, when and of what; never what was in it."""

    __tablename__ = "read_audit"

    number: int | None = Field(default=None, primary_key=True)
    at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    key_id: str
    partner_id: str | None = None
    what: str
    about: str | None = None
    found: int

"""Notifications' tables. No name, address or text is kept: a message is made when it is sent."""

import datetime as dt

from sqlalchemy import BigInteger, Index, MetaData, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database import UtcDateTime
from shared.http.key_table import key_metadata
from shared.messaging.tables import consumer_metadata
from shared.operators.tables import operator_metadata

metadata = MetaData()
for _shared in (key_metadata, consumer_metadata, operator_metadata):
    for _table in _shared.tables.values():
        _table.to_metadata(metadata)


def _partly(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of some rows only: what is finished costs nothing where one looks for what is due."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class NotificationsTable(SQLModel, registry=registry(metadata=metadata)):
    """The tables of this service."""


class ActivityVersionRow(NotificationsTable, table=True):
    """An activity as one event told it; all versions, as a change is measured against what somebody was told."""

    __tablename__ = "activity_version"

    ref: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    title: str
    starts_at: dt.datetime = Field(sa_type=UtcDateTime)
    ends_at: dt.datetime = Field(sa_type=UtcDateTime)
    place: str
    address: str | None = None
    contact_phone: str | None = None
    status: str
    reason: str | None = None
    recorded_at: dt.datetime = Field(sa_type=UtcDateTime)


class SignupRow(NotificationsTable, table=True):
    """A sign-up as it stands: the highest version seen, and the place in the log of the event that told it."""

    __tablename__ = "signup"

    ref: str = Field(primary_key=True)
    partner_id: str
    activity: str = Field(index=True)
    pid: str = Field(index=True)
    role: str
    party_size: int
    reminders: bool
    status: str
    arrived_at: dt.datetime = Field(sa_type=UtcDateTime)
    confirmed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    promoted: bool
    version: int
    sequence: int = Field(sa_type=BigInteger)


class ErasureRow(NotificationsTable, table=True):
    """A person to be forgotten, as a hash, until every event before the erasure has come; then the row goes."""

    __tablename__ = "erasure"

    pid_hash: str = Field(primary_key=True)
    sequence: int = Field(sa_type=BigInteger)


class MessageRow(NotificationsTable, table=True):
    """Timer and record of one message. `id` is the local part of its Message-ID, fixed before the first attempt.

    `dedup_key` names the fact told; rows are never deleted. `intent_at`: the last look said yes, from here on the
    mail may have left. `doubts` counts the times nobody knew whether it did. `generation` rises with every move.
    `call_since`: since when a person of flesh and blood has to tell it (the call list; the letters where `channel` is
    `letter`), whatever the status says; `call_outcome` how that ended. `probed_at`: the contact data were looked at
    ahead of time, so that a letter can be posted. `transport_ref`: the SMS provider's own id. `address_hash`: where it
    went, as BadAddressRow has it, so that a bounce marks that address and not a corrected one.
    """

    __tablename__ = "message"
    __table_args__ = (
        _partly("due", "lane", "due_at", "id", where="status IN ('scheduled', 'retry')"),
        _partly("too_late", "not_after", where="status IN ('scheduled', 'retry')"),
        _partly("leased", "lease_until", where="status = 'sending'"),
        _partly("one_of_a_signup", "signup", where="status = 'sending'", unique=True),
        _partly("second_copies", "resend_at", where="resend_at IS NOT NULL"),
        Index("by_status", "status", "created_at", "id"),
        Index("by_creation", "created_at", "id"),
        Index("by_call", "call_since"),
    )

    id: str = Field(primary_key=True)
    dedup_key: str = Field(unique=True)
    kind: str
    partner_id: str
    activity: str = Field(index=True)
    signup: str = Field(index=True)
    pid: str = Field(index=True)
    subject_version: int
    channel: str
    lane: int
    moment_at: dt.datetime = Field(sa_type=UtcDateTime)
    due_at: dt.datetime = Field(sa_type=UtcDateTime)
    not_after: dt.datetime = Field(sa_type=UtcDateTime)
    status: str
    reason: str | None = None
    attempts: int = 0
    crashes: int = 0
    doubts: int = 0
    lease_token: str | None = None
    lease_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    intent_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_version: int | None = None
    resend_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int = 0
    transport_ref: str | None = Field(default=None, index=True)
    address_hash: str | None = None
    probed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    call_since: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    call_reason: str | None = None
    call_outcome: str | None = None
    called_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: dt.datetime = Field(sa_type=UtcDateTime)


class MessageAttemptRow(NotificationsTable, table=True):
    """One thing that happened to a message on its way out; only ever added. `detail` is a reply code, never text."""

    __tablename__ = "message_attempt"

    number: int | None = Field(default=None, primary_key=True)
    message: str = Field(index=True)
    at: dt.datetime = Field(sa_type=UtcDateTime)
    phase: str
    outcome: str
    detail: str | None = None


class OptOutRow(NotificationsTable, table=True):
    """Somebody who wants no reminders, of any partner (contract section 6, unsubscribe)."""

    __tablename__ = "opt_out"

    pid: str = Field(primary_key=True)
    at: dt.datetime = Field(sa_type=UtcDateTime)


class BadAddressRow(NotificationsTable, table=True):
    """An address or number that refused a message, as a keyed hash: a corrected one works again."""

    __tablename__ = "bad_address"

    pid: str = Field(primary_key=True)
    address_hash: str = Field(primary_key=True)
    channel: str
    reason: str
    at: dt.datetime = Field(sa_type=UtcDateTime)


class SecretRow(NotificationsTable, table=True):
    """A random key of this database, made when it is first needed: for hashes and links that nobody else can make."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True)
    value: str


class ReceiptRow(NotificationsTable, table=True):
    """What a provider said about a message afterwards; each once (`digest`), also if it came before our own commit.

    `applied_at`: when the message's row was made to say so; None while it cannot yet.
    """

    __tablename__ = "receipt"

    digest: str = Field(primary_key=True)
    message: str = Field(index=True)
    channel: str
    outcome: str
    detail: str | None = None
    at: dt.datetime = Field(sa_type=UtcDateTime)
    applied_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

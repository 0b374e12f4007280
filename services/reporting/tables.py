"""Tables of reporting: the newest state of every subject, without personal data; rows have no behaviour."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database import UtcDateTime
from shared.http.key_table import key_metadata
from shared.messaging.tables import consumer_metadata
from shared.operators.tables import operator_metadata

metadata = MetaData()


class ReportingTable(SQLModel, registry=registry(metadata=metadata)):
    """All of reporting. References are `partnerId/id`; there are no foreign keys, because facts may come first."""


class ActivityRow(ReportingTable, table=True):
    """An activity; `day` is its start date in Amsterdam."""

    __tablename__ = "activity"
    __table_args__ = (Index("ix_activity_series_day", "series", "day", "ref"),)

    ref: str = Field(primary_key=True)
    version: int
    partner_id: str
    day: date = Field(index=True)
    kind: str
    goal: str
    title: str
    series: str | None = None
    neighbourhood: str | None = None
    capacity: int | None = None
    cancelled: bool


class SignupRow(ReportingTable, table=True):
    """A sign-up. `sequence` is the log position of the state, which places it before or after an erasure."""

    __tablename__ = "signup"

    ref: str = Field(primary_key=True)
    version: int
    sequence: int = Field(sa_type=BigInteger)
    activity: str = Field(index=True)
    pid: str = Field(index=True)
    role: str
    status: str
    party_size: int
    age_band: str | None = None
    neighbourhood: str | None = None


class AttendanceRow(ReportingTable, table=True):
    """Who came, per activity, person and role.

    `held` is 0 once every event up to `sequence` has come. Until then an erasure may still turn out to lie between two
    states, so each is a row of its own with its sequence here; only the newest of them counts.
    """

    __tablename__ = "attendance"

    activity: str = Field(primary_key=True)
    pid: str = Field(primary_key=True, index=True)
    role: str = Field(primary_key=True)
    held: int = Field(primary_key=True, index=True, sa_type=BigInteger)
    version: int
    sequence: int = Field(sa_type=BigInteger)
    outcome: str
    party_size: int
    age_band: str | None = None
    neighbourhood: str | None = None


class HeadCountRow(ReportingTable, table=True):
    """A head count; `value` null was taken back."""

    __tablename__ = "head_count"

    activity: str = Field(primary_key=True)
    count_key: str = Field(primary_key=True)
    version: int
    value: int | None = Field(default=None, sa_type=BigInteger)


class OutreachRow(ReportingTable, table=True):
    """An action; `void` was taken back."""

    __tablename__ = "outreach"

    ref: str = Field(primary_key=True)
    version: int
    partner_id: str
    kind: str
    goal: str
    day: date = Field(index=True)
    series: str | None = None
    quantity: int | None = Field(default=None, sa_type=BigInteger)
    personalised: int | None = Field(default=None, sa_type=BigInteger)
    precision: str
    personalised_precision: str
    void: bool


class AssignmentRow(ReportingTable, table=True):
    """A volunteer's assignment; `last_day` before `first_day`: never active."""

    __tablename__ = "assignment"

    ref: str = Field(primary_key=True)
    version: int
    sequence: int = Field(sa_type=BigInteger)
    partner_id: str
    pid: str = Field(index=True)
    series: str | None = None
    first_day: date
    last_day: date | None = None
    age_band: str | None = None
    neighbourhood: str | None = None


class MemberRow(ReportingTable, table=True):
    """A member of the network."""

    __tablename__ = "member"

    ref: str = Field(primary_key=True)
    version: int
    partner_id: str
    kind: str
    joined_on: date
    left_on: date | None = None
    via_activity: str | None = Field(default=None, index=True)


class PartnerRow(ReportingTable, table=True):
    """An organisation of the coalition."""

    __tablename__ = "partner"

    partner_id: str = Field(primary_key=True)
    version: int
    name: str
    kind: str
    municipality: str
    joined_on: date
    left_on: date | None = None


class AudienceTally(SQLModel):
    """What can be told apart by persons. Counters are party sizes or sign-ups; sets are bitmaps of person numbers."""

    attendances: int = Field(default=0, sa_type=BigInteger)
    signups: int = Field(default=0, sa_type=BigInteger)
    unmet: int = Field(default=0, sa_type=BigInteger)
    absent: int = Field(default=0, sa_type=BigInteger)
    came: int = Field(default=0, sa_type=BigInteger)
    participants: bytes
    professionals: bytes


class WholeTally(AudienceTally):
    """The same, with what belongs to activities and their places."""

    activities: int = Field(default=0, sa_type=BigInteger)
    taken: int = Field(default=0, sa_type=BigInteger)
    capacity: int = Field(default=0, sa_type=BigInteger)
    measured: int = Field(default=0, sa_type=BigInteger)
    visits: int = Field(default=0, sa_type=BigInteger)
    counted: int = Field(default=0, sa_type=BigInteger)
    joined: int = Field(default=0, sa_type=BigInteger)


class ActivityTallyRow(ReportingTable, WholeTally, table=True):
    """What the facts of one activity add up to, under the properties by which it was added up (decision 0031)."""

    __tablename__ = "activity_tally"

    activity: str = Field(primary_key=True)
    day: date = Field(index=True)
    kind: str
    goal: str
    partner_id: str
    series: str | None = None
    neighbourhood: str | None = None


class AudienceTallyRow(ReportingTable, AudienceTally, table=True):
    """The part of an activity's tally with one key of `dimension`: `ageBand` or `neighbourhood` of the persons.

    `key` is empty where the facts do not say, else `=` and the key.
    """

    __tablename__ = "audience_tally"

    activity: str = Field(primary_key=True)
    dimension: str = Field(primary_key=True)
    key: str = Field(primary_key=True)


class MonthTallyRow(ReportingTable, WholeTally, table=True):
    """The sum over the activities of a month that have one key of `dimension`; `month` is its first day."""

    __tablename__ = "month_tally"

    month: date = Field(primary_key=True)
    dimension: str = Field(primary_key=True)
    key: str = Field(primary_key=True)


class PersonRow(ReportingTable, table=True):
    """Somebody who was present: the number in bitmaps, and the first day as participant ever."""

    __tablename__ = "person"

    pid: str = Field(primary_key=True)
    number: int = Field(unique=True)
    first_day: date | None = Field(default=None, index=True)


class NewcomersRow(ReportingTable, table=True):
    """Whose first day as participant ever lies in the month that begins on `month`: a bitmap of person numbers."""

    __tablename__ = "newcomers"

    month: date = Field(primary_key=True)
    participants: bytes


class PendingErasureRow(ReportingTable, table=True):
    """An erasure while events older than it may still come; goes as soon as none can, so that no pid stays."""

    __tablename__ = "pending_erasure"

    sequence: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    pid: str = Field(index=True)
    token: str


class ExternalFigureRow(ReportingTable, table=True):
    """A figure of others, as quoted."""

    __tablename__ = "external_figure"

    figure_id: str = Field(primary_key=True)
    label_nl: str
    label_en: str
    value: float
    unit: str
    year: int
    source: str
    instrument: str


class PublicationRow(ReportingTable, table=True):
    """What was published of a year at one moment; never changed, never deleted. `sheet` and `sides` are JSON."""

    __tablename__ = "publication"

    period: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    created_at: datetime = Field(sa_type=UtcDateTime)
    closed: bool
    corrections_held: bool
    sheet: bytes
    sides: bytes


class PublishedTableRow(ReportingTable, table=True):
    """One table of a publication; `body` is its JSON, byte for byte as it is served. `group_by` "": the total alone."""

    __tablename__ = "published_table"

    year: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    indicator: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    group_by: str = Field(primary_key=True)
    place: int
    body: bytes


class PublishingTurnRow(ReportingTable, table=True):
    """A day on which the timer was due and published; `due` is that day in Amsterdam."""

    __tablename__ = "publishing_turn"

    due: date = Field(primary_key=True)
    done_at: datetime = Field(sa_type=UtcDateTime)


for _tables in (key_metadata, consumer_metadata, operator_metadata):
    for _table in _tables.tables.values():
        _table.to_metadata(metadata)

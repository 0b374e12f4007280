"""Which columns each kind of sheet has: the contract's members under the names that partners use."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cli.spreadsheets.columns import Alternatives, Column
from cli.spreadsheets.patterns import PATTERN_COLUMNS
from cli.spreadsheets.times import clock, day, moment
from cli.spreadsheets.values import Read, flag, one_of, own_id, phone, reference, whole, whole_or_taken_back
from shared.events import code_lists as lists


class Kind(StrEnum):
    """What the rows of a sheet are: what follows `--as`."""

    ACTIVITIES = "activities"
    SIGNUPS = "signups"
    WITHDRAWALS = "withdrawals"
    ATTENDANCE = "attendance"
    VISITORS = "visitors"
    OUTREACH = "outreach"
    VOLUNTEERS = "volunteers"
    MEMBERS = "members"
    SERIES = "series"


@dataclass(frozen=True)
class Layout:
    """A kind of sheet. `event` is what its rows become; of every set of alternatives in `one_of` one is needed."""

    kind: Kind
    event: str
    columns: tuple[Column, ...]
    one_of: tuple[Alternatives, ...] = ()

    def column_at(self, pointer: str) -> tuple[Column, ...]:
        """The columns that fill a place in the event, or something above or below it."""
        return tuple(
            column
            for column in self.columns
            if pointer == column.place
            or pointer.startswith(f"{column.place}/")
            or column.place.startswith(f"{pointer}/")
        )


def _code(codes: lists.CodeList, **also: str) -> Read:
    return one_of(codes, also)


_KIND = Column(
    "kind", ("soort",), _code(lists.ACTIVITY_KINDS, wandelen="walk", eten="meal", koffie="meeting-place"), required=True
)
_GOAL = Column("goal", ("doel",), _code(lists.GOALS), required=True)
_SERIES = Column("seriesId", ("reeks", "reeksnummer"), reference)
_ROLE = Column("role", ("rol",), _code(lists.ROLES))
_PARTY = Column("partySize", ("gezelschap", "aantal personen", "personen", "aantal"), whole)
_ACTIVITY = Column("activityId", ("activiteit", "activiteitnummer"), reference, required=True)
_SIGNUP = Column("signupId", ("aanmeldnummer", "aanmelding"), reference)

_PLAN = (
    Column("title", ("titel", "naam"), required=True),
    _KIND,
    _GOAL,
    Column("location", ("locatie", "plaats", "waar"), required=True, pointer="/data/location/name"),
    Column("address", ("adres",), pointer="/data/location/address"),
    Column("neighbourhood", ("buurt", "wijk"), pointer="/data/location/neighbourhood"),
    Column("capacity", ("plaatsen", "aantal plaatsen", "capaciteit"), whole),
    Column("volunteerCapacity", ("plaatsen vrijwilligers", "vrijwilligersplaatsen"), whole),
    Column("waitingList", ("wachtlijst",), flag),
    Column(
        "participation",
        ("deelname",),
        _code(lists.PARTICIPATION, inloop="drop-in", beide="both", vrij="drop-in", aanmelding="signup"),
    ),
    Column("description", ("omschrijving", "beschrijving")),
    Column("contactPhone", ("telefoon", "telefoonnummer"), phone),
)

_PERSON = (
    Column("sharedRef", ("gedeeld kenmerk", "stadspas"), pointer="/data/participant/sharedRef"),
    Column("ageBand", ("leeftijd", "leeftijdsgroep"), _code(lists.AGE_BANDS), pointer="/data/participant/ageBand"),
    Column("neighbourhood", ("buurt", "wijk"), pointer="/data/participant/neighbourhood"),
)
_REF = ("kenmerk", "deelnemer", "deelnemernummer")
_CONTACT = (
    Column("name", ("naam",), pointer="/data/participant/name"),
    Column("email", ("e-mail", "e-mailadres", "mail"), pointer="/data/participant/email"),
    Column("phone", ("telefoon", "telefoonnummer", "mobiel"), phone, pointer="/data/participant/phone"),
    Column("street", ("straat", "adres"), pointer="/data/participant/address/street"),
    Column("postalCode", ("postcode",), pointer="/data/participant/address/postalCode"),
    Column("city", ("woonplaats", "plaats"), pointer="/data/participant/address/city"),
    Column(
        "reachVia",
        ("bericht via", "bereiken via"),
        _code(lists.REACH_VIA, mail="email", post="letter", bellen="phone", geen="none"),
        pointer="/data/participant/reachVia",
    ),
)


def _ref(*, required: bool) -> Column:
    return Column("ref", _REF, required=required, pointer="/data/participant/ref")


ACTIVITIES = Layout(
    Kind.ACTIVITIES,
    "activity-scheduled",
    (
        Column("activityId", ("activiteitnummer", "activiteit", "nummer"), own_id, required=True),
        *_PLAN,
        Column("date", ("datum",), day, pointer="/data/startsAt"),
        Column("startTime", ("begintijd", "starttijd", "aanvang", "van"), clock, pointer="/data/startsAt"),
        Column("endTime", ("eindtijd", "tot"), clock, pointer="/data/endsAt"),
        Column("startsAt", ("begin", "begint op"), moment),
        Column("endsAt", ("einde", "eind", "eindigt op"), moment),
        _SERIES,
        Column("signupClosesAt", ("aanmelden tot", "aanmelden kan tot"), moment),
    ),
    one_of=((("date", "startTime", "endTime"), ("startsAt", "endsAt")),),
)
SERIES = Layout(
    Kind.SERIES,
    "activity-scheduled",
    (
        Column("seriesId", ("reeks", "reeksnummer"), own_id, required=True),
        *_PLAN,
        *PATTERN_COLUMNS,
        Column("startTime", ("begintijd", "starttijd", "aanvang"), clock, required=True, pointer="/data/startsAt"),
        Column("endTime", ("eindtijd",), clock, required=True, pointer="/data/endsAt"),
    ),
)
SIGNUPS = Layout(
    Kind.SIGNUPS,
    "signup-placed",
    (
        _SIGNUP,
        _ACTIVITY,
        _ref(required=True),
        *_PERSON,
        *_CONTACT,
        _ROLE,
        _PARTY,
        Column("reminders", ("herinnering", "herinneringen"), flag),
        Column("placedAt", ("aangemeld op",), moment, pointer="/time"),
    ),
)
WITHDRAWALS = Layout(
    Kind.WITHDRAWALS,
    "signup-withdrawn",
    (
        _SIGNUP,
        Column("activityId", ("activiteit", "activiteitnummer"), reference, pointer="/data/signupId"),
        Column("ref", _REF, pointer="/data/signupId"),
        Column("role", ("rol",), _code(lists.ROLES), pointer="/data/signupId"),
        Column("withdrawnAt", ("afgemeld op",), moment, pointer="/time"),
    ),
    one_of=((("signupId",), ("activityId", "ref")),),
)
ATTENDANCE = Layout(
    Kind.ATTENDANCE,
    "attendance-recorded",
    (
        _ACTIVITY,
        _SIGNUP,
        _ref(required=False),
        *_PERSON,
        Column(
            "outcome",
            ("aanwezigheid", "aanwezig", "uitkomst"),
            _code(lists.OUTCOMES, ja="present", j="present", x="present", nee="absent", n="absent"),
            required=True,
        ),
        _ROLE,
        _PARTY,
    ),
    one_of=((("signupId",), ("ref",)),),
)
VISITORS = Layout(
    Kind.VISITORS,
    "visitors-counted",
    (
        _ACTIVITY,
        Column("countKey", ("telling", "teller"), own_id),
        Column("value", ("bezoekers", "aantal", "aantal bezoekers"), whole_or_taken_back, required=True),
        Column("method", ("wijze", "manier"), _code(lists.COUNT_METHODS, telling="tally", schatting="estimate")),
    ),
)
OUTREACH = Layout(
    Kind.OUTREACH,
    "outreach-recorded",
    (
        Column("outreachId", ("nummer", "bereiknummer"), own_id, required=True),
        Column("kind", ("soort",), _code(lists.OUTREACH_KINDS), required=True),
        Column("label", ("omschrijving", "naam"), required=True),
        Column("date", ("datum",), day, required=True),
        _GOAL,
        _SERIES,
        Column("quantity", ("aantal",), whole),
        Column("personalised", ("persoonlijk", "met persoonlijke noot"), whole),
        Column("precision", ("nauwkeurigheid",), _code(lists.PRECISIONS)),
        Column("personalisedPrecision", ("nauwkeurigheid persoonlijk",), _code(lists.PRECISIONS)),
        Column("void", ("ingetrokken",), flag),
    ),
)
VOLUNTEERS = Layout(
    Kind.VOLUNTEERS,
    "volunteer-assigned",
    (
        Column("assignmentId", ("inzet", "inzetnummer"), own_id, required=True),
        _ref(required=True),
        *_PERSON,
        *_CONTACT,
        _SERIES,
        Column("from", ("vanaf", "van"), day, required=True),
        Column("until", ("tot en met", "t/m"), day),
    ),
)
MEMBERS = Layout(
    Kind.MEMBERS,
    "member-joined",
    (
        Column("memberId", ("lid", "lidnummer"), own_id, required=True),
        Column("kind", ("soort",), _code(lists.MEMBER_KINDS), required=True),
        Column("joinedOn", ("lid sinds", "lid vanaf"), day, required=True),
        Column("viaActivityId", ("via activiteit",), reference),
        Column("leftOn", ("lid tot en met",), day),
    ),
)

LAYOUTS: Final[Mapping[Kind, Layout]] = {
    layout.kind: layout
    for layout in (
        ACTIVITIES,
        SIGNUPS,
        WITHDRAWALS,
        ATTENDANCE,
        VISITORS,
        OUTREACH,
        VOLUNTEERS,
        MEMBERS,
        SERIES,
    )
}

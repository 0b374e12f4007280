"""Every page and mail that a person may see, each with its usual, its emptiest and its longest content."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

from starlette.responses import Response

from services.notifications.contacts import Contact, PostalAddress
from services.notifications.domain.calling import Call, Listed
from services.notifications.domain.facts import REMINDING, Activity
from services.notifications.domain.policy import KINDS
from services.notifications.domain.wording import words
from services.notifications.pages.lists import ListPages
from services.notifications.pages.page import pages
from services.notifications.schemas.lists import call_list
from services.notifications.senders.mail import Letter, compose, letterhead
from services.notifications.usecases.lists import CALL_LIST, LETTERS, Entry
from tests.http_double import Answer
from tests.unit.notifications.builders import START, activity, message, signup

DAY = date(2026, 11, 11)
NOW = datetime.fromisoformat("2026-11-11T09:00:00+01:00")
LINE = ("Samen-koken-en-eten-in-het-wijkgebouw-" * 6)[:200]
"""As long as a line may be that a partner posts, with not one space in it."""
ID = "5b2f7c1e-0d7a-4c51-9d43-0f8c1d2e3a4b"
HOST = "0546 000000"
USUAL: dict[str, Any] = {"title": "Bingo in De Schelf", "address": "Marktstraat 1, Almelo", "contact_phone": HOST}
MOVED: dict[str, Any] = {"starts_at": START + timedelta(days=1), "ends_at": START + timedelta(days=1, hours=2)}
LONGEST: dict[str, Any] = {"title": LINE, "place": LINE, "address": LINE, "contact_phone": f"{HOST}, {LINE}"[:200]}
PLAIN, CHANGED, BARE = activity(USUAL), activity(USUAL, {**MOVED, "place": "Het Trefpunt"}), activity()
CANCELLED = activity(USUAL, {"status": "cancelled", "reason": "De zaal is dicht."})
RESTORED = activity(USUAL, {"status": "cancelled"}, {"status": "scheduled"})
EXTREME = activity(USUAL, {**MOVED, **LONGEST})
OF_KIND = {"change": CHANGED, "cancellation": CANCELLED}
HOME, FAR = PostalAddress("Marktstraat 1", "7607 AA", "Almelo"), PostalAddress(LINE, "7607 AA", LINE)
STOP = "https://berichten.example.org/v1/unsubscribe/" + "A" * 43


def shown() -> dict[str, Answer]:
    """Name -> a page as it is served, headers and all; of a mail its HTML alone."""
    return {**dict(_mails()), **dict(_unsubscribe()), **dict(_call_lists()), **dict(_letters())}


def _mails() -> Iterator[tuple[str, Answer]]:
    for kind in KINDS:
        yield f"mail-{kind}", _mail(kind, OF_KIND.get(kind, PLAIN), "Mevrouw De Vries")
    for kind in ("change", "reminder"):
        yield f"mail-{kind}-longest", _mail(kind, EXTREME, LINE, party_size=3)
    yield "mail-confirmation-bare", _mail("confirmation", BARE, None, role="volunteer")
    yield "mail-change-waiting", _mail("change", CHANGED, "Familie Bakker", confirmed_at=None)
    yield "mail-change-restored", _mail("change", RESTORED, "De heer Bakker")


def _mail(kind: str, what: Activity, name: str | None, **who: Any) -> Answer:
    head = letterhead("Stichting Samen <afzender@example.org>", "https://berichten.example.org")
    text = words(kind, signup(**who), what.latest, _before(what))
    letter = Letter("p1@example.org", name, text, STOP if kind in REMINDING else None)
    part = message_from_bytes(compose(head, kind, letter, NOW).content, policy=policy.default).get_body(("html",))
    assert part is not None
    return Answer(200, part.get_content().encode(), {"Content-Type": "text/html; charset=utf-8"})


def _before(what: Activity) -> Any:
    return what.versions[-2] if len(what.versions) > 1 else None


def _unsubscribe() -> Iterator[tuple[str, Answer]]:
    for state in ("ask", "done", "half"):
        yield f"unsubscribe-{state}", _served(pages().answer("unsubscribe.html", state=state))


def _call_lists() -> Iterator[tuple[str, Answer]]:
    people = [
        _entry("cancellation", CANCELLED, Contact("Mevrouw Jansen", phone="0546 234567"), reason="not-out-in-time"),
        _entry("change", CHANGED, Contact("De heer Bakker", phone="06 12345678")),
        _entry("promotion", PLAIN, Contact("Mevrouw De Vries", phone="0546 123456"), reason="prefers-phone"),
        _entry("reminder", BARE, None, outcome="voicemail"),
        _entry("confirmation", PLAIN, Contact("Mevrouw Ünal", address=HOME), outcome="not-reached"),
    ]
    longest = _entry("change", EXTREME, Contact(LINE, phone="0" * 40), outcome="voicemail")
    addressed = _entry("change", EXTREME, Contact(LINE, address=FAR))
    for name, entries in (("empty", []), ("one", people[:1]), ("longest", [longest, addressed]), ("many", people * 3)):
        yield f"call-list-{name}", _list(CALL_LIST, entries)


def _letters() -> Iterator[tuple[str, Answer]]:
    every = [_entry(kind, OF_KIND.get(kind, PLAIN), Contact(f"Mevrouw {kind}", address=HOME)) for kind in KINDS]
    nameless = _entry("reminder", PLAIN, Contact(None, address=HOME))
    longest = [_entry(kind, EXTREME, Contact(LINE, address=FAR)) for kind in ("change", "confirmation")]
    for name, entries in (("empty", []), ("one", every[:1]), ("longest", longest), ("many", [*every, nameless])):
        yield f"letters-{name}", _list(LETTERS, entries)


def _entry(
    kind: str, what: Activity, contact: Contact | None, reason: str = "no-address", outcome: str | None = None
) -> Entry:
    """Told of the activity as it was before, and of what is so now to be told by a person."""
    called = {"call_outcome": outcome, "called_at": NOW if outcome else None}
    row = replace(
        message(f"{kind}:1", "to-call", **called), id=ID, call_since=NOW - timedelta(hours=2), call_reason=reason
    )
    told = message("confirmation:0", "sent", told_version=max(what.latest.version - 1, 1))
    return Entry(Call(Listed(row, signup(), what, [told, row]), (), by_letter=contact is not None), contact)


def _list(kind: str, entries: list[Entry]) -> Answer:
    pages = ListPages("Stichting Samen")
    return _served(pages.answer(call_list(DAY, entries, kind), entries, kind, NOW))


def _served(page: Response) -> Answer:
    return Answer(page.status_code, bytes(page.body), dict(page.headers))

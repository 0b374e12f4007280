"""What will hurt, by the settings alone; one function for each thing."""

import re
from collections.abc import Callable, Iterator
from datetime import time
from urllib.parse import urlsplit

from cli.client import LOOPBACK
from cli.data_folder import SHORTEST_KEY
from cli.doctor.situation import Finding, Situation

_FEW_CHARACTERS = 10
"""Different ones; a random key of 32 has more than twice as many."""
_LONG_QUIET = 16 * 60
"""Minutes of quiet hours a day that leave too little of it."""
_LONG_RETENTION = 365
_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_MOMENT = re.compile(r"P\d+D|PT\d+[HM]|PT\d+H\d+M")
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  -- compared, not bound


def weak_keys(found: Situation) -> Iterator[Finding]:
    """Contract section 2: 32 characters or more; and hard to guess."""
    for variable, key in found.keys.items():
        if len(key) < SHORTEST_KEY:
            yield Finding("wrong", variable, f"has {len(key)} characters", f"make one of {SHORTEST_KEY} or more")
        elif len(set(key)) < _FEW_CHARACTERS:
            yield Finding("wrong", variable, "is made of a few characters", "make a random one: openssl rand -hex 32")


def same_keys(found: Situation) -> Iterator[Finding]:
    """Each opens something else."""
    for variable, key in found.keys.items():
        others = [other for other, value in found.keys.items() if value == key and other > variable]
        for other in others:
            yield Finding("wrong", variable, f"is the same as {other}", "give each a value of its own")


def no_mail(found: Situation) -> Iterator[Finding]:
    """Without a server mails are files."""
    if not found.settings.get("NOTIFICATIONS_SMTP_URL"):
        says = "is not set: mails go to a folder, nobody gets one"
        yield Finding("look", "NOTIFICATIONS_SMTP_URL", says, "set it when people are to be told")


def sender_of_nobody(found: Situation) -> Iterator[Finding]:
    """The default is nobody's address."""
    sender = found.settings.get("NOTIFICATIONS_SENDER", "")
    if found.settings.get("NOTIFICATIONS_SMTP_URL") and (not sender or "@example." in sender):
        yield Finding("wrong", "NOTIFICATIONS_SENDER", "is not an address of yours", "set it: mail servers refuse this")


def public_address(found: Situation) -> Iterator[Finding]:
    """Links in real mails lead there, and signed in the clear they can be changed on the way."""
    parts = urlsplit(found.settings.get("NOTIFICATIONS_PUBLIC_URL") or "http://127.0.0.1")
    if not found.settings.get("NOTIFICATIONS_SMTP_URL"):
        return
    if parts.hostname in LOOPBACK:
        says = "is this machine: who follows a link in a mail ends nowhere"
        yield Finding("wrong", "NOTIFICATIONS_PUBLIC_URL", says, "set the https address that readers reach")
    elif parts.scheme != "https":
        yield Finding("wrong", "NOTIFICATIONS_PUBLIC_URL", "is not https", "mail programs want https to unsubscribe")


def sms_in_part(found: Situation) -> Iterator[Finding]:
    """Both or none."""
    given = [name for name in ("NOTIFICATIONS_SMS_URL", "NOTIFICATIONS_SMS_KEY") if found.settings.get(name)]
    if len(given) == 1:
        yield Finding("wrong", given[0], "is set without the other of the two", "set both or none")


def reminders(found: Situation) -> Iterator[Finding]:
    """Empty is allowed, and a typing error keeps notifications from starting."""
    given = found.settings.get("NOTIFICATIONS_REMINDERS", "P1D")
    moments = [part.strip() for part in given.split(",") if part.strip()]
    if not moments:
        yield Finding("look", "NOTIFICATIONS_REMINDERS", "is empty: nobody is reminded", "P1D is the day before")
    odd = [moment for moment in moments if not _MOMENT.fullmatch(moment)]
    if odd:
        yield Finding("wrong", "NOTIFICATIONS_REMINDERS", f"has {', '.join(odd)}", "write moments as in P1D,PT2H")


def quiet_hours(found: Situation) -> Iterator[Finding]:
    """None at all, or hardly an hour that is not quiet."""
    given = found.settings.get("NOTIFICATIONS_QUIET_HOURS", "21:00-08:00").strip()
    subject = "NOTIFICATIONS_QUIET_HOURS"
    if not given:
        yield Finding("look", subject, "is empty: reminders may go at night", "21:00-08:00 is usual")
        return
    minutes = _minutes(given)
    if minutes is None:
        yield Finding("wrong", subject, f"is {given}", "write it as in 21:00-08:00; begin and end differ")
    elif minutes > _LONG_QUIET:
        yield Finding("look", subject, f"holds messages {minutes // 60} hours a day", "leave more of the day")


def _minutes(text: str) -> int | None:
    match = _HOURS.fullmatch(text)
    try:
        begins, ends = (time.fromisoformat(part) for part in match.groups()) if match else (None, None)
    except ValueError:
        return None
    if begins is None or ends is None or begins == ends:
        return None
    return ((ends.hour - begins.hour) * 60 + ends.minute - begins.minute) % (24 * 60)


def publish_day(found: Situation) -> Iterator[Finding]:
    """0 is the default, and easily forgotten."""
    given = found.settings.get("REPORTING_PUBLISH_DAY") or "0"
    if not given.isdecimal() or int(given) > 31:
        yield Finding("wrong", "REPORTING_PUBLISH_DAY", f"is {given}", "a day of the month from 1 to 31, or 0")
    elif int(given) == 0:
        says = "is 0: the public sees figures only when somebody publishes them by hand"
        yield Finding("look", "REPORTING_PUBLISH_DAY", says, "set a day of the month")


def retention(found: Situation) -> Iterator[Finding]:
    """Names and addresses that nobody needs any more."""
    given = found.settings.get("REGISTRATION_CONTACT_RETENTION_DAYS") or "90"
    subject = "REGISTRATION_CONTACT_RETENTION_DAYS"
    if not given.isdecimal() or not 1 <= int(given) <= 36_500:
        yield Finding("wrong", subject, f"is {given}", "a number of days from 1 to 36500")
    elif int(given) > _LONG_RETENTION:
        yield Finding("look", subject, f"keeps contact data {given} days", "say why so long, or shorten it")


def open_doors(found: Situation) -> Iterator[Finding]:
    """Keys and names over a line that others share; any page may call; no limit."""
    host = found.settings.get("KOMERBIJ_HOST", "127.0.0.1")
    if host in _EVERYWHERE and "KOMERBIJ_HOST" in found.settings:
        yield Finding("look", "KOMERBIJ_HOST", "listens to every network, without TLS", "put a TLS proxy before it")
    if "*" in found.settings.get("KOMERBIJ_CORS_ORIGINS", ""):
        yield Finding("look", "KOMERBIJ_CORS_ORIGINS", "lets every page call the API", "name the pages that need to")
    if found.settings.get("KOMERBIJ_RATE_LIMIT") == "0":
        yield Finding("look", "KOMERBIJ_RATE_LIMIT", "is 0: one key may take all there is", "leave the default")


ABOUT_SETTINGS: tuple[Callable[[Situation], Iterator[Finding]], ...] = (
    weak_keys,
    same_keys,
    no_mail,
    sender_of_nobody,
    public_address,
    sms_in_part,
    reminders,
    quiet_hours,
    publish_day,
    retention,
    open_doors,
)

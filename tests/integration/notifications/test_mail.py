"""The mail as a mail program and a calendar read it."""

import email
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from services.notifications.senders.mail import BadAddress, letterhead, mail_address
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


def calendar(mail: EmailMessage) -> icalendar.Calendar:
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    found = icalendar.Calendar.from_ical(raw)
    assert part.get_param("method") == str(found["METHOD"])
    return found


async def test_a_mail_is_plain_text_and_html_in_dutch_under_its_message_id(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    [mail] = mailbox.mails()
    assert mail["Message-ID"] == f"<{rig.row('confirmation')['id']}@example.org>"
    assert (mail["From"], mail["To"]) == ("KomErbij <afzender@example.org>", "pid-s1@example.org")
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        text = body(mail, kind)
        assert "Beste mevrouw Jansen," in text
        assert "zondag 25 oktober om 14:00 uur" in text
        assert "De Schelf, Marktstraat 1" in text
    assert '<html lang="nl">' in body(mail, "html")
    assert "\n\n\n\n" not in body(mail, "plain")


async def test_f35_what_others_wrote_adds_no_header_and_no_markup(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.contacts.contacts = {"pid-s1": {"name": "A\r\nBcc: x@example.org", "email": "a@example.org"}}
    title = "Bingo\r\nBcc: y@example.org <script>alert(1)</script>"
    rig.apply(story.activity(title=title), story.signup())
    await rig.work()
    [mail] = mailbox.mails()
    assert mail["Bcc"] is None
    assert mail["Subject"] == "U hebt een plaats: Bingo Bcc: y@example.org <script>alert(1)</script>"
    assert "<script>" not in body(mail, "html")
    assert "&lt;script&gt;" in body(mail, "html")
    assert "Beste A Bcc: x@example.org," in body(mail, "plain")


async def test_a_name_with_accents_survives(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.contacts.contacts = {"pid-s1": {"name": "Zoë Ünal–Gökçe", "email": "a@example.org"}}
    rig.apply(story.activity(title="Café in de wijk"), story.signup())
    await rig.work()
    [mail] = mailbox.mails()
    assert "Beste Zoë Ünal–Gökçe," in body(mail, "plain")
    assert mail["Subject"] == "U hebt een plaats: Café in de wijk"
    assert email.message_from_bytes(mail.as_bytes(), policy=policy.default)["Subject"] == mail["Subject"]


async def test_f37_the_calendar_entry_keeps_its_uid_moves_with_the_activity_and_goes_with_it(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    rig.apply(story.activity(starts_at=START + timedelta(days=1)))
    await rig.work()
    rig.apply(story.cancelled())
    await rig.work()
    entries = [calendar(mail) for mail in mailbox.mails()]
    events: list[Any] = [entry.walk("VEVENT")[0] for entry in entries]
    assert [str(entry["METHOD"]) for entry in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [int(event["SEQUENCE"]) for event in events] == [1, 2, 3]
    assert [event["DTSTART"].dt for event in events] == [START, START + timedelta(days=1), START + timedelta(days=1)]
    assert str(events[2]["STATUS"]) == "CANCELLED"
    assert [str(zone["TZID"]) for zone in entries[0].walk("VTIMEZONE")] == ["Europe/Amsterdam"]


async def test_two_signups_have_two_calendar_entries(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2"))
    await rig.work()
    assert len({str(calendar(mail).walk("VEVENT")[0]["UID"]) for mail in mailbox.mails()}) == 2


async def test_who_waits_or_is_reminded_gets_no_calendar_entry(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup(what="waitlisted"))
    await rig.work()
    rig.apply(story.signup(what="promoted"))
    await rig.at(START - timedelta(hours=20)).work()
    carrying = [[part.get_content_type() for part in mail.walk()].count("text/calendar") for mail in mailbox.mails()]
    assert sorted(mailbox.subjects()) == [
        "Er is een plaats voor u: Bingo in de Schelf",
        "Herinnering: Bingo in de Schelf",
        "U staat op de wachtlijst: Bingo in de Schelf",
    ]
    assert sorted(carrying) == [0, 0, 1]


@pytest.mark.parametrize(
    ("given", "address"),
    [(" a.b@example.org ", "a.b@example.org"), ("a@bücher.example", "a@xn--bcher-kva.example")],
)
def test_addresses_get_a_domain_in_ascii(given: str, address: str) -> None:
    assert mail_address(given) == address


@pytest.mark.parametrize(
    "given", ["", "a", "@example.org", "a@", "a@b@example.org", "a@example.org\r\nBcc: b@example.org", "ë@example.org"]
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(BadAddress):
        mail_address(given)


@pytest.mark.parametrize("sender", ["", "KomErbij", "KomErbij <komerbij>"])
def test_a_sender_without_a_domain_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="NOTIFICATIONS_SENDER"):
        letterhead(sender)

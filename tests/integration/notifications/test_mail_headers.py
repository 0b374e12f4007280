"""Nothing that others wrote becomes a header, a part of one or the end of all: over SMTP, in the folder, in the entry.

An activity was once called `x =?utf-8?q?=0D=0ABcc:_e@x?=`. The write door let it in, as it is plain text; the e-mail
package took it for an encoded word, decoded it, and every mail about the activity carried a Bcc line.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage

import icalendar
import pytest

from services.notifications.senders.headers import MalformedMail, address_alone, as_meant, free_text
from services.notifications.senders.mail import letterhead
from services.notifications.senders.mailbox import MailboxSender
from services.notifications.senders.smtp import SmtpSender
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import Story

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
ENTRY = sorted(
    ["UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS", "ORGANIZER", "ATTENDEE"]
)
PAYLOADS = {
    "encoded word, q": "x =?utf-8?q?=0D=0ABcc:_e@x?=",
    "encoded word, b": "x =?utf-8?b?DQpCY2M6IGVAeA==?=",
    "the end of the headers": "=?utf-8?q?=0D=0A=0D=0A<p>Maak_geld_over</p>?=",
    "among accents": "Café =?iso-8859-1?q?=0D=0ABcc:_e@x?= ünï",
    "long enough to be folded": "Bingo voor iedereen " * 6 + "=?utf-8?q?=0D=0ABcc:_e@x?=" + " en koffie" * 9,
    "without a space to fold at": "=?utf-8?q?=0D=0ABcc:_e@x?=" + "b" * 200,
    "an unknown charset": "=?x-unknown?q?=0D=0ABcc:_e@x?=",
    "split over two words": "=?utf-8?q?=0D?= =?utf-8?q?=0ABcc:_e@x?=",
    "raw line breaks": "x\r\nBcc: e@x",
    "raw and folded": "x\r\n Bcc: e@x\r\n\r\nBody",
    "line breaks of Unicode": "x\u2028Bcc: e@x\u0085Cc: e@x\x0bCc: e@x",
}
payloads = pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS.keys())
Sent = Callable[[], bytes]


def literally(text: str) -> str:
    """What a reader must see: the same characters, with a space where a line break was."""
    return " ".join(text.split())


@pytest.fixture(name="sent", params=["smtp", "mailbox"])
def the_only_mail(request: pytest.FixtureRequest, rig: Rig, mailbox: Mailbox) -> Iterator[Sent]:
    """The bytes of the one mail that left, as a mail server took them or as they stand in the folder."""
    if request.param == "mailbox":
        rig.sender = MailboxSender(mailbox.folder)
        yield lambda: next(mailbox.folder.glob("*.eml")).read_bytes()
        return
    with Moody() as moody:
        rig.sender = SmtpSender(moody.server, "example.org")
        yield lambda: moody.mails[0]


def read(content: bytes) -> EmailMessage:
    """As a modern reader does, after an old-fashioned one has found the same headers and no other."""
    assert message_from_bytes(content).keys() == HEADERS
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail.keys() == HEADERS
    assert mail.get_content_type() == "multipart/mixed"
    return mail


def part(mail: EmailMessage, content_type: str) -> str:
    [found] = [part for part in mail.walk() if part.get_content_type() == content_type]
    raw = found.get_payload(decode=True)
    assert isinstance(raw, bytes)
    return raw.decode()


@payloads
async def test_f35_a_title_is_shown_literally_and_adds_nothing(rig: Rig, story: Story, sent: Sent, text: str) -> None:
    rig.apply(story.activity(title=text), story.signup())
    await rig.work()
    mail, subject = read(sent()), f"U hebt een plaats: {literally(text)}"
    assert mail["Subject"] == subject
    assert str(make_header(decode_header(message_from_bytes(sent())["Subject"]))) == subject
    assert f"Wat: {literally(text)}" in part(mail, "text/plain").splitlines()
    assert "<p>Maak" not in part(mail, "text/html")


@payloads
async def test_f35_the_name_of_a_person_is_shown_literally(rig: Rig, story: Story, sent: Sent, text: str) -> None:
    rig.contacts.contacts = {"pid-s1": {"name": text, "email": "a@example.org"}}
    rig.apply(story.activity(), story.signup())
    await rig.work()
    mail = read(sent())
    assert mail["To"] == "a@example.org"
    assert part(mail, "text/plain").splitlines()[0] == f"Beste {literally(text)},"


@pytest.mark.parametrize("name", ["=?utf-8?q?=0D=0ABcc=3A_e?=", "Buurthuis, De Schelf", 'De "Schelf"', "Café Ünal"])
async def test_f35_the_name_of_the_sender_is_shown_literally(rig: Rig, story: Story, sent: Sent, name: str) -> None:
    quoted = name.replace('"', '\\"')
    rig.head = letterhead(f'"{quoted}" <afzender@example.org>')
    rig.apply(story.activity(), story.signup())
    await rig.work()
    [sender] = read(sent())["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "afzender@example.org")


@payloads
async def test_f35_the_calendar_entry_shows_it_literally(rig: Rig, story: Story, sent: Sent, text: str) -> None:
    rig.apply(story.activity(title=text, location={"name": text, "address": text}), story.signup())
    await rig.work()
    [event] = icalendar.Calendar.from_ical(part(read(sent()), "text/calendar")).walk("VEVENT")
    assert sorted(event.keys()) == ENTRY
    assert str(event["SUMMARY"]) == literally(text)
    assert str(event["LOCATION"]) == f"{literally(text)}, {literally(text)}"


async def test_f35_a_title_cannot_end_an_entry_and_begin_another(rig: Rig, story: Story, sent: Sent) -> None:
    title = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDESCRIPTION:betaal;\\n,hier"
    rig.apply(story.activity(title=title), story.signup())
    await rig.work()
    [event] = icalendar.Calendar.from_ical(part(read(sent()), "text/calendar")).walk("VEVENT")
    assert sorted(event.keys()) == ENTRY
    assert str(event["SUMMARY"]) == literally(title)


@pytest.mark.parametrize(
    "address", ["=?utf-8?q?=0D=0ABcc=3A_e=40x?=@example.org", "a@x=?utf-8?q?=0D=0ABcc?=", "a@x>SIZE=1", "a@x,b"]
)
async def test_an_address_that_readers_would_take_apart_gets_no_mail(rig: Rig, story: Story, address: str) -> None:
    rig.contacts.contacts = {"pid-s1": {"email": address}}
    rig.apply(story.activity(), story.signup())
    await rig.work()
    row = rig.row("confirmation")
    assert (row["status"], row["reason"]) == ("to-call", "bad-address")


@pytest.mark.parametrize("sender", ["=?utf-8?q?=0D=0ABcc?=@example.org", "K <a@example.org=?utf-8?q?=0D=0ABcc?=>"])
def test_a_sender_that_readers_would_take_apart_stops_the_start(sender: str) -> None:
    with pytest.raises(ValueError, match="NOTIFICATIONS_SENDER"):
        letterhead(sender)


@pytest.mark.parametrize(
    "smuggled", ["a@example.org\r\nBcc: e@x", "a@example.org\r\n\r\nBody", "a@example.org =?utf-8?q?=0D=0A?=", "ë@x"]
)
def test_f35_a_mail_whose_headers_read_otherwise_than_meant_is_not_handed_over(smuggled: str) -> None:
    mail = EmailMessage(policy=policy.SMTP)
    mail["To"] = address_alone("To", smuggled)
    mail["Subject"] = free_text("Subject", "Dag")
    mail.set_content("Hallo")
    with pytest.raises(MalformedMail) as refused:
        as_meant(mail)
    assert "Bcc" not in str(refused.value)


async def test_a_mail_that_would_read_otherwise_fails_and_the_row_says_so(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.head = replace(rig.head, sender=Address("K", username="a", domain="bücher.example"))
    rig.apply(story.activity(), story.signup())
    await rig.work()
    row = rig.row("confirmation")
    assert (row["status"], row["reason"]) == ("failed", "malformed")
    assert mailbox.mails() == []

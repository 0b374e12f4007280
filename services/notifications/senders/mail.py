"""From words to a mail: plain text, HTML and a calendar part under one stable Message-ID."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from css_inline import CSSInliner
from jinja2 import Environment

from services.notifications.domain.wording import Words, greeting, one_line
from services.notifications.senders.headers import address_alone, as_meant, free_text, link_alone, mailbox
from services.notifications.senders.sender import Mail
from services.notifications.templates import environment, style_sheet

_DOMAIN = re.compile(r"[A-Za-z0-9.-]+")


class BadAddress(ValueError):  # noqa: N818  -- names the thing
    """No mail can go to this; the text never repeats it."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who the mails come from, where readers reach this service, and what the mails are made with."""

    sender: Address
    templates: Environment
    inliner: CSSInliner
    public_url: str

    @property
    def domain(self) -> str:
        """The right-hand side of every Message-ID."""
        return self.sender.domain


def letterhead(sender: str, public_url: str = "http://127.0.0.1:8002") -> Letterhead:
    """`Name <local@domain>` or `local@domain`, and an address of this service; ValueError for anything else."""
    name, address = parseaddr(sender)
    try:
        plain = mail_address(address)
    except BadAddress:
        raise ValueError("NOTIFICATIONS_SENDER: write Name <address@domain>") from None
    inliner = CSSInliner(load_remote_stylesheets=False, extra_css=style_sheet("mail.css"))
    return Letterhead(Address(one_line(name), addr_spec=plain), environment(), inliner, _reachable(public_url))


def _reachable(url: str) -> str:
    """Fit to stand in a header and before a path."""
    parts = urlsplit(url)
    plain = url.isascii() and url.isprintable() and not set(url) & set(' <>,"\\?#')
    if not (plain and parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError("NOTIFICATIONS_PUBLIC_URL: write https://host[:port][/path]")
    return url.rstrip("/")


def mail_address(given: str) -> str:
    """An address that can stand in a header and on an SMTP line as it is, its domain in ASCII; else BadAddress.

    One with `=?` is none: mail programs read an encoded word there.
    """
    local, _, domain = given.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
        plain = Address(username=local, domain=ascii_domain).addr_spec
    except (ValueError, IndexError, MessageError):
        raise BadAddress("no e-mail address") from None
    unquoted = plain == f"{local}@{ascii_domain}"
    readable = plain.isascii() and plain.isprintable() and "=?" not in plain
    if not (local and unquoted and readable and _DOMAIN.fullmatch(ascii_domain)):
        raise BadAddress("no e-mail address")
    return plain


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """What a mail says to whom. Has no readable form, so that no log or traceback shows it."""

    recipient: str
    """From `mail_address`."""
    name: str | None
    words: Words
    unsubscribe: str | None = None
    """The address behind which reminders are stopped; None: this kind cannot be refused."""


def compose(
    head: Letterhead,
    message_id: str,
    letter: Letter,
    now: datetime,
    *,
    ics: bytes | None = None,
    lane: int = 5,
) -> Mail:
    """The whole mail, `lane` that of its kind. Free text is one literal line in headers, escaped in HTML.

    Raises MalformedMail rather than hand over headers that nobody meant. With an attachment it also knows how to go
    without one, under the same Message-ID.
    """

    def made(attachment: bytes | None) -> bytes:
        mail = _headed(head, message_id, letter, now)
        _fill(mail, head, letter)
        if attachment is not None:
            _attach(mail, attachment)
        return as_meant(mail)

    lean = None if ics is None else lambda: made(None)
    return Mail(message_id, head.sender.addr_spec, letter.recipient, made(ics), lane, lean)


def _headed(head: Letterhead, message_id: str, letter: Letter, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = mailbox("From", head.sender)
    mail["To"] = address_alone("To", letter.recipient)
    mail["Subject"] = free_text("Subject", one_line(letter.words.subject))
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}@{head.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "nl"
    if letter.unsubscribe:
        mail["List-Unsubscribe"] = link_alone("List-Unsubscribe", letter.unsubscribe)
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail


def _fill(mail: EmailMessage, head: Letterhead, letter: Letter) -> None:
    """Plain text and HTML of the same words, the styles of the HTML inside its elements, as mail programs want it."""
    content = {
        "greeting": greeting(letter.name),
        "words": letter.words,
        "sender": head.sender.display_name or head.domain,
        "unsubscribe": letter.unsubscribe,
    }
    mail.set_content(head.templates.get_template("mail.txt").render(content), cte="quoted-printable")
    html = head.inliner.inline(head.templates.get_template("mail.html").render(content))
    mail.add_alternative(html, subtype="html", cte="quoted-printable")


def _attach(mail: EmailMessage, ics: bytes) -> None:
    method = "CANCEL" if b"METHOD:CANCEL" in ics else "REQUEST"
    calendar = EmailMessage(policy=SMTP)
    calendar.set_content(ics.decode(), subtype="calendar", cte="base64", params={"method": method})
    calendar.add_header("Content-Disposition", "attachment", filename="afspraak.ics")
    mail.make_mixed()
    mail.attach(calendar)

"""From words to a mail: plain text, HTML and a calendar part under one stable Message-ID."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.domain.wording import Words, one_line
from services.notifications.senders.headers import address_alone, as_meant, free_text, mailbox
from services.notifications.senders.sender import Mail

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_DOMAIN = re.compile(r"[A-Za-z0-9.-]+")


class BadAddress(ValueError):  # noqa: N818  -- names the thing
    """No mail can go to this; the text never repeats it."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who the mails come from, and the templates they are made with."""

    sender: Address
    templates: Environment

    @property
    def domain(self) -> str:
        """The right-hand side of every Message-ID."""
        return self.sender.domain


def letterhead(sender: str) -> Letterhead:
    """`Name <local@domain>` or `local@domain`; ValueError for anything else."""
    name, address = parseaddr(sender)
    try:
        plain = mail_address(address)
    except BadAddress:
        raise ValueError("NOTIFICATIONS_SENDER: write Name <address@domain>") from None
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Letterhead(Address(one_line(name), addr_spec=plain), environment)


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


def compose(
    head: Letterhead, message_id: str, recipient: str, name: str | None, words: Words, ics: bytes | None, now: datetime
) -> Mail:
    """The whole mail. `recipient` comes from `mail_address`; free text is one literal line in headers, escaped in HTML.

    Raises MalformedMail rather than hand over headers that nobody meant.
    """
    content = {"name": one_line(name or ""), "words": words, "sender": head.sender.display_name or head.domain}
    mail = EmailMessage(policy=SMTP)
    mail["From"] = mailbox("From", head.sender)
    mail["To"] = address_alone("To", recipient)
    mail["Subject"] = free_text("Subject", one_line(words.subject))
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}@{head.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "nl"
    text = head.templates.get_template("mail.txt").render(content)
    html = head.templates.get_template("mail.html").render(content)
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    if ics is not None:
        method = "CANCEL" if b"METHOD:CANCEL" in ics else "REQUEST"
        calendar = EmailMessage(policy=SMTP)
        calendar.set_content(ics.decode(), subtype="calendar", cte="base64", params={"method": method})
        calendar.add_header("Content-Disposition", "attachment", filename="afspraak.ics")
        mail.make_mixed()
        mail.attach(calendar)
    return Mail(message_id, head.sender.addr_spec, recipient, as_meant(mail))

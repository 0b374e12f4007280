"""Headers with text of others: written so that every reader finds that text and nothing else."""

import re
from email import message_from_bytes
from email.errors import MessageError
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import Policy

_AS_IT_IS = re.compile(r"(?!.*=\?)[ -~]{1,60}")
_NAME_AS_IT_IS = re.compile(r"[A-Za-z0-9 ]{1,60}")


class MalformedMail(ValueError):  # noqa: N818  -- names the thing
    """Readers would find other headers than were meant; the text never repeats them."""


class LiteralHeader(str):
    """A header as it is meant. The e-mail package asks `fold` how to write it, and never interprets the text itself:
    it would take `=?utf-8?q?=0D=0A...?=` in a title for an encoded word, and write the line breaks.
    """

    __slots__ = ("name", "wire")
    name: str
    wire: str

    def fold(self, *, policy: Policy) -> str:
        """The header as it stands in the mail."""
        return f"{self.name}: {self.wire}{policy.linesep}"


def free_text(name: str, text: str) -> LiteralHeader:
    """One line of text of anybody; encoded as a whole unless it is short and plain."""
    return _literal(name, text, text if _AS_IT_IS.fullmatch(text) else _encoded(text))


def mailbox(name: str, sender: Address) -> LiteralHeader:
    """`Name <address>`, the name one line of any text."""
    shown, address = sender.display_name, sender.addr_spec
    if not shown:
        return _literal(name, address, address)
    wire = f"{shown} <{address}>" if _NAME_AS_IT_IS.fullmatch(shown) else f"{_encoded(shown)}\r\n <{address}>"
    return _literal(name, f"{shown} <{address}>", wire)


def address_alone(name: str, address: str) -> LiteralHeader:
    """An address from `mail_address`, as it is."""
    return _literal(name, address, address)


def link_alone(name: str, url: str) -> LiteralHeader:
    """`<https://...>` on one line, however long: what looks for it takes it as it is (RFC 2369)."""
    return _literal(name, f"<{url}>", f"<{url}>")


def as_meant(mail: EmailMessage) -> bytes:
    """The mail as it goes out. Raises MalformedMail when its headers would read differently from what was meant."""
    try:
        content = mail.as_bytes()
        read = message_from_bytes(content)
        same = read.keys() == mail.keys() and all(
            _read(read[value.name]) == value for value in mail.values() if isinstance(value, LiteralHeader)
        )
    except (MessageError, ValueError, LookupError) as error:
        raise MalformedMail(type(error).__name__) from None
    if not same or read.defects:
        raise MalformedMail("headers")
    return content


def _literal(name: str, text: str, wire: str) -> LiteralHeader:
    header = LiteralHeader(text)
    header.name, header.wire = name, wire
    return header


def _encoded(text: str) -> str:
    return Header(text, "utf-8", maxlinelen=72).encode(linesep="\r\n")


def _read(wire: str) -> str:
    """As a mail program shows it: unfolded, encoded words decoded, once."""
    return str(make_header(decode_header(wire)))

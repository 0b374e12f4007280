"""What a mail server's reply means for a mail, phase by phase (guide: failures, retries, breaker, statuses)."""

from dataclasses import dataclass

from services.notifications.domain.outcomes import MAIL_SERVER, AddressRefused, ChannelRefused, Retry

CLOSING = 421
"""The server ends the connection, whatever it was asked."""
TOO_MANY = 432
"""It wants fewer connections."""
_ABOUT_US = (530, 534, 535, 538)
"""About our account, not about the mail: somebody has to set something right, and then it can go."""
_NO_SUCH_ADDRESS = (550, 551, 553)
_TOO_BIG = 552


@dataclass(frozen=True, slots=True)
class TooBig:
    """The mail may go without its attachment."""

    phase: str
    code: int


def refusal(phase: str, code: int) -> Retry | AddressRefused | ChannelRefused | TooBig:
    """For a reply of 400 and above: surely not sent, and what then. `phase`: connect, hello, mail, rcpt, data."""
    if phase in ("connect", "hello") or code == CLOSING:
        return of_the_server(phase, code)
    if code in _ABOUT_US:
        return Retry(phase, "server-refuses-us", code, trouble=MAIL_SERVER, alarm=True)
    if code == TOO_MANY:
        return Retry(phase, "too-many-connections", code)
    if code == _TOO_BIG:
        return TooBig(phase, code)
    if code < 500:
        return Retry(phase, "later", code)
    return _for_good(phase, code)


def of_the_server(phase: str, code: int) -> Retry:
    """Of a reply of 400 and above that would be the same for every mail."""
    if code == TOO_MANY:
        return Retry(phase, "too-many-connections", code, trouble=MAIL_SERVER)
    if code < 500:
        return Retry(phase, "server-not-now", code, trouble=MAIL_SERVER)
    return Retry(phase, "server-refuses-us", code, trouble=MAIL_SERVER, alarm=True)


def _for_good(phase: str, code: int) -> Retry | AddressRefused | ChannelRefused:
    """At MAIL it knows our own address only; at DATA it took the reader's, and refuses what we wrote."""
    if phase == "mail":
        return Retry(phase, "server-refuses-us", code, trouble=MAIL_SERVER, alarm=True)
    if phase == "rcpt" and code in _NO_SUCH_ADDRESS:
        return AddressRefused(phase, code)
    return ChannelRefused(phase, "refused", code)

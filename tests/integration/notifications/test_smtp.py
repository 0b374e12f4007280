"""How a send over SMTP ends, against a real server that misbehaves in each phase."""

import asyncio
from dataclasses import replace

import pytest

from services.notifications.domain.outcomes import (
    MAIL_SERVER,
    AddressRefused,
    ChannelRefused,
    LetGo,
    Outcome,
    Retry,
    Sent,
    Unknown,
)
from services.notifications.senders.sender import Mail
from services.notifications.senders.smtp import MailServer, SmtpSender, mail_server
from services.notifications.senders.width import Width
from tests.integration.notifications.mail_servers import Moody
from tests.servers import free_port

MAIL = Mail("id-1", "afzender@example.org", "iemand@example.org", b"Subject: Dag\r\n\r\n.Hallo\r\n")
AUTH = ("komerbij", "geheim")


def down(phase: str, reason: str = "no-contact", code: int | None = None) -> Retry:
    """The mail server is in trouble as a whole."""
    return Retry(phase, reason, code, trouble=MAIL_SERVER)


def refuses_us(phase: str, code: int) -> Retry:
    """And somebody has to set something right."""
    return Retry(phase, "server-refuses-us", code, trouble=MAIL_SERVER, alarm=True)


class Look:
    """A last look that remembers whether it was asked."""

    def __init__(self, *, answer: bool = True) -> None:
        self.answer, self.asked = answer, 0

    async def __call__(self) -> bool:
        self.asked += 1
        return self.answer


async def send(server: MailServer, look: Look | None = None, mail: Mail = MAIL, times: int = 1) -> Outcome:
    sender = SmtpSender(server, "example.org", timeout=0.5)
    outcome: Outcome = LetGo()
    for _ in range(times):
        outcome = await sender.send(mail, look or Look())
    await sender.close()
    return outcome


async def test_250_is_sent() -> None:
    with Moody() as moody:
        assert await send(moody.server) == Sent("data", 250)
        assert moody.mails == [MAIL.content]


def _by_phase(code: int) -> list[tuple[str, Outcome]]:
    """What a reply means in each phase, where it does not mean the same in all of them."""
    phases = ("mail", "rcpt", "data")
    if code == 421:
        return [(phase, down(phase, "server-not-now", code)) for phase in phases]
    if code == 432:
        return [(phase, Retry(phase, "too-many-connections", code)) for phase in phases]
    if code in (450, 452):
        return [(phase, Retry(phase, "later", code)) for phase in phases]
    if code in (530, 535):
        return [(phase, refuses_us(phase, code)) for phase in phases]
    if code == 552:
        return [(phase, ChannelRefused(phase, "too-big", code)) for phase in phases]
    at_rcpt = AddressRefused("rcpt", code) if code in (550, 551, 553) else ChannelRefused("rcpt", "refused", code)
    return [("mail", refuses_us("mail", code)), ("rcpt", at_rcpt), ("data", ChannelRefused("data", "refused", code))]


@pytest.mark.parametrize("code", [421, 432, 450, 452, 530, 535, 550, 551, 552, 553, 554])
async def test_f31_a_reply_means_by_phase_what_the_table_says(code: int) -> None:
    for phase, outcome in _by_phase(code):
        with Moody({phase: f"{code} no"}) as moody:
            assert await send(moody.server) == outcome, phase
            assert moody.mails == []


@pytest.mark.parametrize("code", [421, 432, 450, 452])
async def test_f31_a_server_that_says_not_now_before_any_mail_is_in_trouble(code: int) -> None:
    reason = "too-many-connections" if code == 432 else "server-not-now"
    for phase in ("connect", "hello"):
        with Moody({phase: f"{code} not now"}) as moody:
            assert await send(moody.server) == down(phase, reason, code)


@pytest.mark.parametrize("code", [530, 535, 550, 552, 554])
async def test_f31_a_server_that_refuses_us_before_any_mail_is_an_alarm(code: int) -> None:
    for phase in ("connect", "hello"):
        with Moody({phase: f"{code} no"}) as moody:
            assert await send(moody.server) == refuses_us(phase, code)


@pytest.mark.parametrize("how", ["drop", "hang"])
@pytest.mark.parametrize("phase", ["connect", "hello", "mail", "rcpt", "command"])
async def test_f31_a_line_that_drops_or_hangs_before_the_content_is_surely_not_sent(phase: str, how: str) -> None:
    with Moody({phase: how}) as moody:
        assert await send(moody.server) == down("data" if phase == "command" else phase)
        assert moody.mails == []


@pytest.mark.parametrize("how", ["drop", "hang"])
async def test_f02_a_line_that_drops_or_hangs_after_the_content_leaves_a_doubt(how: str) -> None:
    with Moody({"data": how}, stores_first=True) as moody:
        assert await send(moody.server) == Unknown("data", "no-answer")
        assert len(moody.mails) == 1


async def test_f31_nobody_listening_is_a_retry_without_a_last_look() -> None:
    look = Look()
    assert await send(MailServer("127.0.0.1", free_port(), tls=False), look) == down("connect")
    assert look.asked == 0


async def test_f31_a_name_that_nobody_knows_is_a_retry() -> None:
    assert await send(MailServer("mail.invalid", 25, tls=False)) == down("connect", "name-unknown")


async def test_f31_tls_that_fails_is_a_retry_and_nothing_goes_without_it() -> None:
    with Moody(bad_tls=True) as moody:
        assert await send(moody.server) == down("hello", "tls-failed")
        assert await send(replace(moody.server, tls=True)) == down("connect", "tls-failed")
        assert "mail" not in moody.commands


async def test_f31_a_mail_too_big_goes_once_more_without_its_attachment() -> None:
    look = Look()
    with Moody(takes_at_most=len(MAIL.content)) as moody:
        fat = replace(MAIL, content=MAIL.content * 9, lean=lambda: MAIL.content)
        assert await send(moody.server, look, fat) == Sent("data", 250)
        assert moody.mails == [MAIL.content]
    assert look.asked == 2


async def test_the_last_look_comes_after_rcpt_and_can_let_go() -> None:
    look = Look(answer=False)
    with Moody() as moody:
        assert await send(moody.server, look) == LetGo()
        assert moody.mails == []
    with Moody({"rcpt": "550 nobody"}) as refusing:
        await send(refusing.server, look)
    assert look.asked == 1


async def test_f31_the_user_of_the_url_logs_in_and_a_wrong_password_is_an_alarm() -> None:
    with Moody(auth=AUTH) as moody:
        assert await send(moody.server) == Sent("data", 250)
    with Moody(auth=("komerbij", "wrong")) as strict:
        assert await send(strict.server) == refuses_us("hello", 535)
    with Moody({"auth": "454 later"}, auth=AUTH) as slow:
        assert await send(slow.server) == down("hello", "server-not-now", 454)
    with Moody() as without:
        outcome = await send(replace(without.server, user="komerbij"))
        assert outcome == Retry("hello", "login-not-offered", trouble=MAIL_SERVER, alarm=True)


async def test_one_connection_carries_many_mails_and_is_reset_between_them() -> None:
    with Moody() as moody:
        assert await send(moody.server, times=5) == Sent("data", 250)
        assert len(moody.mails) == 5
        assert moody.commands.count("hello") == 1
        assert moody.commands.count("rset") == 4


async def test_a_refused_mail_leaves_nothing_behind_for_the_next() -> None:
    with Moody({"rcpt": "550 nobody"}) as moody:
        sender = SmtpSender(moody.server, "example.org", timeout=0.5)
        assert await sender.send(MAIL, Look()) == AddressRefused("rcpt", 550)
        moody.replies.clear()
        assert await sender.send(MAIL, Look()) == Sent("data", 250)
        assert moody.commands.count("hello") == 1
        await sender.close()


@pytest.mark.parametrize("phase", ["rset", "mail", "rcpt"])
@pytest.mark.parametrize("how", ["drop", "421 idle for too long"])
async def test_f31_a_stale_connection_is_replaced_and_is_no_failure(phase: str, how: str) -> None:
    with Moody() as moody:
        sender = SmtpSender(moody.server, "example.org", timeout=0.5)
        await sender.send(MAIL, Look())
        moody.replies[phase] = how
        sending = asyncio.create_task(sender.send(MAIL, Look()))
        while moody.commands.count(phase) < (1 if phase == "rset" else 2):
            await asyncio.sleep(0.001)
        moody.replies.clear()
        assert await sending == Sent("data", 250)
        assert len(moody.mails) == 2
        assert moody.commands.count("hello") == 2
        await sender.close()


async def test_f31_a_connection_that_ended_in_silence_meanwhile_is_replaced() -> None:
    with Moody() as moody:
        sender = SmtpSender(moody.server, "example.org", timeout=0.5)
        await sender.send(MAIL, Look())
        moody.hang_up()
        assert await sender.send(MAIL, Look()) == Sent("data", 250)
        await sender.close()


async def test_f31_after_a_doubt_the_connection_is_closed() -> None:
    with Moody({"data": "hang"}) as moody:
        sender = SmtpSender(moody.server, "example.org", timeout=0.6)  # the answer comes late, in time for an RSET
        assert await sender.send(MAIL, Look()) == Unknown("data", "no-answer")
        moody.replies.clear()
        assert await sender.send(MAIL, Look()) == Sent("data", 250)
        assert moody.commands.count("hello") == 2
        await sender.close()


async def test_f31_432_means_fewer_connections_for_a_while() -> None:
    with Moody({"rcpt": "432 too many"}) as moody:
        sender = SmtpSender(moody.server, "example.org", timeout=0.5)
        assert sender.width() is None
        await sender.send(MAIL, Look())
        assert sender.width() == 1
        await sender.close()


def test_f31_half_as_many_connections_as_were_in_use_when_the_server_complained_and_slowly_more_again() -> None:
    width = Width()
    width.narrow(1000.0, most=4)
    assert [width.at(1000.0 + later) for later in (0, 29, 30, 60)] == [2, 2, 3, 4]
    width.narrow(1060.0, most=9)
    assert width.at(1060.0) == 2
    assert width.at(2000.0) is None


def test_urls_of_mail_servers_are_read() -> None:
    assert mail_server("smtp://mail.example.org") == MailServer("mail.example.org", 25, tls=False)
    assert mail_server("smtps://een%40b:ge%3Aheim@mail.example.org") == MailServer(
        "mail.example.org", 465, tls=True, user="een@b", password="ge:heim"
    )
    assert mail_server("smtp://127.0.0.1:2525").port == 2525


@pytest.mark.parametrize("url", ["mail.example.org:25", "http://een:geheim@mail.example.org", "smtp:///geheim"])
def test_another_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="NOTIFICATIONS_SMTP_URL") as refused:
        mail_server(url)
    assert url not in str(refused.value)

"""How a send over SMTP ends, against a real server that misbehaves in each phase."""

import pytest

from services.notifications.domain.outcomes import Failed, LetGo, Outcome, Retry, Sent, Unknown
from services.notifications.senders.sender import Mail
from services.notifications.senders.smtp import MailServer, SmtpSender, mail_server
from tests.integration.notifications.mail_servers import Moody
from tests.servers import free_port

MAIL = Mail("id-1", "afzender@example.org", "iemand@example.org", b"Subject: Dag\r\n\r\n.Hallo\r\n")


class Look:
    """A last look that remembers whether it was asked."""

    def __init__(self, *, answer: bool = True) -> None:
        self.answer, self.asked = answer, 0

    async def __call__(self) -> bool:
        self.asked += 1
        return self.answer


async def send(server: MailServer, look: Look | None = None) -> Outcome:
    return await SmtpSender(server, "example.org", timeout=0.5).send(MAIL, look or Look())


async def test_250_is_sent() -> None:
    with Moody() as moody:
        assert await send(moody.server) == Sent("data", 250)
        assert moody.mails == [MAIL.content]


@pytest.mark.parametrize(
    ("phase", "reply", "outcome"),
    [
        ("mail", "451 later", Retry("mail", "later", 451)),
        ("mail", "530 authenticate", Retry("mail", "server-refuses-us", 530)),
        ("mail", "552 too big", Failed("mail", "refused", 552)),
        ("rcpt", "450 busy", Retry("rcpt", "later", 450)),
        ("rcpt", "550 nobody", Failed("rcpt", "address-refused", 550)),
        ("data", "452 full", Retry("data", "later", 452)),
        ("data", "554 no", Failed("data", "refused", 554)),
        ("mail", "drop", Retry("mail", "no-contact")),
        ("rcpt", "drop", Retry("rcpt", "no-contact")),
        ("rcpt", "hang", Retry("rcpt", "no-contact")),
        ("data", "drop", Unknown("data", "no-answer")),
        ("data", "hang", Unknown("data", "no-answer")),
    ],
)
async def test_the_phase_decides_whether_the_mail_may_have_left(phase: str, reply: str, outcome: Outcome) -> None:
    with Moody({phase: reply}) as moody:
        assert await send(moody.server) == outcome


async def test_nobody_listening_is_a_retry_without_a_last_look() -> None:
    look = Look()
    assert await send(MailServer("127.0.0.1", free_port(), tls=False), look) == Retry("connect", "no-contact")
    assert look.asked == 0


async def test_the_last_look_comes_after_rcpt_and_can_let_go() -> None:
    look = Look(answer=False)
    with Moody() as moody:
        assert await send(moody.server, look) == LetGo()
        assert moody.mails == []
    with Moody({"rcpt": "550 nobody"}) as refusing:
        await send(refusing.server, look)
    assert look.asked == 1


async def test_the_user_of_the_url_logs_in() -> None:
    with Moody(auth=("komerbij", "geheim")) as moody:
        assert await send(moody.server) == Sent("data", 250)
    with Moody(auth=("komerbij", "wrong")) as strict:
        assert await send(strict.server) == Retry("connect", "server-refuses-us", 535)


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

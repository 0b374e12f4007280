"""The service as it is built from settings."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.notifications.app import build, policy_of, sender_of
from services.notifications.domain.outcomes import Postponed, Sent
from services.notifications.senders.sender import Mail
from services.notifications.settings import Settings
from tests.integration.notifications.mail_servers import Moody
from tests.servers import ADMIN, ADMIN_KEY, SERVICE_KEY


def settings(folder: Path, **more: str) -> Settings:
    return Settings.model_validate(
        {"KOMERBIJ_ADMIN_KEY": ADMIN_KEY, "KOMERBIJ_SERVICE_KEY": SERVICE_KEY, "KOMERBIJ_DATA": folder, **more}
    )


async def test_a_started_service_answers_and_says_how_it_is(tmp_path: Path, redis_url: str) -> None:
    app = build(settings(tmp_path, KOMERBIJ_REDIS_URL=redis_url))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await http.get("/v1/messages", headers=ADMIN)).json() == {"items": [], "next": None}
        checks = (await http.get("/health/ready")).json()["checks"]
        assert set(checks) == {"database", "consumer", "scheduler"}
        assert (await http.get("/v1/openapi.json")).json()["paths"]["/v1/messages"]
    assert (tmp_path / "notifications.db").exists()


def test_the_choices_of_the_operator_are_read(tmp_path: Path) -> None:
    chosen = policy_of(settings(tmp_path, NOTIFICATIONS_REMINDERS="P1D, PT2H", NOTIFICATIONS_QUIET_HOURS=""))
    assert [before.text for before in chosen.reminders] == ["P1D", "PT2H"]
    assert chosen.quiet is None
    twice = policy_of(settings(tmp_path, NOTIFICATIONS_REMINDERS="P1D,PT2H,P1D,PT120M"))
    assert [(before.days, before.elapsed) for before in twice.reminders] == [(1, timedelta()), (0, timedelta(hours=2))]
    assert policy_of(settings(tmp_path)).lease == timedelta(seconds=90)


@pytest.mark.parametrize(("per_second", "outcomes"), [("0.1", {Sent, Postponed}), ("0", {Sent})])
async def test_mails_to_one_domain_go_at_the_pace_that_was_set(
    tmp_path: Path, per_second: str, outcomes: set[type]
) -> None:
    assert settings(tmp_path).mails_per_second == 3
    with Moody() as moody:
        url = f"smtp://127.0.0.1:{moody.port}"
        chosen = settings(tmp_path, NOTIFICATIONS_SMTP_URL=url, NOTIFICATIONS_MAILS_PER_SECOND=per_second)
        sender = sender_of(chosen, "example.org")
        mails = [Mail(f"m{n}", "afzender@example.org", f"i{n}@example.org", b"Subject: Dag\r\n\r\n") for n in range(4)]
        assert {type(await sender.send(mail, go)) for mail in mails} == outcomes
        await sender.close()


async def go() -> bool:
    """A last look that says yes."""
    return True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NOTIFICATIONS_REMINDERS", "tomorrow"),
        ("NOTIFICATIONS_QUIET_HOURS", "night"),
        ("NOTIFICATIONS_SENDER", "nobody"),
        ("NOTIFICATIONS_MAILS_PER_SECOND", "-1"),
        ("NOTIFICATIONS_MAILS_PER_SECOND", "nan"),
        ("NOTIFICATIONS_SMTP_URL", "http://mail.example.org"),
    ],
)
def test_a_setting_that_cannot_be_read_stops_the_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"reminder|quiet|NOTIFICATIONS"):
        build(settings(tmp_path, **{name: value}))

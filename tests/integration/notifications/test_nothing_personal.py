"""Names, addresses and numbers pass through memory; no log, table, exception or readable form keeps one."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select

from services.notifications.contacts import Contact, ContactClient, ContactsAway, PostalAddress
from services.notifications.domain.channels import Reach
from services.notifications.domain.receipts import Receipt
from services.notifications.senders.sms import SmsSender, TextMessage
from services.notifications.senders.smtp import SmtpSender
from services.notifications.tables import metadata
from services.notifications.usecases import sending
from services.notifications.usecases.receiving import Said, receive
from services.notifications.usecases.sending import Person
from shared.database import reading
from shared.observability import configure_logging
from tests.integration.notifications import sms_server as api
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.sms_server import SmsServer
from tests.integration.notifications.story import START, Story
from tests.servers import SERVICE_KEY

MARKERS = ("zeldzamenaam", "vindmij", "12345678", "onvindbarestraat", "9876zx", "gehuchtstad")
ADDRESS = {"street": "Onvindbarestraat 3", "postalCode": "9876ZX", "city": "Gehuchtstad"}
PERSON = {"name": "Zeldzamenaam", "email": "vindmij@example.org", "phone": "06-12345678", "address": ADDRESS}


def found_in(text: str) -> list[str]:
    return [marker for marker in MARKERS if marker in text.lower()]


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Everything that a formatter could show of what was logged, with traces; not what the test's mail server says."""
    whole = logging.Formatter()
    ours = [record for record in caplog.records if record.name != "mail.log"]
    return "\n".join(f"{whole.format(record)} {record.__dict__}" for record in ours)


def stored(rig: Rig) -> str:
    with reading(rig.engine) as connection:
        return "".join(str(connection.execute(select(table)).all()) for table in metadata.tables.values())


@pytest.mark.parametrize(
    ("smtp", "sms"),
    [
        ({}, []),
        ({"rcpt": "550 no vindmij@example.org here"}, [api.error(400, "ValidationError", "phone_number 0612345678")]),
        ({"rcpt": "451 vindmij@example.org later"}, [api.TRIAL]),
        ({"data": "554 Zeldzamenaam is spam"}, ["dropped", "dropped before"]),
        ({"mail": "drop"}, [api.error(500, "Exception", "0612345678"), api.BUSY]),
        ({"data": "drop"}, [api.CLOCK]),
    ],
)
async def test_f40_no_log_and_no_table_keeps_whom_a_message_went_to(
    rig: Rig,
    story: Story,
    provider: SmsServer,
    caplog: pytest.LogCaptureFixture,
    smtp: dict[str, str],
    sms: list[Any],
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.faults = list(sms)
    ways: tuple[dict[str, str], ...] = (
        {},
        {"reachVia": "sms"},
        {"reachVia": "letter"},
        {"reachVia": "phone"},
        {"email": "vindmij@@example.org"},
    )
    keys = [f"s{number}" for number in range(len(ways))]
    rig.contacts.contacts = {f"pid-{key}": {**PERSON, **way} for key, way in zip(keys, ways, strict=True)}
    with Moody(smtp) as moody:
        rig.sender = SmtpSender(moody.server, "example.org", timeout=1.0)
        rig.apply(story.activity(), *(story.signup(key) for key in keys))
        await rig.work()
        for row in rig.rows(status="sent"):
            said = Receipt(row["channel"], "bounced", transport_ref=row["transport_ref"])
            receive(rig.engine, Said(row["id"], said, None), rig.clock(), rig.policy)
        rig.apply(story.cancelled())
        await rig.later(minutes=20).work()
        await rig.at(START - timedelta(hours=2)).work()
    assert rig.rows(), "nothing happened"
    assert found_in(stored(rig)) == []
    assert found_in(logged(caplog)) == []


async def test_f40_an_accident_while_sending_is_logged_by_its_name_alone(
    rig: Rig, story: Story, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_kind: str, *_more: object) -> str:
        raise KeyError(str(PERSON))

    monkeypatch.setattr(sending, "words", breaks)
    rig.contacts.contacts = {"pid-s1": PERSON}
    rig.apply(story.activity(), story.signup())
    await rig.work()
    assert rig.row("confirmation")["status"] == "failed"
    assert "KeyError" in logged(caplog)
    assert found_in(logged(caplog) + stored(rig)) == []


ODD: list[Any] = [
    [],
    {},
    {"items": None},
    {"items": [None]},
    {"items": [{"contact": PERSON}]},
    {"items": [{"partnerId": "avedan", "pid": "p1"}]},
    {"items": [{"partnerId": "avedan", "pid": "p1", "contact": "Zeldzamenaam"}]},
    {"items": [{"partnerId": "avedan", "pid": "p1", "contact": {**PERSON, "email": 12345678}}]},
    {"items": [{"partnerId": "avedan", "pid": "p1", "contact": {**PERSON, "address": "Onvindbarestraat"}}]},
    {"items": [{"partnerId": "avedan", "pid": "somebody-else", "contact": PERSON}]},
    {"items": [{"partnerId": ["avedan"], "pid": "p1", "contact": None}]},
    "Zeldzamenaam",
]


@pytest.mark.parametrize("answer", ODD, ids=range(len(ODD)))
async def test_f40_an_odd_answer_to_a_look_up_is_registration_away_and_repeats_nothing(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ContactClient("http://127.0.0.1:9", SERVICE_KEY)
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=orjson.dumps(answer)))
    await client.close()
    odd = httpx.AsyncClient(transport=transport, base_url="http://test")
    monkeypatch.setattr(client, "_client", odd)
    with pytest.raises(ContactsAway) as raised:
        await client.look_up("avedan", "p1")
    assert found_in(f"{raised.value!r} {raised.value.__cause__!r}") == []
    assert raised.value.__suppress_context__
    await client.close()


async def test_f40_a_look_up_while_we_stop_is_registration_away() -> None:
    client = ContactClient("http://127.0.0.1:9", SERVICE_KEY)
    await client.close()
    with pytest.raises(ContactsAway):
        await client.look_up("avedan", "p1")


async def test_many_are_looked_up_in_few_requests_and_everybody_has_an_answer(rig: Rig) -> None:
    rig.contacts.contacts = {"pid-7": PERSON, "pid-8": None}
    client = ContactClient(rig.contacts.url, SERVICE_KEY)
    pairs = [("avedan", f"pid-{number}") for number in range(1200)]
    found = await client.look_up_many([*pairs, *pairs[:5]])
    await client.close()
    assert (list(found), rig.contacts.asked) == (pairs, 3)
    assert found["avedan", "pid-8"] is None
    person = found["avedan", "pid-7"]
    assert person is not None
    assert person.address is not None
    assert (person.name, person.address.city) == ("Zeldzamenaam", "Gehuchtstad")


@pytest.mark.parametrize(
    "value",
    [
        Contact("Zeldzamenaam", "vindmij@example.org", "0612345678"),
        PostalAddress("Onvindbarestraat 3", "9876ZX", "Gehuchtstad"),
        TextMessage("id", "+31612345678", "Zeldzamenaam"),
        Person("Zeldzamenaam", Reach(), {"email": "vindmij@example.org"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_f40_what_holds_an_address_has_no_readable_form(value: object) -> None:
    assert found_in(f"{value!r} {value} {ValueError(value)!r}") == []


async def test_f40_the_provider_s_answers_and_a_broken_line_leave_no_trace_in_what_is_raised(
    provider: SmsServer, caplog: pytest.LogCaptureFixture
) -> None:
    configure_logging("notifications")
    caplog.set_level(logging.DEBUG)
    sender = SmsSender(provider.account, timeout=0.5)

    async def look() -> bool:
        return True

    provider.faults = ["dropped", "dropped before", api.BROKEN]
    replies = [await sender.send(TextMessage("id", "+31612345678", "Zeldzamenaam"), look) for _ in range(4)]
    await sender.close()
    await asyncio.sleep(0)
    assert [type(reply.outcome).__name__ for reply in replies] == ["Sent", "Sent", "Retry", "Sent"]
    assert found_in(f"{replies} {logged(caplog)}") == []

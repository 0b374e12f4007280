"""No more reminders: the link in a mail, the page behind it, and the one click of a mail program (RFC 8058)."""

import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import timedelta
from email.message import EmailMessage

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from services.notifications.api.unsubscribe import unsubscribe_routes
from services.notifications.domain.facts import Message
from services.notifications.senders.mail import letterhead
from services.notifications.store import projections
from services.notifications.store.rows import message
from services.notifications.tables import OptOutRow
from services.notifications.usecases.unsubscribing import link
from shared.database import reading, table_of, transaction
from shared.http.application import create_app
from tests.databases import contents
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import SENDER, Rig
from tests.integration.notifications.story import START, Story

FORM = {"List-Unsubscribe": "One-Click"}
MEMBERS = [field.name for field in fields(Message)]
NOBODY = "/v1/unsubscribe/" + "A" * 43


@asynccontextmanager
async def idle(_app: FastAPI) -> AsyncIterator[None]:
    """Nothing to start."""
    yield


@pytest.fixture(name="http")
async def the_pages(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    routes = unsubscribe_routes(rig.engine, rig.policy, rig.clock)
    app = create_app(
        title="t", description="d", contact=None, cors_origins=(), routers=(routes,), checks={}, lifespan=idle
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def reminded(rig: Rig, story: Story, mailbox: Mailbox) -> EmailMessage:
    """The mail that reminds of one activity; the sign-up has PT2H still to come."""
    rig.head = letterhead(SENDER, "https://berichten.example.org/")
    rig.apply(story.activity(), story.signup())
    await rig.at(START - timedelta(hours=24)).work()
    return next(mail for mail in mailbox.mails() if str(mail["Subject"]).startswith("Herinnering"))


def path_in(mail: EmailMessage) -> str:
    found = re.fullmatch(
        r"<https://berichten\.example\.org(/v1/unsubscribe/[A-Za-z0-9_-]{43})>", mail["List-Unsubscribe"]
    )
    assert found
    return found[1]


def opted_out(rig: Rig) -> list[str]:
    with reading(rig.engine) as connection:
        return list(connection.execute(select(table_of(OptOutRow).c.pid)).scalars())


async def test_a_reminder_carries_the_link_in_its_headers_its_text_and_its_html(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    mail = await reminded(rig, story, mailbox)
    link = f"https://berichten.example.org{path_in(mail)}"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert link in part.get_content()
    others = [one for one in mailbox.mails() if one["Message-ID"] != mail["Message-ID"]]
    assert others
    assert [one["List-Unsubscribe"] for one in others] == [None] * len(others)


async def test_nothing_is_kept_for_a_link_and_it_names_no_person(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    token = path_in(await reminded(rig, story, mailbox)).rpartition("/")[2]
    assert token not in contents(rig.engine)
    assert b"s1" not in base64.urlsafe_b64decode(f"{token}=")


async def test_a_link_waits_for_nobody(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    """Neither for who plans nor, on SQLite, for who writes: it is made for each of thousands of reminders."""
    await reminded(rig, story, mailbox)
    held = message({name: rig.row("reminder", status="sent")[name] for name in MEMBERS})
    with transaction(rig.engine) as planning:
        projections.one_planner(planning)
        assert link(rig.engine, held, "https://berichten.example.org")


async def test_f34_looking_changes_nothing(rig: Rig, story: Story, mailbox: Mailbox, http: httpx.AsyncClient) -> None:
    path, before = path_in(await reminded(rig, story, mailbox)), rig.rows()
    answers = [await http.get(path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert '<form method="post">' in answers[0].text
    assert (opted_out(rig), rig.rows()) == ([], before)


async def test_f34_one_click_stops_reminders_of_all_partners_and_nothing_else(
    rig: Rig, story: Story, mailbox: Mailbox, http: httpx.AsyncClient
) -> None:
    path = path_in(await reminded(rig, story, mailbox))
    rig.apply(story.activity(starts_at=START + timedelta(days=7)))
    await rig.work()
    assert rig.row("reminder", status="scheduled")
    assert (await http.post(path, data=FORM)).status_code == 200
    assert opted_out(rig) == ["pid-s1"]
    closed = rig.row("reminder", status="suppressed")
    assert closed["reason"] == "opted-out"
    rig.apply(story.cancelled())
    await rig.work()
    assert mailbox.subjects()[-1] == "Gaat niet door: Bingo in de Schelf"


async def test_f34_a_second_click_and_one_after_an_erasure_get_the_same_page(
    rig: Rig, story: Story, mailbox: Mailbox, http: httpx.AsyncClient
) -> None:
    path = path_in(await reminded(rig, story, mailbox))
    first, second = await http.post(path, data=FORM), await http.post(path, data=FORM)
    rig.apply(story.erased("pid-s1"))
    assert opted_out(rig) == []
    after, nobody = await http.post(path, data=FORM), await http.post(NOBODY, data=FORM)
    assert [one.status_code for one in (first, second, after, nobody)] == [200] * 4
    assert len({one.text for one in (first, second, after, nobody)}) == 1
    assert opted_out(rig) == []


async def test_f34_a_click_works_when_the_contact_data_is_long_gone(
    rig: Rig, story: Story, mailbox: Mailbox, http: httpx.AsyncClient
) -> None:
    path = path_in(await reminded(rig, story, mailbox))
    rig.contacts.contacts = {"pid-s1": None}
    rig.at(START + timedelta(days=400))
    assert (await http.post(path, data=FORM)).status_code == 200
    assert opted_out(rig) == ["pid-s1"]


async def test_an_old_link_stops_nothing_of_who_signs_up_anew_after_an_erasure(
    rig: Rig, story: Story, mailbox: Mailbox, http: httpx.AsyncClient
) -> None:
    path = path_in(await reminded(rig, story, mailbox))
    rig.each([story.erased("pid-s1"), story.signup("s2", pid="pid-s1")])
    assert (await http.post(path, data=FORM)).status_code == 200
    assert opted_out(rig) == []


async def test_f34_a_token_that_we_never_made_stops_nothing(
    rig: Rig, story: Story, mailbox: Mailbox, http: httpx.AsyncClient
) -> None:
    path = path_in(await reminded(rig, story, mailbox))
    forged = path[:-20] + NOBODY[-20:]
    assert (await http.post(forged, data=FORM)).text == (await http.post(NOBODY, data=FORM)).text
    assert opted_out(rig) == []


async def test_f34_looking_does_not_tell_whether_a_token_is_somebodys(http: httpx.AsyncClient) -> None:
    page = await http.get(NOBODY)
    assert page.status_code == 200
    assert "Wilt u geen herinneringen meer?" in page.text


@pytest.mark.parametrize("method", ["get", "post"])
async def test_half_a_link_says_so(http: httpx.AsyncClient, method: str) -> None:
    answer = await http.request(method, NOBODY[:-5], data=FORM if method == "post" else None)
    assert "Dit adres is niet heel" in answer.text


async def test_a_mail_program_may_send_the_form_in_parts(http: httpx.AsyncClient) -> None:
    answer = await http.post(NOBODY, files={"List-Unsubscribe": (None, "One-Click")})
    assert "U krijgt geen herinneringen meer" in answer.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/x-www-form-urlencoded", 400),
        (b"List-Unsubscribe=Later", "application/x-www-form-urlencoded", 400),
        (b"List-Unsubscribe=One-Click&a=b", "application/x-www-form-urlencoded", 400),
        (b"\xff", "multipart/form-data; boundary=x", 400),
        (b"{}", "application/json", 415),
        (b"a" * 5000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_any_other_body_is_refused(http: httpx.AsyncClient, content: bytes, kind: str, status: int) -> None:
    answer: httpx.Response = await http.post(NOBODY, content=content, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text


async def test_the_page_runs_no_script_fetches_nothing_and_is_kept_nowhere(http: httpx.AsyncClient) -> None:
    page = await http.get(NOBODY)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "url", ["berichten.example.org", "ftp://x", "https://", "https://x/ y", "https://x>\r\nBcc: a"]
)
def test_a_public_address_that_fits_no_header_stops_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="NOTIFICATIONS_PUBLIC_URL"):
        letterhead(SENDER, url)

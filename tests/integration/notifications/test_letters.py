"""Letters: days ahead, so that they can be posted; too late for the post is a call."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete

from services.notifications.contacts import ContactClient, ContactsAway
from services.notifications.domain.policy import Policy
from services.notifications.domain.posting import is_there_in_time, moments_to_post, working_days_after
from services.notifications.domain.times import AMSTERDAM
from services.notifications.tables import MessageRow
from services.notifications.usecases.probing import look_ahead
from services.notifications.usecases.reconciling import reconcile
from shared.database import table_of, transaction
from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.call_centre import Centre, opened
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import EARLY, START, Story
from tests.servers import SERVICE_KEY

HOME = {"street": "Marktstraat 1", "postalCode": "7607 AA", "city": "Almelo"}
WRITTEN = {"name": "De heer Bakker", "reachVia": "letter", "address": HOME}
TUESDAY = datetime(2026, 10, 20, 9, tzinfo=AMSTERDAM)
"""The activity is on Sunday the 25th, its reminder on Saturday the 24th."""


@pytest.fixture(name="centre")
async def call_centre(rig: Rig) -> AsyncIterator[Centre]:
    async with opened(rig) as centre:
        yield centre


async def looked_ahead(rig: Rig) -> int:
    client = ContactClient(rig.contacts.url, SERVICE_KEY)
    try:
        return await look_ahead(rig.engine, client, rig.clock(), rig.policy)
    finally:
        await client.close()
        adds_up(rig.engine, rig.clock(), rig.policy)


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (date(2026, 10, 19), 2, date(2026, 10, 21)),
        (date(2026, 10, 22), 2, date(2026, 10, 26)),
        (date(2026, 10, 24), 0, date(2026, 10, 26)),
        (date(2026, 10, 25), 1, date(2026, 10, 27)),
        (date(2026, 12, 31), 2, date(2027, 1, 4)),
    ],
)
def test_working_days_leave_the_weekend_out(day: date, number: int, found: date) -> None:
    assert working_days_after(day, number) == found


def test_a_letter_that_is_there_on_the_day_itself_is_too_late() -> None:
    assert is_there_in_time(date(2026, 10, 21), START, Policy())
    assert not is_there_in_time(date(2026, 10, 22), START, Policy())
    assert moments_to_post(date(2026, 10, 20), Policy()) == date(2026, 10, 26)


async def test_a_reminder_by_letter_is_on_the_letters_in_time_to_be_posted(centre: Centre, story: Story) -> None:
    centre.rig.contacts.contacts |= {"pid-s1": WRITTEN, "pid-s2": {"email": "s2@example.org"}}
    centre.rig.apply(story.activity(), story.signup("s1"), story.signup("s2"))
    await centre.rig.work()
    await centre.report((await centre.items("/v1/letters"))[0], "spoken")
    centre.rig.at(TUESDAY - timedelta(days=4))
    assert await looked_ahead(centre.rig) == 0, "too early to post"
    centre.rig.at(TUESDAY)
    assert await looked_ahead(centre.rig) == 2
    [item] = await centre.items("/v1/letters")
    assert (item["kind"], item["name"], item["address"]) == ("reminder", "De heer Bakker", HOME)
    assert "zondag 25 oktober om 14:00 uur" in item["say"]
    assert await centre.items() == []
    assert await looked_ahead(centre.rig) == 0, "nobody is asked about twice"
    assert [row["status"] for row in centre.rig.rows(kind="reminder")] == ["to-call", "scheduled"]


async def test_a_letter_that_nobody_says_was_posted_becomes_a_call(centre: Centre, story: Story) -> None:
    centre.rig.contacts.contacts["pid-s1"] = WRITTEN
    centre.rig.apply(story.activity(), story.signup())
    await centre.rig.work()
    on_lists = {}
    for day in (21, 22):
        centre.rig.at(TUESDAY.replace(day=day))
        on_lists[day] = (len(await centre.items("/v1/letters")), len(await centre.items()))
    assert on_lists == {21: (1, 0), 22: (0, 1)}


async def test_without_a_postal_address_a_letter_is_a_call(centre: Centre, story: Story) -> None:
    centre.rig.contacts.contacts["pid-s1"] = {**WRITTEN, "address": None}
    centre.rig.apply(story.activity(), story.signup())
    await centre.rig.work()
    assert (len(await centre.items("/v1/letters")), len(await centre.items())) == (0, 1)


async def test_who_is_moved_after_the_look_is_looked_at_again(centre: Centre, story: Story) -> None:
    centre.rig.contacts.contacts["pid-s1"] = {"email": "s1@example.org"}
    centre.rig.apply(story.activity(), story.signup())
    centre.rig.at(TUESDAY)
    assert await looked_ahead(centre.rig) == 1
    centre.rig.apply(story.activity(starts_at=START + timedelta(hours=2), at=TUESDAY))
    assert await looked_ahead(centre.rig) == 1


async def test_without_registration_nobody_counts_as_looked_at(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    rig.at(TUESDAY).contacts.away = True
    with pytest.raises(ContactsAway):
        await looked_ahead(rig)
    assert rig.row("reminder")["probed_at"] is None


async def test_letters_are_printed_one_a_page_with_the_address_apart(centre: Centre, story: Story) -> None:
    centre.rig.contacts.contacts["pid-s1"] = WRITTEN
    centre.rig.apply(story.activity(), story.signup())
    await centre.rig.work()
    headers = {**(await centre.key("avedan", "messages:read")), "Accept": "text/html"}
    page = (await centre.http.get("/v1/letters", headers=headers)).text
    assert page.count('<article class="letter"') == 1
    assert "<span>Marktstraat 1</span>" in page
    assert "Beste meneer Bakker," in page
    assert "Stichting Test" in page


def lose(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(delete(table_of(MessageRow)))


def test_what_lacks_is_put_in_and_counted_and_what_lies_further_ahead_waits(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2"))
    assert reconcile(rig.engine, EARLY, rig.policy) == 0
    lose(rig.engine)
    assert reconcile(rig.engine, EARLY, rig.policy) == 0, "24 days ahead"
    rig.at(START - timedelta(days=7))
    assert reconcile(rig.engine, rig.clock(), rig.policy) == 4
    assert reconcile(rig.engine, rig.clock(), rig.policy) == 0
    adds_up(rig.engine, rig.clock(), rig.policy)

"""`GET /v1/completeness`: the people of an activity add up, and who is forgotten is seen."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.notifications.tables import MessageRow
from shared.database import table_of, transaction
from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.call_centre import Centre, opened
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story
from tests.servers import ADMIN

SOON = START - timedelta(hours=30)
"""Before the moment of the reminder."""
NUMBERS = ("due", "told", "planned", "callList", "optedOut", "missing")


@pytest.fixture(name="centre")
async def call_centre(rig: Rig) -> AsyncIterator[Centre]:
    async with opened(rig) as centre:
        yield centre


async def numbers(centre: Centre, headers: dict[str, str] = ADMIN, **params: Any) -> list[tuple[int, ...]]:
    answer = await centre.http.get("/v1/completeness", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["missing"] == sum(item["missing"] for item in answer.json()["items"])
    return [tuple(item[name] for name in NUMBERS) for item in answer.json()["items"]]


def everybody(centre: Centre, story: Story) -> None:
    """One for each standing, and one who withdrew; one of them in two roles."""
    known = centre.rig.contacts.contacts
    known |= {"pid-called": {"phone": "0546 123456", "reachVia": "phone"}, "pid-none": {"reachVia": "none"}}
    centre.rig.apply(
        story.activity(),
        *(story.signup(key) for key in ("mailed", "called", "none", "gone")),
        story.signup("waits", "waitlisted"),
        story.signup("off", reminders=False),
        story.signup("twice", pid="pid-mailed", role="volunteer"),
        story.signup("gone", "withdrawn"),
    )


async def test_people_add_up_before_and_after_the_reminder(centre: Centre, story: Story) -> None:
    everybody(centre, story)
    assert await numbers(centre, hours=31 * 24) == [(5, 0, 5, 0, 0, 0)]
    await centre.rig.at(SOON).work()
    assert await numbers(centre) == [(5, 1, 2, 1, 1, 0)], "who wants none is found out at the reminder, too"
    await centre.rig.at(START - timedelta(hours=20)).work()
    assert await numbers(centre) == [(5, 2, 0, 1, 2, 0)]


async def test_everybody_who_meant_to_come_is_due_a_cancellation(centre: Centre, story: Story) -> None:
    everybody(centre, story)
    await centre.rig.at(SOON).work()
    centre.rig.apply(story.cancelled(at=SOON))
    assert (await numbers(centre))[0][:3] == (5, 0, 5)
    await centre.rig.work()
    assert await numbers(centre) == [(5, 3, 0, 1, 1, 0)]


async def test_who_was_told_an_old_time_is_not_told(centre: Centre, story: Story) -> None:
    centre.rig.apply(story.activity(), story.signup(reminders=False))
    await centre.rig.at(SOON).work()
    assert await numbers(centre) == [(1, 0, 0, 0, 1, 0)]
    centre.rig.apply(story.activity(starts_at=START + timedelta(hours=1), at=SOON))
    assert await numbers(centre) == [(1, 0, 1, 0, 0, 0)]


async def test_who_is_neither_told_nor_planned_nor_listed_is_missing(centre: Centre, story: Story) -> None:
    """The negative control of every `adds_up`: a call that was wiped off the list."""
    everybody(centre, story)
    await centre.rig.at(SOON).work()
    table = table_of(MessageRow)
    with transaction(centre.rig.engine) as connection:
        connection.execute(update(table).where(table.c.status == "to-call").values(status="failed", call_since=None))
    assert await numbers(centre) == [(5, 1, 2, 0, 1, 1)]
    with pytest.raises(AssertionError, match="somebody is missing"):
        adds_up(centre.rig.engine, centre.rig.clock(), centre.rig.policy)


async def test_only_what_begins_within_the_hours_is_shown(centre: Centre, story: Story) -> None:
    centre.rig.apply(story.activity(), story.signup())
    centre.rig.at(START - timedelta(hours=49))
    assert await numbers(centre) == []
    assert len(await numbers(centre, hours=49)) == 1
    centre.rig.at(START)
    assert await numbers(centre) == []


async def test_a_partner_sees_its_own_activities_and_its_own_people(centre: Centre, story: Story) -> None:
    centre.rig.apply(story.activity(), story.signup("s1"), story.signup("s2", partner_id="buren"))
    centre.rig.at(SOON)
    seen = {name: await numbers(centre, await centre.key(name, "messages:read")) for name in ("avedan", "buren", "ver")}
    assert {name: [row[0] for row in rows] for name, rows in seen.items()} == {"avedan": [2], "buren": [1], "ver": []}

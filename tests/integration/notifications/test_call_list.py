"""The call list: who has to be called, each once, with what to say; and what comes of a call."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.call_centre import Centre, Json, opened
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story
from tests.servers import ADMIN

MEMBERS = {"messageId", "partnerId", "activity", "startsAt", "kind", "name", "phone", "address", "reason", "say"}
CALLED = {"name": "Mevrouw De Vries", "phone": "0546 123456", "reachVia": "phone"}
DAY_BEFORE = START - timedelta(hours=20)


@pytest.fixture(name="centre")
async def call_centre(rig: Rig) -> AsyncIterator[Centre]:
    async with opened(rig) as centre:
        yield centre


async def signed_up(centre: Centre, story: Story, contact: Json, key: str = "s1", **changes: Any) -> None:
    """Somebody whose contact data are these, and all messages of today sent."""
    centre.rig.contacts.contacts[str(changes.get("pid", f"pid-{key}"))] = contact
    if not story.activity_version:
        centre.rig.apply(story.activity())
    centre.rig.apply(story.signup(key, **changes))
    await centre.rig.work()


async def printed(centre: Centre) -> str:
    """The list as a browser gets it."""
    answer = await centre.http.get("/v1/call-list", headers={**ADMIN, "Accept": "text/html"})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.text


async def test_who_wants_a_call_is_on_the_list_with_what_to_say(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    [item] = await centre.items()
    assert set(item) >= MEMBERS
    assert (item["name"], item["phone"], item["reason"]) == ("Mevrouw De Vries", "0546 123456", "prefers-phone")
    assert (item["partnerId"], item["activity"], item["kind"]) == ("avedan", "avedan/bingo-1", "confirmation")
    assert "zondag 25 oktober om 14:00 uur" in item["say"]
    assert item["reasonText"] == "De persoon wil gebeld worden."


async def test_what_is_said_is_so_now(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    centre.rig.apply(story.activity(starts_at=START + timedelta(hours=1)))
    await centre.rig.work()
    [item] = await centre.items()
    assert "om 15:00 uur" in item["say"]
    assert "om 14:00 uur" not in item["say"]


async def test_f38_printed_twice_it_names_the_same_people_each_once_and_nobody_is_on_two_lists(
    centre: Centre, story: Story
) -> None:
    """Reminders are open beside confirmations by then, and one person signed up in two roles."""
    letter = {"reachVia": "letter", "address": {"street": "Markt 1", "postalCode": "7607 AA", "city": "Almelo"}}
    for key in ("a", "b", "c"):
        await signed_up(centre, story, {**CALLED, "name": key}, key)
    await signed_up(centre, story, {**CALLED, "name": "a"}, "a2", pid="pid-a", role="volunteer")
    await signed_up(centre, story, {**letter, "name": "d"}, "d")
    on_paper = [item["name"] for item in await centre.items("/v1/letters")]
    first, second = await centre.items(), await centre.items()
    assert first == second
    assert sorted(item["name"] for item in first) == ["a", "b", "c"]
    assert on_paper == ["d"]
    page, page_again = await printed(centre), await printed(centre)
    assert page == page_again
    assert re.findall(r"<h2>(.*)</h2>", page) == [item["name"] for item in first]
    await centre.rig.at(DAY_BEFORE).work()
    late, again = await centre.items(), await centre.items()
    assert late == again
    assert sorted(item["name"] for item in late) == ["a", "b", "c", "d"], "too late for the post: one list"
    assert await centre.items("/v1/letters") == []


async def test_a_person_is_on_the_list_from_the_day_on_until_the_start(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    days = {day: len(await centre.items(date=day)) for day in ("2026-09-30", "2026-10-01", "2026-10-25", "2026-10-26")}
    assert list(days.values()) == [0, 1, 1, 0]
    centre.rig.at(START)
    assert await centre.items() == []


async def test_who_was_spoken_to_is_off_the_list_and_counts_as_told(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    [item] = await centre.items()
    answer = await centre.report(item, "spoken", version=item["version"])
    assert (answer.status_code, answer.json()["status"]) == (200, "told")
    assert answer.json()["attempts"][-1]["outcome"] == "spoken"
    assert await centre.items() == []
    row = centre.rig.row("confirmation")
    assert (row["told_version"], row["call_outcome"], row["called_at"]) == (1, "spoken", centre.rig.clock())
    adds_up(centre.rig.engine, centre.rig.clock(), centre.rig.policy)


@pytest.mark.parametrize("outcome", ["voicemail", "not-reached"])
async def test_who_was_not_reached_stays_on_the_list_with_the_outcome(
    centre: Centre, story: Story, outcome: str
) -> None:
    await signed_up(centre, story, CALLED)
    [item] = await centre.items()
    assert (await centre.report(item, outcome)).json()["status"] == "not-reached"
    [again] = await centre.items()
    assert (again["messageId"], again["outcome"]) == (item["messageId"], outcome)
    assert (await centre.report(item, "spoken")).json()["status"] == "told"


async def test_one_call_tells_all_there_is_to_tell(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    await centre.rig.at(DAY_BEFORE).work()
    [item] = await centre.items()
    assert (item["kind"], item["otherKinds"]) == ("confirmation", ["reminder"])
    await centre.report(item, "spoken")
    assert await centre.items() == []
    assert {row["status"] for row in centre.rig.rows()} == {"told"}


async def test_who_was_told_how_it_was_before_a_change_is_told_the_change(centre: Centre, story: Story) -> None:
    """The list was printed, then the start moved, then the call was made from the print."""
    await signed_up(centre, story, CALLED)
    [printed] = await centre.items()
    later = centre.rig.later(hours=2).clock()
    centre.rig.apply(story.activity(starts_at=START + timedelta(hours=1), at=later))
    await centre.report(printed, "spoken", version=printed["version"])
    await centre.rig.work()
    [change] = await centre.items()
    assert (change["kind"], "om 15:00 uur" in change["say"]) == ("change", True)


async def test_the_same_outcome_again_changes_nothing(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    [item] = await centre.items()
    first = await centre.report(item, "spoken")
    again = await centre.report(item, "spoken")
    assert (again.status_code, again.json()) == (200, first.json())


async def test_an_outcome_for_what_is_on_no_list_is_refused(centre: Centre, story: Story) -> None:
    centre.rig.apply(story.activity(), story.signup())
    await centre.rig.work()
    sent = {"messageId": centre.rig.row("confirmation")["id"]}
    answer = await centre.report(sent, "spoken")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "not-listed")
    assert (await centre.report({"messageId": "nobody"}, "spoken")).status_code == 404
    assert (await centre.report(sent, "fine")).status_code == 400
    assert centre.rig.row("confirmation")["status"] == "sent"


async def test_who_is_not_coming_is_withdrawn_at_registration_once(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    [item] = await centre.items()
    for _ in range(2):
        answer = await centre.report(item, "not-coming")
        assert (answer.status_code, answer.json()["status"]) == (200, "told")
    [event] = centre.door.taken
    assert (event["type"], event["partnerid"]) == ("nl.meedoen.signup-withdrawn.v1", "avedan")
    assert event["data"]["signupId"] == "s1"
    assert await centre.items() == []
    centre.rig.apply(story.signup(what="withdrawn"))
    assert centre.rig.row("reminder")["status"] == "cancelled"
    assert centre.rig.row("confirmation")["status"] == "told"


async def test_without_registration_who_is_not_coming_stays_as_it_was(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    [item] = await centre.items()
    centre.door.away = True
    before = centre.rig.rows()
    assert (await centre.report(item, "not-coming")).status_code == 503
    assert (centre.rig.rows(), await centre.items()) == (before, [item])
    centre.door.away = False
    assert (await centre.report(item, "not-coming")).status_code == 200


async def test_a_withdrawal_that_comes_back_before_the_outcome_is_written_is_told_all_the_same(
    centre: Centre, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stream is faster than our own commit."""
    await signed_up(centre, story, CALLED)
    [item] = await centre.items()
    answer = centre.door.answer

    def and_back(path: str, key: str, events: list[Json]) -> tuple[int, object]:
        centre.rig.apply(story.signup(what="withdrawn"))
        return answer(path, key, events)

    monkeypatch.setattr(centre.door, "answer", and_back)
    assert (await centre.report(item, "not-coming")).json()["status"] == "told"


async def test_without_registration_there_is_no_list_rather_than_half_of_one(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    centre.rig.contacts.away = True
    for path in ("/v1/call-list", "/v1/letters"):
        answer = await centre.http.get(path, headers=await centre.key("avedan", "messages:read"))
        assert (answer.status_code, answer.json()["code"]) == (503, "lock-timeout")
        assert "registration" in answer.json()["detail"]


async def test_a_partner_sees_and_reports_about_the_people_it_signed_up(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, CALLED)
    own = await centre.key("avedan", "messages:read", "messages:write")
    other = await centre.key("buren", "messages:read", "messages:write")
    [item] = await centre.items(headers=own)
    assert await centre.items(headers=other) == []
    assert await centre.items(partner="buren") == []
    assert await centre.items(partner="buren,avedan") == [item]
    for partner in ("avedan", "buren,avedan"):
        foreign = await centre.http.get("/v1/call-list", params={"partner": partner}, headers=other)
        assert foreign.status_code == 403
    assert (await centre.report(item, "spoken", other)).status_code == 403
    assert (await centre.report(item, "spoken", own)).status_code == 200


async def test_on_paper_names_are_text_and_nothing_else(centre: Centre, story: Story) -> None:
    await signed_up(centre, story, {**CALLED, "name": "<b>Jansen</b> & Co"})
    page = await printed(centre)
    assert "&lt;b&gt;Jansen&lt;/b&gt; &amp; Co" in page
    assert "<b>" not in page
    assert "Wat u zegt" in page


@pytest.mark.parametrize("day", ["0", "1793000000", "2026-10-32", "22-10-2026", "vandaag"])
async def test_what_is_no_day_is_refused(centre: Centre, day: str) -> None:
    for path in ("/v1/call-list", "/v1/letters"):
        answer = await centre.http.get(path, params={"date": day}, headers=await centre.key(None, "messages:read"))
        assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (400, ["date"])

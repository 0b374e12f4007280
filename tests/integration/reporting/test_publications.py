"""What publications say of stories that everybody can count (reporting guide 10 and 11)."""

import pytest
from sqlalchemy import Engine

from services.reporting.domain.indicators import INDICATORS
from shared.errors import Refusal
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.press import CLOSED, OPEN, Press, people
from tests.integration.reporting.story import Story


@pytest.fixture(name="press")
def press_on_sqlite(quick: Ledger) -> Press:
    return Press(quick.engine)


def crowds(story: Story, kinds: dict[str, int], partner: str = "avedan") -> None:
    """One activity of each kind, everybody at one of them only."""
    story.partner(partner)
    first = 1
    for kind, count in kinds.items():
        story.activity(f"{partner}/{kind}", kind=kind)
        story.crowd(f"{partner}/{kind}", *people(first, first + count - 1))
        first += count


def test_d01_fewer_than_ten_persons_are_hidden_and_others_rounded_to_five(
    story: Story, quick: Ledger, press: Press
) -> None:
    crowds(story, {"bingo": 9, "walk": 10, "meal": 12, "course": 13, "visit": 17, "sport": 18})
    quick.hear(story)
    found = press.publish(on=OPEN)
    assert found.rows("participants", "kind") == {
        "bingo": "hidden",
        "walk": 10,
        "visit": 15,
        "meal": 10,
        "meeting-place": "hidden",
        "congress": "hidden",
        "course": 15,
        "sport": 20,
        "other": "hidden",
    }
    nobody, nine = (found.table("participants", by="kind")["values"][at] for at in (8, 0))
    assert {**nobody, "keys": 0, "label": 0} == {**nine, "keys": 0, "label": 0}


def test_d07_totals_of_an_open_year_are_rounded_and_of_a_closed_one_exact(
    story: Story, quick: Ledger, press: Press
) -> None:
    story.activity("avedan/all")
    story.crowd("avedan/all", *people(1, 518))
    quick.hear(story)
    first = press.publish(on=OPEN)
    assert first.table("participants")["total"] == {"value": 520, "status": "rounded"}
    story.crowd("avedan/all", *people(519, 523))
    quick.hear(story)
    assert press.publish(on=OPEN).table("participants")["total"] == {"value": 525, "status": "rounded"}
    closed = press.publish(on=CLOSED)
    assert closed.table("participants")["total"] == {"value": 523, "status": "exact"}
    assert closed.rows("participants", "year") == {"2024": 523}
    assert closed.total("participants", "2024-03") == 525
    assert [one.publication.closed for one in (first, closed)] == [False, True]


def test_d09_a_rate_is_made_of_published_numbers_and_hidden_where_a_side_is(
    story: Story, quick: Ledger, press: Press
) -> None:
    """5 absent of 15: hidden. 14 of 43: from 15 and 45, so 33.3 and never 32.6."""
    for kind, absent, known, first in (("bingo", 5, 15, 1), ("walk", 14, 43, 100)):
        story.activity(f"avedan/{kind}", kind=kind)
        for number, pid in enumerate(people(first, first + known - 1)):
            story.signup(f"avedan/{kind}-{number}", f"avedan/{kind}", pid)
            story.attendance(f"avedan/{kind}", pid, "absent" if number < absent else "present")
    quick.hear(story)
    rows = press.publish(on=OPEN).rows("no-show-rate", "kind")
    assert (rows["bingo"], rows["walk"], rows["other"]) == ("hidden", 33.3, "hidden")
    assert quick.by("no-show-rate", "kind") == {"bingo": 33.3, "walk": 32.6}


def test_d13_no_table_has_two_groupings_and_every_other_is_there(story: Story, quick: Ledger, press: Press) -> None:
    """D14: that all of a neighbourhood were at one kind stands in no table."""
    crowds(story, {"walk": 12})
    quick.hear(story)
    found = press.publish()
    periods = {"2024", *(f"2024-Q{q}" for q in range(1, 5)), *(f"2024-{month:02}" for month in range(1, 13))}
    wanted = {
        (code, period, by) for code, one in INDICATORS.items() for period in periods for by in ("", *one.group_by)
    }
    assert set(found.bodies) == wanted
    for (_, _, by), body in zip(found.bodies, map(found.table, *zip(*found.bodies, strict=True)), strict=True):
        assert body["groupBy"] == ([by] if by else [])
        assert all(list(row["keys"]) == [by] for row in body["values"])


def test_d14_all_of_a_neighbourhood_at_one_kind_stands_nowhere(story: Story, quick: Ledger, press: Press) -> None:
    crowds(story, {"walk": 12, "bingo": 25})
    story.activity("avedan/more", kind="walk")
    story.crowd("avedan/more", *(f"more-{number}" for number in range(12)), neighbourhood="Centrum")
    quick.hear(story)
    found = press.publish(on=OPEN)
    assert found.rows("participants", "neighbourhood")["Centrum"] == 10
    named = [place for place, body in found.bodies.items() if b"Centrum" in body]
    assert {by for _, _, by in named} == {"neighbourhood"}
    assert not any(b"walk" in found.bodies[place] for place in named)


def test_d17_an_erasure_changes_no_byte(story: Story, quick: Ledger, press: Press) -> None:
    crowds(story, {"walk": 12, "bingo": 15})
    quick.hear(story)
    before = press.publish()
    story.erase("pid-3", "token-3")
    quick.hear(story)
    after = press.publish()
    assert after.bodies == before.bodies
    assert after.sheet == before.sheet


def test_c13_a_late_fact_of_a_closed_year_waits_until_there_are_five(story: Story, quick: Ledger, press: Press) -> None:
    story.activity("avedan/all", "2024-12-30T14:00:00+01:00")
    story.crowd("avedan/all", *people(1, 530))
    quick.hear(story)
    first = press.publish()
    assert first.total("participants") == 530
    story.crowd("avedan/all", "pid-531")
    quick.hear(story)
    assert press.read(first.publication).bodies == first.bodies
    assert quick.total("participants") == 531
    second = press.publish()
    assert (second.total("participants"), second.publication.corrections_held) == (530, True)
    assert not first.publication.corrections_held
    story.crowd("avedan/all", *people(532, 537))
    quick.hear(story)
    third = press.publish()
    assert (third.total("participants"), third.publication.corrections_held) == (537, False)
    assert [str(one.publication.id) for one in (first, second, third)] == ["2024.1", "2024.2", "2024.3"]


def test_c15_one_erased_of_530_is_530_live_published_and_new_next_year(
    story: Story, quick: Ledger, press: Press
) -> None:
    story.activity("avedan/all")
    story.crowd("avedan/all", *people(1, 530))
    story.erase("pid-7", "token-7")
    story.activity("avedan/later", "2025-01-03T14:00:00+01:00")
    story.crowd("avedan/later", "pid-7")
    quick.hear(story)
    assert quick.total("participants") == press.publish().total("participants") == 530
    assert quick.total("new-participants", "2025") == 1
    assert "pid-7'" not in repr(quick.rows("attendance")).replace("avedan/later', 'pid-7'", "")


def test_c19_cards_a_congress_and_what_of_it_is_published(story: Story, quick: Ledger, press: Press) -> None:
    story.outreach("avedan/cards-1", quantity=712, precision="over", personalised=712, personalisedPrecision="over")
    story.outreach("avedan/cards-2", quantity=288, precision="about")
    story.activity("avedan/congress", kind="congress", title="Congres")
    story.crowd("avedan/congress", *people(1, 104), role="professional")
    for number in range(26):
        story.member(f"avedan/m{number}", "2024-03-06", via="avedan/congress")
    quick.hear(story)
    assert quick.by("conversion", "activity") == {"avedan/congress": 25.0}
    found = press.publish(on=OPEN)
    assert found.rows("professionals", "activity") == {"avedan/congress": 105}
    assert found.rows("conversion", "activity") == {"avedan/congress": 24.8}
    assert (found.total("outreach-items"), found.total("outreach-personalised")) == (1000, 712)
    assert found.sheet["precisions"] == {
        "outreach-items": "about",
        "outreach-items:cards": "about",
        "outreach-personalised": "over",
        "outreach-personalised:cards": "over",
    }
    assert found.sheet["topics"]["congresses"] == [
        {"dimension": "activity", "key": "avedan/congress", "label": {"nl": "Congres", "en": "Congres"}}
        | {"goal": "initiative"}
    ]


def test_the_same_facts_in_another_database_and_order_give_the_same_bytes(
    story: Story, engine: Engine, quick: Ledger, press: Press
) -> None:
    crowds(story, {"walk": 12, "bingo": 15, "meal": 4})
    quick.hear(story)
    Ledger(engine).take(story.events[::-1])
    assert Press(engine).publish().bodies == press.publish().bodies


def test_a_neighbourhood_that_was_published_keeps_its_row(story: Story, quick: Ledger, press: Press) -> None:
    story.activity("avedan/a", place="Noord")
    story.attendance("avedan/a", "pid-1", neighbourhood="Centrum")
    quick.hear(story)
    before = press.publish()
    story.activity("avedan/a", place="Zuid")
    story.attendance("avedan/a", "pid-1", neighbourhood="Zuid")
    quick.hear(story)
    names = [None if key is None else str(key) for key in press.publish().rows("participants", "neighbourhood")]
    assert list(before.rows("participants", "neighbourhood")) == ["Centrum", "Noord", None]
    assert names == ["Centrum", "Noord", "Zuid", None]


def test_a_year_that_has_not_begun_is_refused(press: Press) -> None:
    with pytest.raises(Refusal) as refused:
        press.publish(2025, on=OPEN)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/period", "not-begun")]

"""The separate counter: right on the committed file, and not to be fooled."""

import ast
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from examples.almelo import count
from examples.almelo.count_rules import Ledger

FOLDER = count.EXPECTED.parent
Event = dict[str, Any]
Lines = list[str]


def figures(lines: Lines, setup: Event) -> Event:
    """What is counted from these lines."""
    return count.counted(lines, setup)


def changed(lines: Lines, change: Callable[[int, Event], Event]) -> Lines:
    """The file with every event changed."""
    return [json.dumps(change(number, json.loads(line))) for number, line in enumerate(lines)]


def counted_folder(folder: Path, lines: Lines) -> int:
    """The exit code of the counter on these lines."""
    (folder / count.SETUP).write_bytes((FOLDER / count.SETUP).read_bytes())
    (folder / count.EVENTS).write_text("\n".join(lines), encoding="utf-8")
    return count.main([str(folder)])


def test_every_expected_figure_comes_out() -> None:
    assert count.check(FOLDER)[1] == []


def test_counter_ends_with_0_on_the_committed_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert count.main([]) == 0
    assert capsys.readouterr().out.endswith("Every expected figure comes out.\n")


@pytest.mark.parametrize(
    "kind", ["activity-scheduled", "signup-placed", "attendance-recorded", "visitors-counted", "member-joined"]
)
def test_counter_fails_when_a_line_is_dropped(kind: str, lines: Lines, tmp_path: Path) -> None:
    last = max(number for number, line in enumerate(lines) if f".{kind}." in line)
    assert counted_folder(tmp_path, lines[:last] + lines[last + 1 :]) == 1


def test_counter_fails_and_says_where_when_an_outcome_is_changed(
    lines: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = next(n for n, line in enumerate(lines) if '"outcome":"absent"' in line and "bingo" in line)
    tampered = [line.replace('"absent"', '"excused"') if n == target else line for n, line in enumerate(lines)]
    assert counted_folder(tmp_path, tampered) == 1
    assert "/2023/no-show-rate: expected 8.2, counted" in capsys.readouterr().out


def test_counter_shares_no_code_with_the_generator_or_the_services() -> None:
    own = {file.stem for file in FOLDER.glob("count*.py")}
    for file in FOLDER.glob("count*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = str(node.module)
                assert not module.startswith(("services", "shared", "cli"))
                assert not module.startswith("examples") or module.rpartition(".")[2] in own


def test_loading_twice_moves_no_figure(lines: Lines, setup: Event) -> None:
    once, twice = figures(lines, setup), figures(lines + lines, setup)
    for part in ("outcomes", "linesByType"):
        once.pop(part)
        twice.pop(part)
    assert once == twice


def test_second_load_is_all_duplicates_but_the_refused(lines: Lines) -> None:
    outcomes = Ledger().read(lines + lines).outcomes
    assert outcomes["accepted"] == 4000
    assert outcomes["duplicate"] == 120 + 4120
    assert outcomes["rejected"] == 14


def test_the_refused_are_refused_for_the_reasons_of_the_guide(lines: Lines) -> None:
    outcomes = Ledger().read(lines).outcomes
    assert (outcomes["already-signed-up"], outcomes["signup-closed"]) == (5, 2)


def test_last_arrival_wins_would_give_more_than_530(lines: Lines, setup: Event) -> None:
    def by_arrival(number: int, event: Event) -> Event:
        if "attendance-recorded" not in event["type"]:
            return event
        return event | {"time": (datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=number)).isoformat()}

    assert figures(changed(lines, by_arrival), setup)["2024"]["participants"] > 530


def test_years_in_utc_would_give_more_than_311(lines: Lines, setup: Event) -> None:
    def in_utc(_: int, event: Event) -> Event:
        moment = event["data"].get("startsAt")
        if moment is None:
            return event
        utc = datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))
        return event | {"data": event["data"] | {"startsAt": utc.isoformat()}}

    assert figures(changed(lines, in_utc), setup)["2023"]["participants"] >= 311 + 5


def test_without_the_move_of_the_second_walk_2023_would_have_more_than_311(lines: Lines, setup: Event) -> None:
    kept = [line for line in lines if '"id":"act.walk-2023-12-29.2"' not in line]
    assert figures(kept, setup)["2023"]["participants"] > 311


def test_repeats_counted_would_give_more_than_1280_attendances(events: list[Event]) -> None:
    present = [e for e in events if e["data"].get("outcome") == "present" and "role" not in e["data"]]
    assert sum(e["data"].get("partySize", 1) for e in present if "-2024-" in e["data"]["activityId"]) > 1280


def test_references_counted_instead_of_persons_would_give_943(lines: Lines, setup: Event) -> None:
    assert sum(figures(lines, setup)["participantsByPartner"]["2024"].values()) == 943


def test_kinds_added_up_would_give_652(lines: Lines, setup: Event) -> None:
    assert sum(figures(lines, setup)["participantsByKind"]["2024"].values()) == 652


def test_professionals_counted_as_participants_would_give_634(lines: Lines, setup: Event) -> None:
    of_2024 = figures(lines, setup)["2024"]
    assert of_2024["participants"] + of_2024["professionals"] == 634


def test_in_twenty_corrections_the_older_arrives_last(events: list[Event]) -> None:
    arrivals: dict[tuple[str, str], int] = {}
    for number, event in enumerate(events):
        arrivals.setdefault((event["partnerid"], event["id"]), number)
    pairs = [((p, i.removesuffix(".c")), (p, i)) for p, i in arrivals if i.startswith("att.") and i.endswith(".c")]
    assert len(pairs) == 24
    assert sum(arrivals[older] > arrivals[newer] for older, newer in pairs) == 20


def test_forty_attendances_and_the_flowers_come_again_under_greater_ids(events: list[Event]) -> None:
    told = {(event["partnerid"], event["id"]): (event["time"], event["data"]) for event in events}
    again = [key for key in told if key[1].endswith(".n")]
    assert sorted(identity.partition(".")[0] for _, identity in again) == ["att"] * 40 + ["out"]
    assert all(told[key] == told[key[0], key[1].removesuffix(".n")] for key in again)

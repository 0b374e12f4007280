"""A spreadsheet as Dutch Excel saves it gives the figures of its NDJSON twin; its undo brings the old figures back."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from shared.clock import AMSTERDAM, rfc3339
from tests.e2e.csv_scene import BEFORE, ENGLISH, EXCEL, KINDS, OLD, SHEETS, TWIN, TWIN_PARTNER, Desk, Dialect, saved
from tests.servers import ROOT, System, running_redis

PERIOD = "2026"
REST = "overig"
GROUPS = ("month", "kind", "ageBand", "neighbourhood")


def events(partner: str, facts: list[Any], time: datetime, name: str) -> Iterator[dict[str, Any]]:
    for number, (kind, data, own) in enumerate(facts):
        yield {
            "specversion": "1.0",
            "id": f"{name}-{number}",
            "source": f"urn:nld:test:{partner}",
            "type": f"nl.meedoen.{kind}.v1",
            "time": own or rfc3339(time),
            "partnerid": partner,
            "data": data,
        }


def ndjson(folder: Path, name: str, lines: Iterator[dict[str, Any]]) -> Path:
    path = folder / f"{name}.ndjson"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def figures(system: System, partner: str) -> dict[str, Any]:
    """Every indicator over the year, as a total and by month, kind, age band and neighbourhood."""
    system.settled()
    found = {}
    with system.client("reporting") as client:
        for indicator in client.get("/v1/indicators").json()["items"]:
            for group in (None, *(name for name in GROUPS if name in indicator["groupBy"])):
                params = {"indicator": indicator["code"], "period": PERIOD, "partner": partner}
                answer = client.get("/v1/statistics", params=params | ({"groupBy": group} if group else {}))
                assert answer.status_code == 200, answer.text
                body = answer.json()
                found[f"{indicator['code']} by {group}"] = (body["total"], body["values"])
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A system with four partners that all begin with the same facts."""
    folder = tmp_path_factory.mktemp("csv")
    with running_redis(folder / "redis") as server:
        system = System(folder / "data", server.url)
        try:
            system.start()
            with system.client("registration") as client:
                for partner in (EXCEL.partner, OLD.partner, ENGLISH.partner, TWIN_PARTNER, REST):
                    body = {"name": "Partner", "kind": "partner", "municipality": "GM0141", "joinedOn": "2020-01-01"}
                    assert client.put(f"/v1/partners/{partner}", json=body).status_code == 200
            desk = Desk(system, folder)
            long_ago = datetime(2026, 1, 11, tzinfo=AMSTERDAM)
            for partner in (EXCEL.partner, OLD.partner, ENGLISH.partner, TWIN_PARTNER):
                loaded = desk.load(ndjson(folder, f"before-{partner}", events(partner, BEFORE, long_ago, "before")))
                assert loaded.returncode == 0, loaded.stdout + loaded.stderr
            now = datetime.now(AMSTERDAM) - timedelta(minutes=1)
            loaded = desk.load(ndjson(folder, "twin", events(TWIN_PARTNER, TWIN, now, "twin")))
            assert loaded.returncode == 0, loaded.stdout + loaded.stderr
            yield desk
        finally:
            system.stop()


@pytest.mark.parametrize("dialect", [EXCEL, OLD, ENGLISH], ids=lambda dialect: dialect.partner)
def test_a_sheet_gives_its_twins_figures_again_nothing_and_its_undo_the_old_ones(
    desk: Desk, dialect: Dialect, tmp_path: Path
) -> None:
    old = figures(desk.system, dialect.partner)
    sheets = {kind: saved(tmp_path, kind, SHEETS[kind], dialect) for kind in KINDS}
    for kind, path in sheets.items():
        loaded = desk.load(path, "--as", kind, "--partner", dialect.partner)
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        rows = len(SHEETS[kind]) - 1
        assert f"{rows} in all: {rows} accepted, 0 duplicate, 0 rejected, 0 failed" in loaded.stdout
    new = figures(desk.system, dialect.partner)
    assert new == figures(desk.system, TWIN_PARTNER)
    totals = {name: total["value"] for name, (total, _) in new.items()}
    assert totals["visits by None"] == 14 + 0 + 1200
    assert totals["unmet-demand by None"] == 1
    assert totals["attendances by None"] == 2 + 1 + 3
    assert new != old

    head = desk.system.head()
    for kind, path in sheets.items():
        again = desk.load(path, "--as", kind, "--partner", dialect.partner)
        rows = len(SHEETS[kind]) - 1
        assert f"{rows} in all: 0 accepted, {rows} duplicate, 0 rejected, 0 failed" in again.stdout
    assert desk.system.head() == head

    for kind in reversed(KINDS):
        undone = desk.load(tmp_path / f"{kind}.csv.undo.ndjson")
        assert undone.returncode == 0, undone.stdout + undone.stderr
    assert figures(desk.system, dialect.partner) == old


def test_outreach_volunteers_members_and_series_are_undone_too(desk: Desk, tmp_path: Path) -> None:
    old = figures(desk.system, REST)
    order = {"activiteiten": "activities", "reeksen": "series"}
    order |= {"bereik": "outreach", "vrijwilligers": "volunteers", "leden": "members"}
    for name, kind in order.items():
        copy(ROOT / "examples" / "csv" / f"{name}.csv", tmp_path)
        assert desk.load(tmp_path / f"{name}.csv", "--as", kind, "--partner", REST).returncode == 0
    totals = {name: total["value"] for name, (total, _) in figures(desk.system, REST).items()}
    assert totals["activities by None"] == 3 + 11 + 4
    assert totals["outreach-items by None"] == 1200
    assert totals["volunteers by None"] == 1
    assert totals["members by None"] == 2
    for name in reversed(order):
        assert desk.load(tmp_path / f"{name}.csv.undo.ndjson").returncode == 0
    assert figures(desk.system, REST) == old

"""The example sheets load as they are, and the real door's faults are told by row and column."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.e2e.csv_scene import Desk
from tests.servers import ROOT, System, eventually, free_port

ORDER = {
    "activiteiten": "activities",
    "reeksen": "series",
    "aanmeldingen": "signups",
    "afmeldingen": "withdrawals",
    "aanwezigheid": "attendance",
    "bezoekers": "visitors",
    "bereik": "outreach",
    "vrijwilligers": "volunteers",
    "leden": "members",
}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Registration alone, without Redis."""
    alone = System(tmp_path_factory.mktemp("data"), f"redis://127.0.0.1:{free_port()}/0")
    try:
        yield alone.start("registration")
    finally:
        alone.stop()


@pytest.fixture
def desk(system: System, tmp_path: Path) -> Desk:
    """A new partner with a copy of the examples."""
    copytree(ROOT / "examples" / "csv", tmp_path / "csv")
    with system.client("registration") as client:
        partner = f"voorbeeld-{system.head()}"
        body = {"name": "Voorbeeld", "kind": "partner", "municipality": "GM0141", "joinedOn": "2020-01-01"}
        assert client.put(f"/v1/partners/{partner}", json=body).status_code == 200
    return Desk(system, tmp_path / "csv", partner)


def load(desk: Desk, name: str, *more: str) -> subprocess.CompletedProcess[str]:
    return desk.load(desk.folder / f"{name}.csv", "--as", ORDER[name], "--partner", desk.partner, *more)


def shown(desk: Desk, path: str) -> Any:
    with desk.system.client("registration") as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_example_loads_without_a_fault(desk: Desk) -> None:
    assert {path.stem for path in (ROOT / "examples" / "csv").glob("*.csv")} == set(ORDER)
    for name in ORDER:
        loaded = load(desk, name)
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    saturdays = [f"wandelen-2026-{day}" for day in ("10-24", "10-31")]
    starts = [shown(desk, f"/v1/activities/{desk.partner}/{name}")["startsAt"] for name in saturdays]
    assert starts == ["2026-10-24T08:00:00Z", "2026-10-31T09:00:00Z"]
    path = f"/v1/activities/{desk.partner}/{{}}/signups"
    assert [one["status"] for one in shown(desk, path.format("lente-2026-03-20"))["items"]] == ["withdrawn"]
    placed = shown(desk, path.format("bingo-2026-03-03"))["items"]
    assert len(placed) == 3
    assert not any("k-0" in one["signupId"] for one in placed)


def test_without_the_secret_of_its_folder_a_sheet_of_sign_ups_is_new_and_refused_in_the_table(desk: Desk) -> None:
    load(desk, "activiteiten")
    assert load(desk, "aanmeldingen").returncode == 0
    (desk.folder / "komerbij.key").unlink()
    again = load(desk, "aanmeldingen")
    assert again.returncode == 1
    assert again.stdout.count("already-signed-up") == 4
    assert "4 in all: 0 accepted, 0 duplicate, 4 rejected" in again.stdout


def test_faults_that_the_door_finds_are_told_by_row_and_column_and_nothing_is_stored(desk: Desk) -> None:
    load(desk, "activiteiten")
    head = desk.system.head()
    text = "activiteit;kenmerk;e-mailadres;mobiel;Aantal personen;straat;postcode\n"
    text += "bingo-2026-03-03;k-1;geen adres;bel mij;0;;\n"
    text += "bingo-2026-03-03;jan@example.org;;;1;;\n"
    text += "bestaat-niet;k-3;;;1;Markt 1;7600 AA\n"
    text += "bingo-2026-03-03;k-4;;;1;;\n"
    path = desk.folder / "fout.csv"
    path.write_text(text, encoding="utf-8")
    loaded = desk.load(path, "--as", "signups", "--partner", desk.partner)
    assert loaded.returncode == 1
    rows = [[cell.strip() for cell in line.split("│")[1:4]] for line in loaded.stdout.splitlines() if "│" in line]
    assert sorted(tuple(row) for row in rows if row[0]) == [
        ("2", "Aantal personen", "invalid"),
        ("2", "e-mailadres", "invalid"),
        ("2", "mobiel", "invalid"),
        ("3", "kenmerk", "looks-like-personal-data"),
        ("4", "woonplaats", "invalid"),
        ("5", "", "signup-closed"),
    ]
    assert "aangemeld op" in loaded.stdout
    assert desk.system.head() == head


def test_what_points_at_nothing_is_told_at_its_column(desk: Desk) -> None:
    path = desk.folder / "los.csv"
    path.write_text("activiteit;bezoekers\nbestaat-niet;3\n", encoding="utf-8")
    loaded = desk.load(path, "--as", "visitors", "--partner", desk.partner)
    assert loaded.returncode == 1
    assert "unknown-activity" in loaded.stdout
    assert "Nothing was stored" in loaded.stdout


def test_an_admin_key_must_say_for_whom(desk: Desk) -> None:
    loaded = desk.load(desk.folder / "bezoekers.csv", "--as", "visitors")
    assert loaded.returncode == 2
    assert "--partner" in loaded.stderr


def test_a_partners_own_key_is_enough_and_opens_no_other_partners_door(desk: Desk) -> None:
    with desk.system.client("registration") as client:
        wanted = {"partnerId": desk.partner, "scopes": ["events:write"], "label": "spreadsheets"}
        key = client.post("/v1/keys", json=wanted).json()["key"]
    sheet = (desk.folder / "activiteiten.csv", "--as", "activities", "--key", key)
    unnamed = desk.load(*sheet)
    assert unnamed.returncode == 2
    assert "--partner" in unnamed.stderr
    assert desk.load(*sheet, "--partner", desk.partner).returncode == 0
    assert "0 accepted, 3 duplicate" in desk.load(*sheet, "--partner", desk.partner).stdout
    counted = desk.load(desk.folder / "bezoekers.csv", "--as", "visitors", "--key", key)
    assert counted.returncode == 0, counted.stdout + counted.stderr
    others = desk.load(*sheet, "--partner", "iemand-anders")
    assert others.returncode == 2
    assert "--partner" in others.stderr
    attendance = (desk.folder / "aanwezigheid.csv", "--as", "attendance", "--key", key, "--partner", desk.partner)
    assert desk.load(*attendance).returncode == 0
    assert desk.load(desk.folder / "aanwezigheid.csv.undo.ndjson", "--key", key).returncode == 0
    assert shown(desk, f"/v1/activities/{desk.partner}/bingo-2026-03-03/presence")["named"]["participant"] == 0


def test_the_undo_of_a_partners_own_key_cancels_no_activity_that_was_there_before(desk: Desk) -> None:
    with desk.system.client("registration") as client:
        wanted = {"partnerId": desk.partner, "scopes": ["events:write"], "label": "spreadsheets"}
        key = client.post("/v1/keys", json=wanted).json()["key"]
    load(desk, "activiteiten")
    name = f"/v1/activities/{desk.partner}/bingo-2026-03-03"
    before = shown(desk, name)
    path = desk.folder / "later.csv"
    text = (desk.folder / "activiteiten.csv").read_text(encoding="utf-8-sig")
    path.write_text(text.replace("14:00", "13:00"), encoding="utf-8")
    assert desk.load(path, "--as", "activities", "--key", key, "--partner", desk.partner).returncode == 0
    assert shown(desk, name)["startsAt"] != before["startsAt"]
    assert desk.load(path.with_name("later.csv.undo.ndjson"), "--key", key).returncode == 0
    after = shown(desk, name)
    assert (after["status"], after["startsAt"]) == ("scheduled", before["startsAt"])


def test_days_that_vanish_from_a_corrected_copy_are_cancelled_when_asked_and_come_back_by_undo(desk: Desk) -> None:
    load(desk, "reeksen")
    path = desk.folder / "reeksen-2.csv"
    path.write_bytes((desk.folder / "reeksen.csv").read_bytes().replace(b";26-12-2026;10:00", b";14-11-2026;10:00"))
    text = path.read_text(encoding="utf-8-sig").replace('"5-12-2026, 26-12-2026"', "")
    path.write_text(text, encoding="utf-8")
    left = desk.load(path, "--as", "series", "--partner", desk.partner)
    days = [f"wandelen-2026-{day}" for day in ("11-21", "11-28", "12-12", "12-19")]
    assert f"No longer in the file: {', '.join(days)}. They stay" in " ".join(left.stdout.split())
    assert {shown(desk, f"/v1/activities/{desk.partner}/{day}")["status"] for day in days} == {"scheduled"}
    desk.load(path, "--as", "series", "--partner", desk.partner, "--cancel-vanished")
    assert {shown(desk, f"/v1/activities/{desk.partner}/{day}")["status"] for day in days} == {"cancelled"}
    assert desk.load(path.with_name("reeksen-2.csv.undo.ndjson")).returncode == 0
    assert {shown(desk, f"/v1/activities/{desk.partner}/{day}")["status"] for day in days} == {"scheduled"}


def test_a_load_that_was_killed_goes_on_with_the_same_command_and_its_undo_knows_every_row(desk: Desk) -> None:
    path = desk.folder / "veel.csv"
    rows = "".join(f"k{number};Kaarten;Kaart {number};1-3-2026;Bewustwording;{number}\n" for number in range(4000))
    path.write_text(f"nummer;soort;omschrijving;datum;doel;aantal\n{rows}", encoding="utf-8")
    memory = path.with_name("veel.csv.komerbij.json")
    start = desk.system.head()
    process = desk.start(path, "--as", "outreach", "--partner", desk.partner)
    try:
        eventually(lambda: memory.exists() and '"sent": false' in memory.read_text(), 60, "a chunk was answered")
    finally:
        process.kill()
        process.communicate()
    assert start < desk.system.head() < start + 4000, "killed between the first chunk and the last"
    loaded = desk.load(path, "--as", "outreach", "--partner", desk.partner)
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    assert "4000 in all:" in loaded.stdout
    assert desk.system.head() == start + 4000
    undo = path.with_name("veel.csv.undo.ndjson")
    assert len(undo.read_text().splitlines()) == 4000
    assert desk.load(undo).returncode == 0
    assert desk.system.head() == start + 8000

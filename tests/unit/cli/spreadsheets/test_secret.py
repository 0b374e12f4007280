"""What a sheet leaves elsewhere cannot be guessed back: numbers, event ids and codes hang on a secret beside it."""

import hashlib
import json
import stat
from pathlib import Path

import pytest

from cli.errors import Complaint
from cli.spreadsheets.secret import NAME, Secret, secret_beside
from tests.unit.cli.spreadsheets.conftest import Desk

SIGNUPS = "activiteit;kenmerk;naam\nb1;k-0012;Jan Jansen\n"


def test_a_folder_has_one_secret_for_all_its_sheets_and_it_is_private(tmp_path: Path) -> None:
    first = secret_beside(tmp_path / "a.csv", keep=True)
    assert secret_beside(tmp_path / "b.csv", keep=True) == first
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    (tmp_path / "other").mkdir()
    assert secret_beside(tmp_path / "other" / "a.csv", keep=True) != first
    assert first.octets.hex() not in repr(first)


def test_a_code_is_the_same_for_the_same_parts_purpose_and_secret_only() -> None:
    one, other = Secret(bytes(32)), Secret(bytes(31) + b"1")
    codes = [one.code("a", "b", "c"), one.code("a", "bc"), one.code("b", "b", "c"), other.code("a", "b", "c")]
    assert len(set(codes)) == 4
    assert one.code("a", "b", "c") == codes[0]


@pytest.mark.parametrize("content", [b"", b"nothing of the kind\n", b"\xff\xfe", b"ab" * 31])
def test_a_damaged_secret_is_not_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(Complaint, match="put your copy of it back"):
        secret_beside(tmp_path / "a.csv", keep=True)
    assert (tmp_path / NAME).read_bytes() == content


def test_a_secret_that_cannot_be_opened_is_a_sentence(desk: Desk) -> None:
    (desk.folder / NAME).mkdir()
    result = desk.load(desk.sheet(SIGNUPS), "signups")
    assert result.exit_code == 1
    assert "komerbij.key cannot be read" in " ".join(result.output.split())
    assert desk.memory.posts == []


def test_neither_the_number_nor_the_ids_of_a_sign_up_hold_its_reference_or_a_hash_without_the_secret(
    desk: Desk,
) -> None:
    path = desk.sheet(SIGNUPS)
    assert desk.load(path, "signups").exit_code == 0
    (event,) = desk.posted()
    undo = desk.undo_events(path)
    told = [event["id"], event["data"]["signupId"], json.dumps(undo)]
    parts = "b1\nk-0012\nparticipant"
    guesses = ["k-0012", hashlib.sha256(parts.encode()).hexdigest()[:40], hashlib.sha256(b"k-0012").hexdigest()[:40]]
    assert all(guess not in word for guess in guesses for word in told)
    kept = (path.with_name("sheet.csv.komerbij.json")).read_text()
    assert "k-0012" not in kept


def test_the_same_sheet_in_two_folders_says_nothing_in_common_but_what_is_in_its_data(desk: Desk) -> None:
    for folder in ("one", "two"):
        assert desk.load(desk.sheet(SIGNUPS, f"{folder}/sheet.csv"), "signups").exit_code == 0
    first, second = desk.posted()
    assert first["id"] != second["id"]
    assert first["data"]["signupId"] != second["data"]["signupId"]
    codes = [json.loads((desk.folder / name / "sheet.csv.komerbij.json").read_text()) for name in ("one", "two")]
    contents = [
        told["content"]
        for body in codes
        for destination in body["destinations"].values()
        for stack in destination["things"].values()
        for told in stack
    ]
    assert len(set(contents)) == 2


def test_a_withdrawal_in_the_same_folder_finds_the_sign_up(desk: Desk) -> None:
    desk.load(desk.sheet(SIGNUPS, "aanmeldingen.csv"), "signups")
    desk.load(desk.sheet("activiteit;kenmerk\nb1;k-0012\n", "afmeldingen.csv"), "withdrawals")
    placed, withdrawn = desk.posted()
    assert placed["data"]["signupId"] == withdrawn["data"]["signupId"]


def test_a_sheet_whose_secret_is_lost_counts_as_new(desk: Desk) -> None:
    path = desk.sheet(SIGNUPS)
    desk.load(path, "signups")
    (desk.folder / NAME).unlink()
    assert "1 accepted, 0 duplicate" in desk.load(path, "signups").output
    first, again = desk.posted()
    assert first["data"]["signupId"] != again["data"]["signupId"]

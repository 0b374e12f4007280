"""The data folder and its keys."""

import os
from pathlib import Path

import pytest

from cli.data_folder import ADMIN_KEY, DataFolder, data_path, find_key
from cli.errors import Complaint


def test_the_folder_is_private_from_the_start(tmp_path: Path) -> None:
    assert DataFolder(tmp_path / "new" / "var").path.stat().st_mode & 0o777 == 0o700


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key, place = DataFolder(tmp_path).key(ADMIN_KEY, {})
    assert place == tmp_path / "admin-key"
    assert place.stat().st_mode & 0o777 == 0o600
    assert len(key) >= 32
    assert DataFolder(tmp_path).key(ADMIN_KEY, {}) == (key, place)


def test_a_key_in_the_environment_is_used_and_written_nowhere(tmp_path: Path) -> None:
    given = "g" * 32
    assert DataFolder(tmp_path).key(ADMIN_KEY, {ADMIN_KEY: given}) == (given, None)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_too_short_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(Complaint, match="32 or more") as complaint:
        DataFolder(tmp_path).key(ADMIN_KEY, {ADMIN_KEY: "secret"})
    assert "secret" not in complaint.value.sentence


def test_a_key_file_that_others_can_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "admin-key").write_text("k" * 40)
    (tmp_path / "admin-key").chmod(0o644)
    DataFolder(tmp_path).key(ADMIN_KEY, {})
    assert (tmp_path / "admin-key").stat().st_mode & 0o777 == 0o600


def test_the_lock_is_held_by_one_and_free_afterwards(tmp_path: Path) -> None:
    second = DataFolder(tmp_path).locked()
    with DataFolder(tmp_path).locked(), pytest.raises(Complaint, match=f"process {os.getpid()}"), second:
        pass
    with DataFolder(tmp_path).locked():
        pass


def test_a_place_that_cannot_be_a_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Complaint, match="cannot be made"):
        DataFolder(tmp_path / "file" / "var")


def test_the_option_comes_before_the_environment_and_that_before_var(tmp_path: Path) -> None:
    assert data_path(tmp_path, {"KOMERBIJ_DATA": "/elsewhere"}) == tmp_path
    assert data_path(None, {"KOMERBIJ_DATA": "/elsewhere"}) == Path("/elsewhere")
    assert data_path(None, {}) == Path.cwd() / "var"


def test_looking_for_a_key_makes_none(tmp_path: Path) -> None:
    assert find_key(ADMIN_KEY, tmp_path, {}) is None
    assert list(tmp_path.iterdir()) == []

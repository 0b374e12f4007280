"""`komerbij load`: every line accounted for, resumable, plain about what was refused."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Command, Service
from tests.unit.cli.stand_in import KEY, Answer


def events(tmp_path: Path, lines: Iterable[str], name: str = "year.ndjson") -> Path:
    path = tmp_path / name
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def numbered(count: int) -> list[str]:
    return [json.dumps({"id": f"e{i}"}) for i in range(count)]


def test_a_file_is_posted_in_chunks_of_at_most_500_in_order(service: Service, command: Command, tmp_path: Path) -> None:
    result = command("load", events(tmp_path, numbered(1200)), "--url", service.url)
    assert result.exit_code == 0, result.output
    assert [len(post) for post in service.memory.posts] == [500, 500, 200]
    assert list(service.memory.events) == [f"e{i}" for i in range(1200)]
    assert "1200 events: 1200 accepted, 0 duplicate, 0 rejected, 0 failed" in result.output


def test_the_same_file_again_is_all_duplicates_and_a_success(
    service: Service, command: Command, tmp_path: Path
) -> None:
    path = events(tmp_path, numbered(600))
    command("load", path, "--url", service.url)
    result = command("load", path, "--url", service.url)
    assert result.exit_code == 0
    assert "600 events: 0 accepted, 600 duplicate" in result.output


def test_refusals_are_a_table_with_line_id_code_and_detail(service: Service, command: Command, tmp_path: Path) -> None:
    lines = ['{"id":"a"}', '{"id":"b","data":{"refuse":"signup-closed"}}', '{"id":', '{"id":"d"}']
    result = command("load", events(tmp_path, lines), "--url", service.url)
    assert result.exit_code == 1
    rows = [line for line in result.output.splitlines() if "│" in line]
    assert [cell.strip() for cell in rows[0].strip("│").split("│")] == [
        "2",
        "b",
        "signup-closed",
        "because of signup-closed",
    ]
    assert [cell.strip() for cell in rows[1].strip("│").split("│")][:3] == ["3", "", "invalid"]
    assert "4 events: 2 accepted, 0 duplicate, 2 rejected, 0 failed" in result.output


def test_text_from_outside_is_shown_as_it_is_and_not_as_markup(
    service: Service, command: Command, tmp_path: Path
) -> None:
    lines = [json.dumps({"id": "[red]x", "data": {"refuse": "odd[/bold]"}})]
    result = command("load", events(tmp_path, lines), "--url", service.url)
    assert "[red]x" in result.output
    assert "odd[/bold]" in result.output


def test_a_load_that_was_broken_off_goes_on_where_it_was(service: Service, command: Command, tmp_path: Path) -> None:
    path = events(tmp_path, [*numbered(1100), "not JSON"])
    service.memory.after_post = _then_refuse_after(service, 1)
    broken = command("load", path, "--url", service.url)
    assert broken.exit_code == 1
    service.memory.after_post = None
    result = command("load", path, "--url", service.url)
    assert [len(post) for post in service.memory.posts] == [500, 500, 100]
    assert "1101 events: 1100 accepted, 0 duplicate, 1 rejected, 0 failed" in result.output


def test_a_changed_file_starts_anew(service: Service, command: Command, tmp_path: Path) -> None:
    service.memory.after_post = _then_refuse_after(service, 1)
    command("load", events(tmp_path, numbered(1100)), "--url", service.url)
    service.memory.after_post = None
    result = command("load", events(tmp_path, numbered(1101)), "--url", service.url)
    assert "1101 events: 601 accepted, 500 duplicate" in result.output


def test_a_service_that_has_forgotten_gets_the_whole_file_again(
    service: Service, command: Command, tmp_path: Path
) -> None:
    path = events(tmp_path, numbered(1100))
    service.memory.after_post = _then_refuse_after(service, 1)
    command("load", path, "--url", service.url)
    service.memory.after_post = None
    service.memory.events.clear()
    result = command("load", path, "--url", service.url)
    assert "1100 events: 1100 accepted" in result.output
    assert list(service.memory.events) == [f"e{i}" for i in range(1100)]


def _then_refuse_after(service: Service, posts: int) -> object:
    def after() -> None:
        if len(service.memory.posts) == posts:
            service.memory.script = [Answer(404, {"status": 404, "detail": "gone for now"})]

    return after


def test_a_dry_run_stores_nothing_and_asks_in_one_request(service: Service, command: Command, tmp_path: Path) -> None:
    lines = [*numbered(1200), '{"id":"x","data":{"refuse":"activity-full"}}']
    result = command("load", events(tmp_path, lines), "--url", service.url, "--dry-run")
    assert result.exit_code == 1
    assert (service.memory.events, service.memory.posts) == ({}, [])
    assert [len(post) for post in service.memory.dry_posts] == [1201]
    assert (
        "1201 events: 1200 accepted, 0 duplicate, 1 rejected, 0 failed (dry run: nothing was stored)" in result.output
    )


def test_a_file_that_is_not_there_is_wrong_use(command: Command, tmp_path: Path) -> None:
    result = command("load", tmp_path / "nowhere.ndjson")
    assert result.exit_code == 2
    assert "There is no file" in result.output


def test_a_key_that_is_not_accepted_is_a_sentence(service: Service, command: Command, tmp_path: Path) -> None:
    result = command("load", events(tmp_path, numbered(1)), "--url", service.url, "--key", "wrong")
    assert result.exit_code == 1
    assert "does not accept this key" in result.output
    assert "wrong" not in result.output


def test_no_key_at_all_is_wrong_use(
    service: Service, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOMERBIJ_ADMIN_KEY")
    result = command("load", events(tmp_path, numbered(1)), "--url", service.url)
    assert result.exit_code == 2
    assert "There is no key" in result.output


def test_the_key_of_the_data_folder_is_found(
    service: Service, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOMERBIJ_ADMIN_KEY")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "admin-key").write_text(KEY + "\n")
    result = command("load", events(tmp_path, numbered(1)), "--url", service.url, "--data", folder)
    assert result.exit_code == 0, result.output


def test_an_empty_file_is_a_success(service: Service, command: Command, tmp_path: Path) -> None:
    result = command("load", events(tmp_path, []), "--url", service.url)
    assert result.exit_code == 0
    assert "0 events" in result.output

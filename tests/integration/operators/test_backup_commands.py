"""`komerbij backup` and `restore` as an operator types them: what they refuse changes nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text
from typer.testing import CliRunner, Result

from cli.main import app
from shared.database import connect, reading, transaction, upgrade
from shared.events.streams import STREAM
from shared.operators.backup.rows import tables_of
from shared.operators.restorations import restored_at
from tests.integration.databases.schemas import SERVICES

KEY = "a-person-key-of-more-than-32-characters"
LEDGER = "registration-erasures.jsonl"
Command = Callable[..., Result]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Command:
    """`command("backup", ...)`; the environment names no database, and one person key."""
    monkeypatch.setenv("REGISTRATION_PERSON_KEY", KEY)
    for name in ("REGISTRATION", "NOTIFICATIONS", "REPORTING"):
        monkeypatch.delenv(f"{name}_DATABASE_URL", raising=False)
    monkeypatch.delenv("KOMERBIJ_REDIS_URL", raising=False)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three databases: a log of three events, of which the consumers had two and three."""
    folder = tmp_path_factory.mktemp("pattern")
    for service in SERVICES:
        engine = connect(f"sqlite:///{folder / service.name}.db")
        upgrade(engine, service.migrations)
        with transaction(engine) as connection:
            if service.name == "registration":
                connection.execute(text("update log_head set assigned = 3"))
            else:
                row = {"mark": 2 if service.name == "notifications" else 3}
                connection.execute(text("insert into position (name, watermark) values ('main', :mark)"), row)
        engine.dispose()
    (folder / LEDGER).write_text('{"mark": "one"}\n')
    return folder


@pytest.fixture
def live(pattern: Path, tmp_path: Path) -> Path:
    """Of this test alone."""
    return shutil.copytree(pattern, tmp_path / "live")


@pytest.fixture
def file(live: Path, command: Command, tmp_path: Path) -> Path:
    result = command("backup", tmp_path / "b", "--data", live)
    assert result.exit_code == 0, result.output
    return tmp_path / "b"


def positions(folder: Path) -> dict[str, int | None]:
    """How far each database of a folder is; None where there is nothing in it."""
    found: dict[str, int | None] = {}
    for service in SERVICES:
        engine = connect(f"sqlite:///{folder / service.name}.db")
        query = "select assigned from log_head" if service.name == "registration" else "select watermark from position"
        with reading(engine) as connection:
            found[service.name] = connection.execute(text(query)).scalar() if tables_of(connection) else None
        engine.dispose()
    return found


NOTHING = {"registration": None, "notifications": None, "reporting": None}
ALL = {"registration": 3, "notifications": 2, "reporting": 3}


def test_a_backup_comes_back_in_a_fresh_folder(command: Command, file: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    result = command("restore", file, "--data", fresh)
    assert result.exit_code == 0, result.output
    assert positions(fresh) == ALL
    assert "registration: " in result.output
    assert "up to event 3" in result.output
    assert (fresh / LEDGER).read_text() == '{"mark": "one"}\n'
    assert (fresh / LEDGER).stat().st_mode & 0o777 == 0o600


def test_a_folder_gets_a_file_with_a_name_that_sorts(command: Command, live: Path, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    assert command("backup", tmp_path / "backups", "--data", live).exit_code == 0
    [found] = (tmp_path / "backups").iterdir()
    assert found.name.startswith("komerbij-20")
    assert found.name.endswith("Z.backup")


def test_a_backup_never_overwrites_another(command: Command, file: Path, live: Path) -> None:
    before = file.read_bytes()
    result = command("backup", file, "--data", live)
    assert result.exit_code == 1
    assert "never overwrites" in result.output
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".b")] == []


def test_a_folder_without_databases_has_nothing_to_back_up_and_gets_none(command: Command, tmp_path: Path) -> None:
    result = command("backup", tmp_path / "b", "--data", tmp_path / "empty")
    assert result.exit_code == 1
    assert "no database of" in result.output
    assert list(tmp_path.iterdir()) == []


def test_consumers_that_are_ahead_of_the_log_are_of_another_system(
    command: Command, live: Path, tmp_path: Path
) -> None:
    engine = connect(f"sqlite:///{live / 'reporting.db'}")
    with transaction(engine) as connection:
        connection.execute(text("insert into inbox (sequence, event_id) values (4, 'alien')"))
    engine.dispose()
    result = command("backup", tmp_path / "b", "--data", live)
    assert result.exit_code == 1
    assert "reporting knows events" in result.output
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("key", [None, "another-key-of-more-than-32-characters"])
def test_without_the_person_key_of_the_backup_nothing_is_restored(
    key: str | None, command: Command, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REGISTRATION_PERSON_KEY")
    if key:
        monkeypatch.setenv("REGISTRATION_PERSON_KEY", key)
    refused = command("restore", file, "--data", tmp_path / "fresh")
    assert refused.exit_code == 1
    assert "person key" in refused.output
    assert positions(tmp_path / "fresh") == NOTHING
    assert KEY.encode() not in file.read_bytes()
    assert command("restore", file, "--data", tmp_path / "fresh", "--lost-person-key").exit_code == 0
    assert positions(tmp_path / "fresh") == ALL


def test_a_redis_that_does_not_answer_stops_it_after_all_was_filled_and_nothing_stands(
    command: Command, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMERBIJ_REDIS_URL", "redis://127.0.0.1:1/0")
    refused = command("restore", file, "--data", tmp_path / "fresh")
    assert refused.exit_code == 1
    assert "Nothing was changed" in refused.output
    assert positions(tmp_path / "fresh") == NOTHING
    assert command("restore", file, "--data", tmp_path / "fresh", "--without-redis").exit_code == 0


def test_the_stream_of_the_lost_future_is_deleted_and_nothing_else(
    command: Command, file: Path, tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMERBIJ_REDIS_URL", redis_url)
    with Redis.from_url(redis_url) as client:
        client.xadd(STREAM, {"__data__": "an event that never was"}, id="4-0")
        client.set("somebody-else", "1")
        assert command("restore", file, "--data", tmp_path / "other", "--without-redis").exit_code == 0
        assert client.exists(STREAM)
        assert command("restore", file, "--data", tmp_path / "fresh").exit_code == 0
        assert client.keys() == [b"somebody-else"]


def test_what_the_embedded_redis_kept_goes_and_the_newer_ledger_stays(command: Command, file: Path, live: Path) -> None:
    (live / "redis-appendonly").mkdir()
    (live / LEDGER).write_text('{"mark": "two"}\n')
    refused = command("restore", file, "--data", live)
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert (live / "redis-appendonly").exists()
    assert command("restore", file, "--data", live, "--replace").exit_code == 0
    assert not (live / "redis-appendonly").exists()
    assert (live / LEDGER).read_text() == '{"mark": "two"}\n{"mark": "one"}\n'


@pytest.mark.parametrize(("flags", "noted"), [((), True), (("--nothing-ran-since",), False)])
def test_consumers_remember_that_they_were_restored_unless_nothing_ran_since(
    flags: tuple[str, ...], noted: bool, command: Command, file: Path, tmp_path: Path
) -> None:
    assert command("restore", file, "--data", tmp_path / "fresh", *flags).exit_code == 0
    for service in ("notifications", "reporting"):
        engine = connect(f"sqlite:///{tmp_path / 'fresh' / service}.db")
        with reading(engine) as connection:
            assert (restored_at(connection) is not None) == noted
        engine.dispose()


def test_a_file_that_is_no_backup_is_refused_in_a_sentence(command: Command, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Beste mensen")
    for name, said in (("letter.txt", "no backup"), ("nothing", "cannot be read")):
        result = command("restore", tmp_path / name, "--data", tmp_path / "fresh")
        assert result.exit_code == 1
        assert said in result.output


def test_a_running_system_is_not_restored_into(command: Command, file: Path, live: Path) -> None:
    engine = connect(f"sqlite:///{live / 'reporting.db'}")
    with engine.connect() as connection:
        connection.execute(text("select 1 from position"))
        refused = command("restore", file, "--data", live, "--replace")
    engine.dispose()
    assert refused.exit_code == 1
    assert "stop the services first" in refused.output

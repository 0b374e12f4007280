"""`komerbij doctor`: each rule speaks where it should, and a system that is well hears nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.doctor.about_servers import ABOUT_SERVERS
from cli.doctor.about_settings import ABOUT_SETTINGS
from cli.doctor.command import findings
from cli.doctor.probes import look_around
from cli.doctor.situation import DatabaseFacts, FolderFacts, RedisFacts, Situation
from tests.unit.cli.conftest import Command

SETTINGS = {
    "NOTIFICATIONS_SMTP_URL": "smtps://mail.almelo.nl",
    "NOTIFICATIONS_SENDER": "KomErbij <komerbij@almelo.nl>",
    "NOTIFICATIONS_PUBLIC_URL": "https://berichten.almelo.nl",
    "REPORTING_PUBLISH_DAY": "5",
}
KEYS = {
    name: f"{number}a9f3c7e1b5d8024f6a8c0e2d4b6f8a1"
    for number, name in enumerate(("KOMERBIJ_ADMIN_KEY", "KOMERBIJ_SERVICE_KEY", "REGISTRATION_PERSON_KEY"))
}
POSTGRES = DatabaseFacts("postgresql", used=True, version=17, max_connections=100)
WELL = Situation(
    settings=SETTINGS,
    keys=KEYS,
    folder=FolderFacts({"/data": 0o700, "/data/admin-key": 0o600}),
    databases=dict.fromkeys(("registration", "notifications", "reporting"), POSTGRES),
    redis=RedisFacts(8),
)
SQLITE = dict.fromkeys(WELL.databases, DatabaseFacts("sqlite"))


def setting(**changes: str) -> Situation:
    return replace(WELL, settings={**SETTINGS, **changes})


def database(**changes: Any) -> Situation:
    return replace(WELL, databases={**WELL.databases, "reporting": replace(POSTGRES, **changes)})


def keyed(**changes: str) -> Situation:
    return replace(WELL, keys={**KEYS, **changes})


def foldered(**changes: Any) -> Situation:
    return replace(WELL, folder=FolderFacts(**changes))


def redis(**changes: Any) -> Situation:
    return replace(WELL, redis=replace(RedisFacts(8), **changes))


HURTS: tuple[tuple[str, str, str, Situation], ...] = (
    ("weak_keys", "wrong", "has 9 characters", keyed(KOMERBIJ_SERVICE_KEY="too-short")),
    ("weak_keys", "wrong", "a few characters", keyed(KOMERBIJ_SERVICE_KEY="secret" * 6)),
    ("same_keys", "wrong", "the same as", keyed(KOMERBIJ_SERVICE_KEY=KEYS["KOMERBIJ_ADMIN_KEY"])),
    ("no_mail", "look", "nobody gets one", setting(NOTIFICATIONS_SMTP_URL="")),
    ("sender_of_nobody", "wrong", "not an address of yours", setting(NOTIFICATIONS_SENDER="")),
    ("public_address", "wrong", "this machine", setting(NOTIFICATIONS_PUBLIC_URL="http://localhost:8002")),
    ("public_address", "wrong", "not https", setting(NOTIFICATIONS_PUBLIC_URL="http://berichten.almelo.nl")),
    ("sms_in_part", "wrong", "without the other", setting(NOTIFICATIONS_SMS_URL="https://sms.example")),
    ("reminders", "look", "nobody is reminded", setting(NOTIFICATIONS_REMINDERS="")),
    ("reminders", "wrong", "has 1D", setting(NOTIFICATIONS_REMINDERS="P1D, 1D")),
    ("quiet_hours", "look", "at night", setting(NOTIFICATIONS_QUIET_HOURS="")),
    ("quiet_hours", "look", "23 hours a day", setting(NOTIFICATIONS_QUIET_HOURS="08:00-07:30")),
    ("quiet_hours", "wrong", "begin and end", setting(NOTIFICATIONS_QUIET_HOURS="08:00-08:00")),
    ("quiet_hours", "wrong", "is nights", setting(NOTIFICATIONS_QUIET_HOURS="nights")),
    ("publish_day", "look", "by hand", setting(REPORTING_PUBLISH_DAY="0")),
    ("publish_day", "wrong", "is 32", setting(REPORTING_PUBLISH_DAY="32")),
    ("retention", "look", "400 days", setting(REGISTRATION_CONTACT_RETENTION_DAYS="400")),
    ("retention", "wrong", "is 0", setting(REGISTRATION_CONTACT_RETENTION_DAYS="0")),
    ("open_doors", "look", "every network", setting(KOMERBIJ_HOST="0.0.0.0")),  # noqa: S104  -- a text
    ("open_doors", "look", "every page", setting(KOMERBIJ_CORS_ORIGINS="*")),
    ("open_doors", "look", "all there is", setting(KOMERBIJ_RATE_LIMIT="0")),
    ("unreachable", "wrong", "refused", database(trouble="connection refused")),
    ("unreachable", "wrong", "no answer", redis(trouble="no answer")),
    ("shared_file", "wrong", "on a share", replace(WELL, databases=SQLITE, folder=FolderFacts(filesystem="nfs4"))),
    ("half_and_half", "look", "reporting on SQLite", database(kind="sqlite")),
    ("old_postgres", "look", "PostgreSQL 15", database(version=15)),
    ("old_postgres", "wrong", "PostgreSQL 12", database(version=12)),
    ("postgres_settings", "wrong", "SQL_ASCII", database(encoding="SQL_ASCII")),
    ("postgres_settings", "look", "max_connections is 20", database(max_connections=20)),
    ("clocks", "wrong", "-8 s off", database(seconds_off=-8.0)),
    ("redis_settings", "wrong", "allkeys-lru", redis(policy="allkeys-lru")),
    ("redis_settings", "wrong", "version 6", redis(version=6)),
    ("redis_settings", "look", "nothing on disk", redis(keeps=False)),
    ("disk", "look", "1.0 GiB", foldered(free=1 << 30)),
    ("disk", "wrong", "0.1 GiB", foldered(free=100 << 20)),
    ("open_files", "wrong", "mode 0644", foldered(modes={"/data/person-key": 0o644})),
    ("lost_person_key", "wrong", "is nowhere", replace(WELL, keys={})),
)


def test_a_system_that_is_well_hears_nothing() -> None:
    assert findings(WELL) == []


@pytest.mark.parametrize(("rule", "level", "says", "situation"), HURTS, ids=[f"{h[0]}-{h[2]}" for h in HURTS])
def test_what_hurts_is_found_by_its_rule_alone(rule: str, level: str, says: str, situation: Situation) -> None:
    [found] = findings(situation)
    assert found.level == level
    assert says in f"{found.says}; {found.do}"
    rules = {one.__name__: one for one in (*ABOUT_SERVERS, *ABOUT_SETTINGS)}
    assert list(rules[rule](situation)) == [found]


def test_every_rule_has_a_situation_here() -> None:
    assert {one.__name__ for one in (*ABOUT_SERVERS, *ABOUT_SETTINGS)} == {rule for rule, *_ in HURTS}


def test_a_fresh_folder_is_only_looked_at(command: Command, tmp_path: Path) -> None:
    result = command("doctor", "--data", tmp_path / "var")
    assert result.exit_code == 0, result.output
    assert "NOTIFICATIONS_SMTP_URL" in result.output
    assert not (tmp_path / "var").exists()


def test_what_is_wrong_is_a_failure(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMERBIJ_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("REPORTING_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
    (tmp_path / "registration.db").write_bytes(b"this is no database" * 100)
    result = command("doctor", "--data", tmp_path)
    assert result.exit_code == 1
    for word in ("KOMERBIJ_REDIS_URL", "REPORTING_DATABASE_URL", "registration.db"):
        assert word in result.output


def test_what_a_real_machine_says_is_understood(tmp_path: Path) -> None:
    found = look_around(tmp_path, {})
    assert found.folder.filesystem
    assert found.folder.size >= found.folder.free > 0
    assert found.redis is None

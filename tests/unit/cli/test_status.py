"""`komerbij status`: one table that tells the truth."""

from tests.unit.cli.conftest import Command, Service


def all_at(url: str) -> list[str]:
    return [word for name in ("registration", "notifications", "reporting") for word in ("--url", f"{name}={url}")]


def row(output: str, service: str) -> list[str]:
    line = next(line for line in output.splitlines() if f"│ {service} " in line)
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_a_ready_system_is_a_success_with_version_and_log_head(service: Service, command: Command) -> None:
    service.memory.events = {"a": {}, "b": {}}
    result = command("status", *all_at(service.url))
    assert result.exit_code == 0, result.output
    assert row(result.output, "registration") == ["registration", service.url, "ok", "1.0.0", "2", "", ""]


def test_degraded_tells_its_reason_and_is_no_failure(service: Service, command: Command) -> None:
    service.memory.ready = {
        "status": "degraded",
        "checks": {"redis": {"status": "degraded", "reason": "away since 10:00"}},
    }
    result = command("status", *all_at(service.url))
    assert result.exit_code == 0
    assert "redis degraded: away since 10:00" in result.output


def test_the_watermark_of_each_consumer_is_shown_beside_the_head_of_the_log(service: Service, command: Command) -> None:
    service.memory.events = {"a": {}, "b": {}}
    checks = {"database": {"status": "ok"}, "consumer": {"status": "degraded", "reason": "behind", "sequence": 1}}
    service.memory.ready = {"status": "degraded", "checks": checks}
    result = command("status", *all_at(service.url))
    shown = {name: row(result.output, name)[4] for name in ("registration", "notifications", "reporting")}
    assert shown == {"registration": "2", "notifications": "1", "reporting": "1"}


def fact(output: str, name: str) -> list[str]:
    line = next(line for line in output.splitlines() if f"│ {name} " in line)
    return [cell.strip() for cell in line.strip("│").split("│")][1:]


def test_the_lag_of_a_consumer_is_shown(service: Service, command: Command) -> None:
    service.memory.ready = {"status": "ok", "checks": {"consumer": {"status": "ok", "sequence": 5, "lag": 7}}}
    assert row(command("status", *all_at(service.url)).output, "reporting")[5] == "7"


def test_what_lies_about_is_counted_per_service(service: Service, command: Command) -> None:
    due = [{"dueAt": moment} for moment in ("2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z", "2999-01-01T10:00:00Z")]
    published = [{"id": f"2024.{n}", "createdAt": f"2026-0{n}-05T06:00:00Z"} for n in (1, 3, 2)]
    service.memory.shown = {
        "/v1/messages": {"items": due, "next": None},
        "/v1/completeness": {"items": [], "missing": 4},
        "/v1/publications": {"items": published, "next": None},
    }
    service.memory.letters = {number: {"id": number, "body": ""} for number in (1, 2, 3)}
    service.memory.keys = {"k": {"keyId": "k"}}
    output = command("status", *all_at(service.url)).output
    assert fact(output, "access keys") == ["1", "1", "1"]
    assert fact(output, "dead letters") == ["", "3", "3"]
    assert fact(output, "messages due") == ["", "2", ""]
    assert fact(output, "people not told of the next 48 hours") == ["", "4", ""]
    assert fact(output, "publications") == ["", "", "3, the last 2024.3 of 2026-03-05"]


def test_what_a_service_does_not_say_is_no_failure(service: Service, command: Command) -> None:
    service.memory.forbidden = {"/v1/keys", "/v1/publications"}
    result = command("status", *all_at(service.url))
    assert result.exit_code == 0
    assert fact(result.output, "access keys") == ["?", "?", "?"]
    assert fact(result.output, "publications") == ["", "", "?"]


def test_a_consumer_that_has_applied_nothing_yet_stands_at_nought(service: Service, command: Command) -> None:
    service.memory.ready = {"status": "ok", "checks": {"consumer": {"status": "ok", "sequence": 0}}}
    result = command("status", *all_at(service.url))
    assert row(result.output, "reporting")[4] == "0"


def test_a_service_that_says_no_position_shows_none(service: Service, command: Command) -> None:
    result = command("status", *all_at(service.url))
    assert row(result.output, "notifications")[4] == ""


def test_a_service_that_is_down_is_named_with_its_reasons_and_fails(service: Service, command: Command) -> None:
    service.memory.ready = {"status": "down", "checks": {"database": {"status": "down", "reason": "read-only"}}}
    result = command("status", *all_at(service.url))
    assert result.exit_code == 1
    assert "database down: read-only" in result.output
    assert "Not ready: registration, notifications, reporting." in result.output


def test_nobody_at_home_is_down_and_no_traceback(command: Command) -> None:
    result = command("status", *all_at("http://127.0.0.1:1"))
    assert result.exit_code == 1
    assert "Nobody answers" in result.output


def test_a_key_that_is_not_accepted_shows_beside_a_service_that_is_ready(service: Service, command: Command) -> None:
    result = command("status", *all_at(service.url), "--key", "wrong")
    assert result.exit_code == 0
    assert "unauthorized" in result.output


def test_an_unknown_service_is_wrong_use(command: Command) -> None:
    assert command("status", "--url", "accounting=http://127.0.0.1:1").exit_code == 2

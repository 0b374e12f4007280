"""What a run starts, and with which environment."""

import sys
from pathlib import Path

import pytest

from cli.children import check_ports, plan
from cli.data_folder import DataFolder
from cli.errors import Complaint


def environments(folder: Path, environ: dict[str, str]) -> dict[str, dict[str, str]]:
    planned = plan(DataFolder(folder), "redis://somewhere", environ)
    return {child.name: dict(child.env) for child in planned.children}


def test_each_service_is_its_own_module_with_a_log_that_carries_its_name(tmp_path: Path) -> None:
    children = plan(DataFolder(tmp_path), "redis://somewhere", {}).children
    assert [child.argv for child in children] == [
        (sys.executable, "-m", f"services.{name}") for name in ("registration", "notifications", "reporting")
    ]
    assert children[2].log == tmp_path / "reporting.log"


def test_the_defaults_are_those_of_the_contract(tmp_path: Path) -> None:
    env = environments(tmp_path, {})["notifications"]
    assert env["NOTIFICATIONS_PORT"] == "8002"
    assert env["NOTIFICATIONS_DATABASE_URL"] == f"sqlite:///{tmp_path}/notifications.db"
    assert env["REGISTRATION_URL"] == "http://127.0.0.1:8001"
    assert env["NOTIFICATIONS_PUBLIC_URL"] == "http://127.0.0.1:8002"
    assert env["KOMERBIJ_REDIS_URL"] == "redis://somewhere"
    assert env["KOMERBIJ_DATA"] == str(tmp_path)


def test_what_the_operator_set_is_kept_an_empty_value_too(tmp_path: Path) -> None:
    env = environments(tmp_path, {"NOTIFICATIONS_QUIET_HOURS": "", "NOTIFICATIONS_DATABASE_URL": "postgresql://x"})
    assert env["notifications"]["NOTIFICATIONS_QUIET_HOURS"] == ""
    assert env["notifications"]["NOTIFICATIONS_DATABASE_URL"] == "postgresql://x"


def test_a_service_never_sees_the_secrets_of_another(tmp_path: Path) -> None:
    found = environments(tmp_path, {"NOTIFICATIONS_SMTP_URL": "smtp://u:p@mail", "REGISTRATION_PERSON_KEY": "p" * 40})
    assert "NOTIFICATIONS_SMTP_URL" not in found["registration"]
    assert [name for name, env in found.items() if "REGISTRATION_PERSON_KEY" in env] == ["registration"]


def test_secrets_stand_in_no_representation(tmp_path: Path) -> None:
    planned = plan(DataFolder(tmp_path), "redis://:pw@somewhere", {})
    assert planned.admin_key not in repr(planned)
    assert "redis://:pw@somewhere" not in repr(planned)


def test_two_services_on_one_port_are_wrong_use() -> None:
    with pytest.raises(Complaint, match="same port"):
        check_ports({"REPORTING_PORT": "8001"})


def test_an_address_that_is_not_ours_is_not_called_taken() -> None:
    with pytest.raises(Complaint) as complaint:
        check_ports({"KOMERBIJ_HOST": "192.0.2.1"})
    assert "taken" not in complaint.value.sentence

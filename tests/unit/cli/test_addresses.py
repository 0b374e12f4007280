"""How a command finds a service."""

import json
from pathlib import Path

import pytest

from cli.addresses import local_url, port_of, url_of
from cli.errors import Complaint


def test_the_first_that_knows_says_where_a_service_is(tmp_path: Path) -> None:
    (tmp_path / "addresses.json").write_text(json.dumps({"reporting": "http://127.0.0.1:9003"}))
    port = {"REPORTING_PORT": "9999"}
    assert url_of("reporting", "http://given", tmp_path, port) == "http://given"
    assert url_of("reporting", None, tmp_path, port) == "http://127.0.0.1:9999"
    assert url_of("reporting", None, tmp_path, {}) == "http://127.0.0.1:9003"
    assert url_of("registration", None, tmp_path, {}) == "http://127.0.0.1:8001"


@pytest.mark.parametrize("text", ["[]", "{", "null"])
def test_a_spoilt_note_is_no_note(tmp_path: Path, text: str) -> None:
    (tmp_path / "addresses.json").write_text(text)
    assert url_of("reporting", None, tmp_path, {}) == "http://127.0.0.1:8003"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:1"),
        ("0.0.0.0", "http://127.0.0.1:1"),  # noqa: S104  -- read, not bound
        ("::", "http://[::1]:1"),
        ("fd00::1", "http://[fd00::1]:1"),
        ("komerbij.example.org", "http://komerbij.example.org:1"),
    ],
)
def test_a_server_on_every_address_is_reached_on_loopback(host: str, url: str) -> None:
    assert local_url(host, 1) == url


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "٣"])
def test_what_is_no_port_is_wrong_use(text: str) -> None:
    with pytest.raises(Complaint, match="REPORTING_PORT") as complaint:
        port_of("reporting", {"REPORTING_PORT": text})
    assert complaint.value.exit_code == 2

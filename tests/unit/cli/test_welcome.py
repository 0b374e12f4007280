"""The lines at the end of a start: what is there today, and where."""

import io
from pathlib import Path

from rich.console import Console

from cli.children import Plan
from cli.data_folder import DataFolder
from cli.welcome import welcome

URLS = {
    name: f"http://127.0.0.1:{port}" for name, port in (("registration", 1), ("notifications", 2), ("reporting", 3))
}


def lines(folder: Path, environ: dict[str, str]) -> dict[str, str]:
    """What is said, by the first word of each line."""
    said = io.StringIO()
    welcome(Console(file=said, width=80), DataFolder(folder), Plan((), URLS, "", ()), environ)
    return {
        name: " ".join(rest.split()) for name, _, rest in (line.partition(" ") for line in said.getvalue().splitlines())
    }


def test_each_service_is_named_with_what_it_has_today(tmp_path: Path) -> None:
    told = lines(tmp_path, {})
    assert told["registration"] == f"{URLS['registration']} write door, activities, event log"
    assert told["notifications"] == f"{URLS['notifications']} messages"
    assert told["reporting"] == f"{URLS['reporting']} statistics, fact sheet"


def test_a_mailbox_is_named_only_where_no_mail_is_sent(tmp_path: Path) -> None:
    assert "mailbox" in lines(tmp_path, {})
    assert "mailbox" not in lines(tmp_path, {"NOTIFICATIONS_SMTP_URL": "smtp://mail.example.org"})

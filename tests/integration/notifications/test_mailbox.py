"""The mailbox folder: a mail is there whole or not at all, and never twice."""

import json
import subprocess
import sys
from pathlib import Path

from services.notifications.app import MIGRATIONS
from services.notifications.domain.outcomes import MAIL_SERVER, LetGo, Retry, Sent
from services.notifications.senders.mailbox import MailboxSender
from services.notifications.senders.sender import Mail
from tests.databases import MigratedDatabases
from tests.servers import ROOT

MAIL = Mail("id-1", "afzender@example.org", "iemand@example.org", b"Subject: Dag\r\n\r\nHallo\r\n")


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def test_a_mail_is_a_file_named_by_its_message_id(tmp_path: Path) -> None:
    sender = MailboxSender(tmp_path / "mailbox")
    assert sender.arrived("id-1") is False
    assert await sender.send(MAIL, yes) == Sent("mailbox")
    assert [path.name for path in (tmp_path / "mailbox").iterdir()] == ["id-1.eml"]
    assert (tmp_path / "mailbox" / "id-1.eml").read_bytes() == MAIL.content
    assert sender.arrived("id-1") is True


async def test_let_go_leaves_no_file(tmp_path: Path) -> None:
    assert await MailboxSender(tmp_path).send(MAIL, no) == LetGo()
    assert not (tmp_path / "id-1.eml").exists()


async def test_a_mail_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "id-1.eml").write_bytes(b"first")
    assert await MailboxSender(tmp_path).send(MAIL, yes) == Sent("mailbox")
    assert (tmp_path / "id-1.eml").read_bytes() == b"first"


async def test_a_half_written_file_of_before_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "id-1.part").write_bytes(b"half")
    sender = MailboxSender(tmp_path)
    assert sender.arrived("id-1") is False
    await sender.send(MAIL, yes)
    assert (tmp_path / "id-1.eml").read_bytes() == MAIL.content


async def test_a_folder_that_cannot_be_written_is_a_retry(tmp_path: Path) -> None:
    (tmp_path / "mailbox").write_text("a file in the way")
    refused = Retry("mailbox", "folder-refuses", trouble=MAIL_SERVER, alarm=True)
    assert await MailboxSender(tmp_path / "mailbox").send(MAIL, yes) == refused


def test_f39_the_mailbox_folder_opens_no_socket_not_by_retry_and_not_by_replay(
    migrated_sqlite: MigratedDatabases, tmp_path: Path
) -> None:
    """Only registration is reached, for contact data, and never by the sender; one for mail servers is seen at once."""
    with migrated_sqlite.url(MIGRATIONS) as url:
        argv = [sys.executable, "-m", "tests.integration.notifications.sealed", url, str(tmp_path)]
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["opened"], found["asked"] > 0) == ([], True)
    assert found["control"] == ["socket.__new__ while sending"]
    copied = ["unknown", "second-copy", "sent"]
    assert found["steps"] == {
        "confirmation avedan/retried": ["retry", "sent"],
        "confirmation avedan/looked": ["retry", "sent"],
        "confirmation avedan/written": ["sent"],
        **{f"reminder avedan/{one}": copied for one in ("retried", "looked", "written")},
    }
    assert len(list((tmp_path / "mailbox").glob("*.eml"))) == 6

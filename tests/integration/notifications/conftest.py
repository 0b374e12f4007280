"""A migrated database per test, on SQLite and on PostgreSQL, a server for contacts, a mailbox folder."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.notifications.app import MIGRATIONS
from services.notifications.senders.mailbox import MailboxSender
from tests.databases import DATABASES, migrated_on
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.sms_server import SmsServer
from tests.integration.notifications.story import Story


@pytest.fixture(name="engine", params=DATABASES)
def fresh_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with migrated_on(request, request.param).engine(MIGRATIONS) as engine:
        yield engine


@pytest.fixture(name="story")
def fresh_story() -> Story:
    return Story()


@pytest.fixture(name="contacts")
def contact_server() -> Iterator[ContactServer]:
    with ContactServer() as server:
        yield server


class Mailbox:
    """What stands in the mailbox folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mails(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
        return [mail for mail in found if isinstance(mail, EmailMessage)]

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails()]


@pytest.fixture(name="mailbox")
def mailbox_folder(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mailbox")


@pytest.fixture(name="rig")
def rig_with_mailbox(engine: Engine, contacts: ContactServer, mailbox: Mailbox) -> Rig:
    return Rig(engine, MailboxSender(mailbox.folder), contacts)


@pytest.fixture(name="provider")
def sms_provider(rig: Rig) -> Iterator[SmsServer]:
    """The rig with an account at an SMS provider."""
    with SmsServer() as server:
        rig.sms = server.account
        yield server

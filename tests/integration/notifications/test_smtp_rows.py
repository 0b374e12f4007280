"""What a row says, and when it goes again, after each way in which a mail server can answer, or not answer, a mail."""

import email
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from services.notifications.domain.policy import KINDS
from services.notifications.domain.times import AMSTERDAM
from services.notifications.senders.smtp import MailServer, SmtpSender
from services.notifications.tables import BadAddressRow
from shared.database import reading, table_of
from shared.events.envelope import StreamEvent
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import Story
from tests.servers import free_port

NOW = datetime(2026, 10, 13, 10, tzinfo=AMSTERDAM)
"""A Tuesday."""
PHASES = ("connect", "hello", "mail", "rcpt", "data")
ONCE_MORE = ("cancellation", "change", "promotion", "reminder", "volunteer-shift")
"""Kinds of which a second copy may go (contract section 6)."""
Cell = tuple[str, str, int]
"""Status, reason, attempts used."""
WAIT = (timedelta(seconds=12), timedelta(seconds=18))
"""15 seconds, 20 % either way: the first wait of the schedule."""


@pytest.fixture(name="moody")
def mail_server() -> Iterator[Moody]:
    with Moody() as server:
        yield server


def again(reason: str, *, used: bool) -> Cell:
    return ("retry", reason, int(used))


def called(reason: str) -> Cell:
    """The next channel, now: the one attempt by mail, and the one that found out how else."""
    return ("to-call", reason, 2)


NOT_NOW, REFUSES_US = again("server-not-now", used=False), again("server-refuses-us", used=False)
TOO_MANY, LATER = "too-many-connections", again("later", used=True)
TABLE: dict[int, tuple[Cell, ...]] = {
    421: (NOT_NOW, NOT_NOW, NOT_NOW, again("server-not-now", used=True), again("server-not-now", used=True)),
    432: (*[again(TOO_MANY, used=False)] * 2, *[again(TOO_MANY, used=True)] * 3),
    450: (NOT_NOW, NOT_NOW, LATER, LATER, LATER),
    452: (NOT_NOW, NOT_NOW, LATER, LATER, LATER),
    535: (REFUSES_US, REFUSES_US, REFUSES_US, *[again("server-refuses-us", used=True)] * 2),
    550: (REFUSES_US, REFUSES_US, REFUSES_US, called("address-refused"), called("refused")),
    552: (REFUSES_US, REFUSES_US, called("too-big"), called("too-big"), called("too-big")),
    554: (REFUSES_US, REFUSES_US, REFUSES_US, called("refused"), called("refused")),
}
"""Reply code -> the row, for each of `PHASES` in which the reply comes (guide notifications 6)."""


async def confirmed(rig: Rig, story: Story, key: str) -> Cell:
    """What the row of a new person says after all that can be done now; what goes again goes after the first wait."""
    pid = f"pid-{key}"
    rig.contacts.contacts[pid] = {"name": "Jan", "email": f"{key}@example.org", "phone": "0546 123456"}
    rig.apply(story.signup(key))
    await rig.work()
    row = rig.row("confirmation", pid=pid)
    if row["status"] == "retry":
        assert WAIT[0] <= row["due_at"] - rig.clock() <= WAIT[1], key
    return row["status"], row["reason"], row["attempts"]


def over(rig: Rig, server: MailServer) -> None:
    rig.sender = SmtpSender(server, "example.org", timeout=0.5)


async def test_f31_status_and_next_due_after_each_reply_in_each_phase(rig: Rig, story: Story, moody: Moody) -> None:
    rig.apply(story.activity())
    over(rig, moody.server)
    found: dict[int, tuple[Cell, ...]] = {}
    for code in TABLE:
        cells = []
        for phase in PHASES:
            moody.replies = {phase: f"{code} no"}
            cells.append(await confirmed(rig, story, f"s{code}-{phase}"))
        found[code] = tuple(cells)
    assert found == TABLE
    assert moody.mails == []
    with reading(rig.engine) as connection:
        remembered = connection.execute(select(func.count()).select_from(table_of(BadAddressRow))).scalar_one()
    assert remembered == 1, "of a reply at RCPT that says that there is nobody, and of no other"


async def test_f31_status_and_next_due_after_a_line_that_breaks_or_hangs(rig: Rig, story: Story, moody: Moody) -> None:
    rig.apply(story.activity())
    over(rig, moody.server)
    moody.stores_first = True
    for how in ("drop", "hang"):
        for phase in ("connect", "hello", "mail", "rcpt", "command"):
            moody.replies = {phase: how}
            row = await confirmed(rig, story, f"s-{how}-{phase}")
            assert row == again("no-contact", used=phase in ("rcpt", "command")), phase
        assert moody.mails == []
        moody.replies = {"data": how}
        assert await confirmed(rig, story, f"s-{how}-content") == ("unknown", "no-answer", 1)
        moody.mails.clear()


async def test_f31_status_and_next_due_where_there_is_no_server(rig: Rig, story: Story) -> None:
    rig.apply(story.activity())
    over(rig, MailServer("127.0.0.1", free_port(), tls=False))
    assert await confirmed(rig, story, "s-nobody") == again("no-contact", used=False)
    over(rig, MailServer("mail.invalid", 25, tls=False))
    assert await confirmed(rig, story, "s-dns") == again("name-unknown", used=False)
    with Moody(bad_tls=True) as broken:
        over(rig, broken.server)
        assert await confirmed(rig, story, "s-tls") == again("tls-failed", used=False)


class Everything:
    """A sign-up for each kind of message, each at an activity of its own, that has one due at `NOW`."""

    def __init__(self) -> None:
        log: list[StreamEvent] = []
        soon, later = NOW + timedelta(days=1), NOW + timedelta(days=6)
        starts = {kind: soon if kind in ("reminder", "volunteer-shift") else later for kind in KINDS}
        long_ago = NOW - timedelta(days=6)
        self._stories = {kind: Story(start=starts[kind], recorded=long_ago, events=log) for kind in KINDS}

    def before(self) -> list[StreamEvent]:
        known = ("promotion", "reminder", "change", "cancellation", "volunteer-shift")
        return [*(story.activity(activity_id=kind) for kind, story in self._stories.items()), *map(self._signup, known)]

    def now(self) -> list[StreamEvent]:
        stories = self._stories
        return [
            self._signup("confirmation", at=NOW),
            self._signup("waiting-list", at=NOW),
            stories["promotion"].signup("promotion", "promoted", at=NOW),
            stories["change"].activity(title="Iets anders", at=NOW),
            stories["cancellation"].cancelled(at=NOW),
        ]

    def _signup(self, kind: str, **more: Any) -> StreamEvent:
        what = "waitlisted" if kind in ("promotion", "waiting-list") else "confirmed"
        role = "volunteer" if kind == "volunteer-shift" else "participant"
        return self._stories[kind].signup(kind, what, activity=f"avedan/{kind}", role=role, **more)


def copies(rig: Rig, moody: Moody) -> dict[str, int]:
    """Kind -> how often its one mail came, told by the Message-ID."""
    kinds = {row["id"]: row["kind"] for row in rig.rows()}
    ids = [str(email.message_from_bytes(mail)["Message-ID"]) for mail in moody.mails]
    return dict(Counter(kinds[one.strip("<>").partition("@")[0]] for one in ids))


def doubtful(rig: Rig) -> dict[str, tuple[str, str | None]]:
    """Kind -> status and why somebody has to call, of the messages that were in doubt."""
    return {row["kind"]: (row["status"], row["call_reason"]) for row in rig.rows() if row["doubts"]}


@pytest.mark.parametrize(("first", "second"), [("drop", None), ("hang", None), ("drop", "drop")])
async def test_f02_an_answer_that_is_lost_leaves_a_doubt_and_at_most_one_more_goes(
    rig: Rig, moody: Moody, first: str, second: str | None
) -> None:
    everything = Everything()
    rig.at(NOW - timedelta(days=6)).apply(*everything.before())
    await rig.work()
    rig.sender = SmtpSender(moody.server, "example.org", timeout=0.5)
    moody.replies, moody.stores_first = {"data": first}, True
    rig.at(NOW).apply(*everything.now())
    await rig.work()
    assert copies(rig, moody) == dict.fromkeys(KINDS, 1)
    assert doubtful(rig) == dict.fromkeys(KINDS, ("unknown", None))

    await rig.later(minutes=14, seconds=59).work()
    assert len(moody.mails) == len(KINDS)
    moody.replies = {"data": second} if second else {}
    await rig.later(seconds=1).work()
    for hours in (1, 4, 12):
        await rig.later(hours=hours).work()
    assert copies(rig, moody) == {kind: 2 if kind in ONCE_MORE else 1 for kind in KINDS}
    after = ("unknown", "in-doubt") if second else ("sent", None)
    assert doubtful(rig) == {kind: after if kind in ONCE_MORE else ("unknown", None) for kind in KINDS}

"""What people and providers say while a history is told: outcomes of calls, receipts, and who wants no reminders."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random

from services.notifications.domain.calling import OUTCOMES, Call
from services.notifications.domain.channels import EMAIL
from services.notifications.domain.facts import DONE
from services.notifications.domain.receipts import BOUNCED, DELIVERED, UNDELIVERED, Receipt
from services.notifications.domain.times import AMSTERDAM
from services.notifications.store import opt_outs, projections
from services.notifications.usecases.calling import NOT_COMING, CallDesk, Report, report_outcome
from services.notifications.usecases.lists import calls_of
from services.notifications.usecases.receiving import Said, receive
from services.notifications.usecases.replan import replan
from services.notifications.withdrawals import WithdrawalClient
from shared.database import reading, transaction
from tests.histories.logs import Log
from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.call_centre import WriteDoor
from tests.integration.notifications.desk import WAYS, Desk, Told
from tests.servers import SERVICE_KEY

Act = Callable[[], None]
_KINDS = ("call", "call", "receipt", "receipt", "opt-out")


@dataclass
class Answers:
    """`out`: people who want no reminders any more. After each answer completeness adds up.

    `silent`: everybody is told by mail, and nobody says anything; a control needs no more.
    """

    desk: Desk
    log: Log
    door: WriteDoor
    silent: bool = False
    out: set[str] = field(default_factory=set)
    ways: dict[str, str] = field(default_factory=dict)

    def way(self, pid: str, dice: Random) -> str:
        """How this person wants to be told, all through the history."""
        if self.silent:
            return "email"
        if pid not in self.ways:
            self.ways[pid] = dice.choice(WAYS)
        return self.ways[pid]

    def how_many(self, dice: Random) -> int:
        """So many things happen before the next batch."""
        return 0 if self.silent else dice.choice((1, 0, 2))

    def one(self, dice: Random) -> None:
        """One thing that may happen now."""
        found = {"call": self._calls(), "receipt": self._receipts(), "opt-out": self._opt_outs()}
        kinds = [kind for kind in _KINDS if found[kind]]
        if kinds:
            acts = found[dice.choice(kinds)]
            acts[dice.choice(sorted(acts))]()
            adds_up(self.desk.engine, self.desk.now, self.desk.policy)

    def _calls(self) -> dict[str, Act]:
        """Everybody on the lists of today, with every outcome that the log does not contradict."""
        desk = self.desk
        with reading(desk.engine) as connection:
            lines = calls_of(connection, desk.now.astimezone(AMSTERDAM).date(), desk.now, desk.policy, None)
        return {
            f"{outcome}: {line.first.message.dedup_key}": partial(self._call, line, outcome)
            for line in lines
            for outcome in OUTCOMES
            if outcome != NOT_COMING or self._withdraws(line)
        }

    def _withdraws(self, line: Call) -> bool:
        """By the log as well: its withdrawal is the one that the call leads to, heard before or after it."""
        who = line.first.signup
        names, states = ("activity", "partner_id", "pid"), self.log.states()
        mine = [row for row in self.desk.rows("signup") if all(row[name] == getattr(who, name) for name in names)]
        return all(states[f"signup/{row['ref']}"]["status"] == "withdrawn" for row in mine)

    def _call(self, line: Call, outcome: str) -> None:
        first, desk = line.first, self.desk
        asyncio.run(self._report(Report(first.message.id, outcome, first.activity.latest.version, None)))
        if outcome in DONE:
            told = [one.message for one in (first, *line.others)]
            desk.told += [Told(message, first.activity.latest, desk.now, outcome) for message in told]

    async def _report(self, report: Report) -> None:
        withdrawals = WithdrawalClient(self.door.url, SERVICE_KEY)
        now = self.desk.now
        await report_outcome(CallDesk(self.desk.engine, self.desk.policy, lambda: now, withdrawals), report)
        await withdrawals.close()

    def _receipts(self) -> dict[str, Act]:
        """About every mail that left, or may have."""
        rows = [row for row in self.desk.messages() if row["status"] in ("sent", "unknown") and row["channel"] == EMAIL]
        return {
            f"{said}: {row['dedup_key']}": partial(self._receipt, row["id"], said)
            for row in rows
            for said in (DELIVERED, BOUNCED, UNDELIVERED)
        }

    def _receipt(self, message_id: str, said: str) -> None:
        """What came back told nobody anything."""
        desk = self.desk
        row = receive(desk.engine, Said(message_id, Receipt(EMAIL, said), None), desk.now, desk.policy)
        mine = [told for told in desk.told if told.message.id == message_id]
        others = [told for told in desk.told if told.message.id != message_id]
        if said != DELIVERED and row.told_version is None:
            desk.told[:] = others
        elif said == DELIVERED and mine:
            desk.told[desk.told.index(mine[-1])] = replace(mine[-1], how="sent")

    def _opt_outs(self) -> dict[str, Act]:
        people = {row["pid"]: row["ref"] for row in self.desk.rows("signup") if row["pid"] not in self.out}
        return {ref: partial(self._opt_out, pid) for pid, ref in people.items()}

    def _opt_out(self, pid: str) -> None:
        """What a click on the link does."""
        desk = self.desk
        with transaction(desk.engine) as connection:
            projections.one_planner(connection)
            opt_outs.add(connection, pid, desk.now)
            replan(connection, projections.signups_of(connection, [pid]), desk.now, desk.policy)
        self.out.add(pid)

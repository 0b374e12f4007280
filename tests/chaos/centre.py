"""People at work during a run: who calls, who wants no reminders, a provider that bounces, and who checks the sums."""

import contextlib
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.chaos.dice import dice
from tests.chaos.ledger import Json
from tests.chaos.mail import Taken
from tests.chaos.system import ChaosSystem

HOURS = {"hours": "744"}
"""All that comes: the furthest that may be asked for."""
_PAUSE = 0.4
_OUTCOMES = ("spoken", "voicemail", "not-reached", "not-coming", "")
"""How a call ends; the last: nobody calls this one."""
_OFTEN = (25, 10, 10, 10, 45)
_BOUNCES, _CLICKS = 0.04, 0.3
_MOST_BOUNCES = 25


@dataclass(frozen=True, slots=True)
class Call:
    """What a caller reported about a line of a list; `answered`: and was told that it was noted."""

    signup: str
    outcome: str
    answered: bool = False


@dataclass
class Said:
    """What these people did and what they were answered: the oracle holds it against notifications."""

    calls: dict[str, Call] = field(default_factory=dict)
    """By message."""
    bounced: dict[str, float] = field(default_factory=dict)
    """Message -> when that was noted, by the driver's clock."""
    bounced_at: dict[str, float] = field(default_factory=dict)
    """Recipient -> when that was noted."""
    clicked: dict[str, float] = field(default_factory=dict)
    """Message whose link was followed -> when that was noted."""
    sums: int = 0
    """Times that completeness was asked for in the run and answered."""
    unbalanced: list[str] = field(default_factory=list)


def faults_of(answer: Json) -> list[str]:
    """What of a completeness answer does not add up by itself."""
    found = []
    for item in answer["items"]:
        parts = [item[name] for name in ("told", "planned", "callList", "optedOut")]
        if item["due"] != sum(parts) or item["missing"] or item["inDoubt"] > item["told"]:
            found.append(str(item))
    if answer["missing"] != sum(item["missing"] for item in answer["items"]):
        found.append(f"missing {answer['missing']} is not the sum")
    return found


class Centre(threading.Thread):
    """All of them in one thread, who ask each process of notifications in turn; who finds it away comes again later."""

    def __init__(self, system: ChaosSystem, seed: str, stopped: threading.Event) -> None:
        super().__init__(daemon=True)
        self.said = Said()
        self.error: BaseException | None = None
        self._system, self._dice, self._stopped = system, dice(seed, "centre"), stopped
        self._seen = 0
        self._meant: dict[str, str] = {}
        self._left: list[tuple[Callable[[httpx.Client, Taken], bool], Taken]] = []

    def run(self) -> None:
        """Until the run ends."""
        try:
            with contextlib.ExitStack() as stack:
                names = self._system.processes_of("notifications")
                clients = [stack.enter_context(self._system.client(name, 20)) for name in names]
                for client in itertools.cycle(clients):
                    if self._stopped.wait(_PAUSE):
                        return
                    self._work(client)
        except BaseException as error:  # told by the run
            self.error = error

    def _work(self, client: httpx.Client) -> None:
        for work in (self._add_up, self._call, self._read_mail):
            with contextlib.suppress(httpx.HTTPError):
                work(client)

    def _add_up(self, client: httpx.Client) -> None:
        """One answer is of one moment, so that it must add up whatever happens meanwhile."""
        answer = client.get("/v1/completeness", params=HOURS)
        if answer.status_code == 200:
            self.said.sums += 1
            self.said.unbalanced += faults_of(answer.json())

    def _call(self, client: httpx.Client) -> None:
        for path in ("/v1/call-list", "/v1/letters"):
            answer = client.get(path)
            if answer.status_code == 200:
                for item in answer.json()["items"]:
                    self._one_call(client, item, by_letter=path == "/v1/letters")

    def _one_call(self, client: httpx.Client, item: Json, *, by_letter: bool) -> None:
        """Each is called once, with the same outcome until that is answered; a letter is posted or not."""
        key = item["messageId"]
        if key not in self._meant:
            rolled = self._dice.choices(_OUTCOMES, _OFTEN)[0]
            self._meant[key] = "spoken" if rolled and by_letter else rolled
        outcome = self._meant[key]
        if not outcome or (key in self.said.calls and self.said.calls[key].answered):
            return
        self.said.calls[key] = Call(item["signup"], outcome)
        body = {"outcome": outcome, "version": item["version"]}
        answer = client.post(f"/v1/messages/{key}/outcome", json=body)
        if answer.status_code == 200:
            self.said.calls[key] = Call(item["signup"], outcome, answered=True)

    def _read_mail(self, client: httpx.Client) -> None:
        """Of what came since: some bounces, some links are followed; what is not answered is done again."""
        came = self._system.mail.taken[self._seen :]
        self._seen += len(came)
        for mail in came:
            if self._dice.random() < _BOUNCES and len(self.said.bounced_at) < _MOST_BOUNCES:
                self._left.append((self._bounce, mail))
            elif mail.token and self._dice.random() < _CLICKS:
                self._left.append((self._click, mail))
        while self._left:
            work, mail = self._left[0]
            if not work(client, mail):
                return
            self._left.pop(0)

    def _bounce(self, client: httpx.Client, mail: Taken) -> bool:
        """Twice, as providers do."""
        body: Any = {"outcome": "bounced", "channel": "email"}
        for _ in range(2):
            answer = client.post(f"/v1/messages/{mail.message}/receipt", json=body)
            if answer.status_code != 200:
                return answer.status_code < 500
        now = self._system.clock().timestamp()
        self.said.bounced[mail.message] = now
        self.said.bounced_at[mail.recipient] = now
        return True

    def _click(self, client: httpx.Client, mail: Taken) -> bool:
        answer = client.post(f"/v1/unsubscribe/{mail.token}", data={"List-Unsubscribe": "One-Click"}, headers=_NO_KEY)
        if answer.status_code == 200:
            self.said.clicked[mail.message] = self._system.clock().timestamp()
        return answer.status_code < 500


_NO_KEY = {"Authorization": ""}

"""All questions, asked when everything is quiet: what is wrong, and the numbers of the run."""

import time
from collections.abc import Callable

from tests.chaos import stores
from tests.chaos.ledger import Ledger
from tests.chaos.lists import read_lists
from tests.chaos.log_copy import LogCopy, read_log
from tests.chaos.messages import read_messages, settle
from tests.chaos.oracle_consumers import judge_consumers, pending
from tests.chaos.oracle_facts import judge_facts
from tests.chaos.oracle_figures import judge_figures
from tests.chaos.oracle_lists import People, judge_lists, ways_of
from tests.chaos.oracle_log import judge_log, judge_persons, withdrawn_by_phone
from tests.chaos.oracle_mails import judge_mails, judge_told
from tests.chaos.oracle_rebuild import judge_rebuilds
from tests.chaos.oracle_reminders import judge_reminders
from tests.chaos.oracle_wishes import judge_copies, judge_wishes
from tests.chaos.posters import post_again
from tests.chaos.run import Outcome
from tests.chaos.scene import Scene
from tests.chaos.system import ChaosSystem
from tests.chaos.verdict import Verdict

_LEVEL, _PENDING, _MAILS = 60.0, 90.0, 150.0


def judge(system: ChaosSystem, outcome: Outcome) -> Verdict:
    """Wait for quiet, then ask."""
    verdict, ledger = Verdict(), outcome.ledger
    scene = outcome.scene
    assert scene is not None
    if not quiet(system, scene, verdict, outcome.order.patience):
        outcome.faults.troubles.append("the system did not come to rest")
    _post_again(system, ledger, verdict)
    with system.client("registration") as client:
        log = read_log(client)
    judge_log(log, ledger, withdrawn_by_phone(log, outcome.said), verdict)
    judge_persons(log, ledger, verdict)
    judge_facts(log, ledger, verdict)
    judge_consumers(scene, log, verdict)
    with system.client("reporting") as client:
        judge_figures(client, log, verdict)
    verdict.people = _judge_messages(system, log, outcome, verdict)
    judge_rebuilds(system, verdict)
    for trouble in outcome.faults.troubles:
        verdict.blame("trouble", trouble)
    return verdict


def quiet(system: ChaosSystem, scene: Scene, verdict: Verdict, patience: float = 1.0) -> bool:
    """Everybody level, nothing pending, every due message at its end; `patience` scales how long that may take."""
    began = time.time()

    def level() -> bool:
        head = stores.head(system.stores)
        return head >= 0 and all(stores.watermark(system.stores, name) == head for name in stores.CONSUMERS)

    rested = _until(level, _LEVEL * patience) and _until(lambda: _nothing_pending(scene), _PENDING * patience)
    left = settle(system, _MAILS * patience)
    verdict.count("seconds to rest", round(time.time() - began, 1))
    for what in left:
        verdict.blame("message without end", what)
    return rested


def _nothing_pending(scene: Scene) -> bool:
    found = pending(scene)
    return found.keys() >= set(stores.CONSUMERS) and all(entry == (0, 0) for entry in found.values())


def _until(look: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if look():
            return True
        time.sleep(0.1)
    return False


def _post_again(system: ChaosSystem, ledger: Ledger, verdict: Verdict) -> None:
    """Everything that was accepted is known, and by that nothing is added."""
    accepted = ledger.accepted()
    before = stores.head(system.stores)
    with system.client("registration") as client:
        for post, result in post_again(client, accepted):
            if result["outcome"] != "duplicate":
                verdict.blame("lost", f"{post.event_id} {post.name}, accepted before, is now {result['outcome']}")
    verdict.demand(stores.head(system.stores) == before, "doubled", "posting again added to the log")
    verdict.count("posted again", len(accepted))


def _judge_messages(system: ChaosSystem, log: LogCopy, outcome: Outcome, verdict: Verdict) -> People:
    lists, messages = read_lists(system), read_messages(system)
    taken = list(system.mail.taken)
    mailed = frozenset(mail.message for mail in taken)
    people = People(log, messages, lists, outcome.said, mailed, ways_of(outcome.ledger))
    judge_mails(system, messages, verdict)
    judge_told(system, log, messages, outcome.ledger, verdict)
    judge_reminders(system, log, messages, verdict)
    judge_lists(people, verdict)
    judge_wishes(people, taken, verdict)
    judge_copies(people, taken, verdict)
    return people

"""Controls of the oracle on what a run found: one thing is changed, and the same questions are asked again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tests.chaos.ledger import Json
from tests.chaos.lists import Lists
from tests.chaos.mail import Taken
from tests.chaos.oracle_lists import People, judge_lists
from tests.chaos.oracle_wishes import judge_copies
from tests.chaos.verdict import Verdict

Found = tuple[People, list[Taken]]


def unseen(people: People, taken: list[Taken]) -> list[str]:
    """Names of changes that the oracle did not see for what they are, in a run in which all holds."""
    return [name for name, (kind, tamper) in CONTROLS.items() if not _asked(*tamper(people, taken)).wrong[kind]]


def _asked(people: People, taken: list[Taken]) -> Verdict:
    verdict = Verdict()
    judge_lists(people, verdict)
    judge_copies(people, taken, verdict)
    return verdict


def _with(people: People, **changed: Any) -> People:
    lists = people.lists
    same = {"at": lists.at, "sums": lists.sums, "calls": lists.calls, "letters": lists.letters}
    return replace(people, lists=Lists(**{**same, **changed}))


def _a_line_falls_off(people: People, taken: list[Taken]) -> Found:
    return _with(people, calls=people.lists.calls[1:]), taken


def _a_line_comes_twice(people: People, taken: list[Taken]) -> Found:
    return _with(people, calls=[*people.lists.calls, people.lists.calls[0]]), taken


def _sums(people: People, taken: list[Taken], name: str, change: Callable[[Json], Json]) -> Found:
    """Of the first activity that has somebody under this name."""
    items = list(people.lists.sums["items"])
    place = next(place for place, item in enumerate(items) if item[name] and item["activity"] in people.coming)
    items[place] = items[place] | change(items[place])
    return _with(people, sums={"items": items, "missing": sum(item["missing"] for item in items)}), taken


def _somebody_is_not_counted(people: People, taken: list[Taken]) -> Found:
    return _sums(people, taken, "told", lambda item: {"due": item["due"] - 1, "told": item["told"] - 1, "inDoubt": 0})


def _who_has_to_be_called_counts_as_told(people: People, taken: list[Taken]) -> Found:
    change = {"callList": -1, "told": +1}
    return _sums(people, taken, "callList", lambda item: {name: item[name] + more for name, more in change.items()})


def _somebody_is_missing(people: People, taken: list[Taken]) -> Found:
    return _sums(people, taken, "told", lambda item: {"told": item["told"] - 1, "missing": 1, "inDoubt": 0})


def _mails_of_somebody_are_lost(people: People, taken: list[Taken]) -> Found:
    """Whom nothing else tells anything."""
    for signup in _signups(people, "email"):
        items = people.of_signup[signup]
        mine = {item["id"] for item in items} & people.mailed
        if mine and all(item["status"] in ("sent", "cancelled") for item in items):
            return replace(people, mailed=people.mailed - mine), taken
    raise AssertionError("nobody was told by mail alone")


def _a_mail_to_who_wants_a_call(people: People, taken: list[Taken]) -> Found:
    item = next(item for signup in _signups(people, "call") for item in people.of_signup[signup])
    return replace(people, mailed=people.mailed | {item["id"]}), taken


def _signups(people: People, wish: str) -> list[str]:
    coming = [state.subject.removeprefix("signup/") for states in people.coming.values() for state in states]
    return [signup for signup in coming if people.ways.get(signup) == wish]


def _a_second_copy_without_doubt(people: People, taken: list[Taken]) -> Found:
    doubtful = people.messages.doubtful()
    known = {item["id"] for item in people.messages.items}
    mail = next(mail for mail in taken if mail.message in known - doubtful)
    return people, [*taken, mail]


def _a_third_copy(people: People, taken: list[Taken]) -> Found:
    """Of what may have two: the first mail of such a kind is made doubtful."""
    item = next(item for item in people.messages.items if item["id"] in people.mailed and item["kind"] in _TWICE)
    doubt = {"at": item["attempts"][0]["at"], "phase": "data", "outcome": "unknown"}
    items = [one | {"attempts": [doubt, *one["attempts"]]} if one is item else one for one in people.messages.items]
    mail = next(mail for mail in taken if mail.message == item["id"])
    twice = replace(people, messages=replace(people.messages, items=items))
    others = [one for one in taken if one.message != mail.message]
    again = [replace(mail, at=mail.at + minutes * 60) for minutes in (0, 20, 40)]
    assert not _asked(twice, [*others, *again[:2]]).wrong["mail doubled"], "two copies with a doubt between are allowed"
    return twice, [*others, *again]


_TWICE = ("reminder", "volunteer-shift", "change", "cancellation", "promotion")
CONTROLS: Final[Mapping[str, tuple[str, Callable[[People, list[Taken]], Found]]]] = {
    "a line falls off the call list": ("lists", _a_line_falls_off),
    "a line comes twice": ("lists", _a_line_comes_twice),
    "somebody is not counted": ("completeness", _somebody_is_not_counted),
    "who has to be called counts as told": ("lists", _who_has_to_be_called_counts_as_told),
    "somebody is missing": ("completeness", _somebody_is_missing),
    "mails of somebody are lost": ("nobody told", _mails_of_somebody_are_lost),
    "a mail to who wants a call": ("not the wanted way", _a_mail_to_who_wants_a_call),
    "a second copy without doubt": ("mail doubled", _a_second_copy_without_doubt),
    "a third copy": ("mail doubled", _a_third_copy),
}
"""What is changed, the kind of wrong that must be said of it, and how."""

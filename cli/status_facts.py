"""What each service has lying about: dead letters, keys, messages that are due, publications; asked over HTTP."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx

from cli.client import Client
from cli.errors import Complaint

_MOST_PAGES = 20
_UNKNOWN = "?"
_HOURS = 48
"""How far ahead completeness looks."""
_CONSUMERS = ("notifications", "reporting")
Fact = Callable[[Client, datetime], str]


def facts_of(service: str, client: Client, now: datetime) -> dict[str, str]:
    """Name -> what is so; "?" where the service does not say, for want of a key or of an answer."""
    return {name: _said(fact, client, now) for name, (services, fact) in FACTS.items() if service in services}


def _said(fact: Fact, client: Client, now: datetime) -> str:
    try:
        return fact(client, now)
    except (Complaint, httpx.HTTPError, KeyError, TypeError, ValueError):
        return _UNKNOWN


def _dead_letters(client: Client, _now: datetime) -> str:
    return _counted(_items(client, "/v1/dead-letters"))


def _keys(client: Client, _now: datetime) -> str:
    return _counted(_items(client, "/v1/keys"))


def _due(client: Client, now: datetime) -> str:
    """Planned for now or before, and not out yet."""
    waiting = _items(client, "/v1/messages", status="scheduled,retry", limit=1000)
    return _counted(one for one in waiting if datetime.fromisoformat(one["dueAt"]) <= now)


def _missing(client: Client, _now: datetime) -> str:
    return str(client.get("/v1/completeness", hours=_HOURS)["missing"])


def _publications(client: Client, _now: datetime) -> str:
    found = list(_items(client, "/v1/publications"))
    if not found:
        return "none"
    newest = max(found, key=lambda one: str(one["createdAt"]))
    return f"{len(found)}, the last {newest['id']} of {str(newest['createdAt'])[:10]}"


def _items(client: Client, path: str, **params: str | int) -> Iterator[dict[str, Any]]:
    """Over the pages of a list; ValueError where there are more than anybody wants to count."""
    for _ in range(_MOST_PAGES):
        page = client.get(path, **params)
        yield from page["items"]
        if not page.get("next"):
            return
        params = {**params, "cursor": page["next"]}
    raise ValueError(f"{path} has more than {_MOST_PAGES} pages")


def _counted(items: Iterator[dict[str, Any]]) -> str:
    return str(sum(1 for _ in items))


FACTS: Mapping[str, tuple[tuple[str, ...], Fact]] = {
    "access keys": (("registration", *_CONSUMERS), _keys),
    "dead letters": (_CONSUMERS, _dead_letters),
    "messages due": (("notifications",), _due),
    f"people not told of the next {_HOURS} hours": (("notifications",), _missing),
    "publications": (("reporting",), _publications),
}
"""Name -> who is asked, and how."""

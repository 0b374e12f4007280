"""How the three services are: readiness with reasons, version, log head, lag, and what lies about in each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.client import Client, nobody_answers, sentence
from cli.errors import Complaint
from cli.status_facts import FACTS, facts_of

_COLOURS = {"ok": "green", "degraded": "yellow", "down": "red"}
_QUICK = httpx.Timeout(5.0)


@dataclass(frozen=True)
class Standing:
    """One service as it answers. `position`: registration's log head, a consumer's watermark, None if unsaid.

    `lag`: events on the stream that a consumer has not applied. `facts`: as `facts_of` says, with a key alone.
    """

    service: str
    url: str
    status: str
    version: str = ""
    position: int | None = None
    lag: int | None = None
    reasons: list[str] = field(default_factory=list)
    facts: Mapping[str, str] = field(default_factory=dict)


def standing(service: str, url: str, key: str | None, now: datetime) -> Standing:
    """Ask one service; nobody at home is `down`, with the reason."""
    with Client(url, key, timeout=_QUICK) as client:
        try:
            answer = client.send("GET", "/health/ready")
            body = answer.json()
            status, checks = str(body["status"]), dict(body["checks"])
        except httpx.TransportError as error:
            return Standing(service, url, "down", reasons=[nobody_answers(url, error)])
        except (ValueError, KeyError, TypeError):
            return Standing(service, url, "down", reasons=[f"{url} does not answer as {service} does."])
        reasons = [_reason(name, check) for name, check in checks.items() if _speaks(check)]
        position, lag = _number(checks, "sequence"), _number(checks, "lag")
        if service == "registration" and status != "down":
            position, said = _log_head(client, key)
            reasons += said
        facts = facts_of(service, client, now) if key else {}
        return Standing(service, url, status, answer.headers.get("API-Version", ""), position, lag, reasons, facts)


def _speaks(check: Mapping[str, Any]) -> bool:
    return check.get("status") != "ok" or bool(check.get("reason") or check.get("lag"))


def _reason(name: str, check: Mapping[str, Any]) -> str:
    lag = f"lag {check['lag']}" if check.get("lag") else ""
    return f"{name} {check.get('status')}: {check.get('reason') or lag or 'no reason given'}"


def _number(checks: Mapping[str, Mapping[str, Any]], name: str) -> int | None:
    """What a consumer says of itself to operators: `sequence`, up to where the log is applied without a gap; `lag`."""
    said = checks.get("consumer", {}).get(name)
    return said if isinstance(said, int) else None


def _log_head(client: Client, key: str | None) -> tuple[int | None, list[str]]:
    if key is None:
        return None, ["no key at hand, so the log head is not asked for"]
    try:
        answer = client.send("GET", "/v1/log", params={"after": 0, "limit": 1})
        if not answer.is_success:
            return None, [sentence(answer)]
        return int(answer.json()["head"]), []
    except httpx.TransportError as error:
        return None, [nobody_answers(client.url, error)]
    except (ValueError, KeyError, TypeError):
        return None, ["the log does not tell its head"]


def print_standings(console: Console, found: list[Standing]) -> None:
    """One screen; complains when a service is down."""
    table = Table("service", "address", "status", "API", "log", "lag", "why")
    for one in found:
        colour = _COLOURS.get(one.status, "red")
        numbers = ("" if number is None else str(number) for number in (one.position, one.lag))
        cells = map(escape, (one.version, *numbers, "\n".join(one.reasons)))
        table.add_row(one.service, escape(one.url), f"[{colour}]{escape(one.status)}[/{colour}]", *cells)
    console.print(table)
    if any(one.facts for one in found):
        console.print(_facts(found))
    down = [one.service for one in found if one.status not in ("ok", "degraded")]
    if down:
        raise Complaint(f"Not ready: {', '.join(down)}.")


def _facts(found: list[Standing]) -> Table:
    table = Table("", *(one.service for one in found))
    for name in FACTS:
        table.add_row(name, *(escape(one.facts.get(name, "")) for one in found))
    return table

"""How the three services are: readiness with reasons, version, log head, and how far each consumer is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.client import Client, nobody_answers, sentence
from cli.errors import Complaint

_COLOURS = {"ok": "green", "degraded": "yellow", "down": "red"}
_QUICK = httpx.Timeout(5.0)


@dataclass(frozen=True)
class Standing:
    """One service as it answers. `position`: registration's log head, a consumer's watermark, None if unsaid."""

    service: str
    url: str
    status: str
    version: str = ""
    position: int | None = None
    reasons: list[str] = field(default_factory=list)


def standing(service: str, url: str, key: str | None) -> Standing:
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
        position = _watermark(checks)
        if service == "registration" and status != "down":
            position, said = _log_head(client, key)
            reasons += said
        return Standing(service, url, status, answer.headers.get("API-Version", ""), position, reasons)


def _speaks(check: Mapping[str, Any]) -> bool:
    return check.get("status") != "ok" or bool(check.get("reason"))


def _reason(name: str, check: Mapping[str, Any]) -> str:
    return f"{name} {check.get('status')}: {check.get('reason') or 'no reason given'}"


def _watermark(checks: Mapping[str, Mapping[str, Any]]) -> int | None:
    """What a consumer says in `checks.consumer.sequence`: the log is applied up to there, without a gap."""
    said = checks.get("consumer", {}).get("sequence")
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
    """One table; complains when a service is down."""
    table = Table("service", "address", "status", "API", "log", "why")
    for one in found:
        colour = _COLOURS.get(one.status, "red")
        position = "" if one.position is None else str(one.position)
        cells = map(escape, (one.version, position, "\n".join(one.reasons)))
        table.add_row(one.service, escape(one.url), f"[{colour}]{escape(one.status)}[/{colour}]", *cells)
    console.print(table)
    down = [one.service for one in found if one.status not in ("ok", "degraded")]
    if down:
        raise Complaint(f"Not ready: {', '.join(down)}.")

"""Waits until the services are ready, or says which one is not and why."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from cli.children import Plan
from cli.errors import Complaint
from cli.supervisor import Child, Supervisor

READY_WITHIN = 90.0
"""Seconds; a cold machine compiles and migrates first."""

SETTLING = 5.0
"""Seconds in which a service that is ready may become wholly well before its reasons are told."""

HOPELESS = 3
"""Deaths in a row before anything was ready."""

_TAIL_LINES = 15
_TAIL_OCTETS = 8192


async def until_ready(
    supervisor: Supervisor, planned: Plan, say: Callable[[str], None], within: float = READY_WITHIN
) -> None:
    """Return when all answer 200 at `/health/ready`; say of each when it is ready, or that it is degraded and why.

    Complains, with the tail of its log, about a service that keeps dying or does not become ready in time.
    """
    deadline = time.monotonic() + within
    async with httpx.AsyncClient(trust_env=False, timeout=10.0) as client:

        async def announce(child: Child) -> None:
            say(await _one(client, supervisor, child, planned.urls[child.name], deadline))

        await asyncio.gather(*map(announce, planned.children))


async def _one(client: httpx.AsyncClient, supervisor: Supervisor, child: Child, url: str, deadline: float) -> str:
    settled = deadline
    while True:
        ready, said = await _ask(client, url)
        if ready:
            settled = min(settled, time.monotonic() + SETTLING)
            if not said:
                return f"{child.name} is ready"
            if time.monotonic() >= settled:
                return f"{child.name} is degraded: {said}"
        if supervisor.failures(child.name) >= HOPELESS:
            raise Complaint(f"{child.name} keeps ending. The end of {child.log}:\n{tail(child.log)}")
        if time.monotonic() > deadline:
            raise Complaint(f"{child.name} does not become ready ({said}). The end of {child.log}:\n{tail(child.log)}")
        await asyncio.sleep(0.1)


async def _ask(client: httpx.AsyncClient, url: str) -> tuple[bool, str]:
    """Ready or not, and the reasons that stand against it."""
    try:
        answer = await client.get(f"{url}/health/ready")
        checks = answer.json()["checks"]
    except httpx.TransportError:
        return False, "nobody answers yet"
    except (ValueError, KeyError, TypeError):
        return False, f"{url}/health/ready answers without checks"
    against = [
        f"{name}: {check.get('reason') or check['status']}" for name, check in checks.items() if check["status"] != "ok"
    ]
    return answer.status_code == 200, "; ".join(against)


def tail(log: Path) -> str:
    """The last lines of a log, indented."""
    try:
        text = log.read_bytes()[-_TAIL_OCTETS:].decode(errors="replace")
    except OSError:
        return "  (no log)"
    return "\n".join(f"  {line}" for line in text.splitlines()[-_TAIL_LINES:]) or "  (empty)"

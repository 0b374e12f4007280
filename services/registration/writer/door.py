"""The write door without HTTP: decoded events in, one result each out, in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.registration.domain.commands import Post
from services.registration.domain.results import Rejected, Result
from services.registration.schemas.cloud_event import Door, read_post
from services.registration.writer.group_commit import AT_ONCE, GroupCommit
from shared.clock import Clock
from shared.errors import Refusal
from shared.http.keys import Caller


@dataclass(frozen=True, slots=True)
class Decided:
    """One result per event, in request order, and the log's head after the commit."""

    results: Sequence[Result]
    head: int


class WriteDoor:
    """Checks the shape of each event, and has the well-shaped ones decided."""

    def __init__(self, writer: GroupCommit, key: bytes, clock: Clock) -> None:
        self._writer, self._key, self._clock = writer, key, clock

    async def decide(self, caller: Caller, events: Sequence[Any], *, dry_run: bool) -> Decided:
        """All events of a request. An event that could not be decoded comes as its Refusal."""
        read = (
            [self._read(caller, event) for event in events] if len(events) == 1 else await self._apart(caller, events)
        )
        posts = [post for post in read if isinstance(post, Post)]
        results, head = await self._record(posts, dry_run=dry_run)
        in_order = iter(results)
        return Decided([next(in_order) if isinstance(post, Post) else post for post in read], head)

    async def _record(self, posts: Sequence[Post], *, dry_run: bool) -> tuple[list[Result], int]:
        if dry_run:
            rehearsed = await self._writer.rehearse(posts)
            return list(rehearsed.results), rehearsed.head
        results: list[Result] = []
        head = 0
        for start in range(0, max(1, len(posts)), AT_ONCE):
            recorded = await self._writer.submit(posts[start : start + AT_ONCE])
            results.extend(recorded.results)
            head = recorded.head
        return results, head

    async def _apart(self, caller: Caller, events: Sequence[Any]) -> list[Post | Rejected]:
        """Many are read beside the loop, which has others to serve."""
        return await asyncio.to_thread(lambda: [self._read(caller, event) for event in events])

    def _read(self, caller: Caller, event: Any) -> Post | Rejected:
        if isinstance(event, Refusal):
            return Rejected(event)
        try:
            return read_post(Door(self._clock(), caller, self._key), event)
        except Refusal as refusal:
            return Rejected(refusal)

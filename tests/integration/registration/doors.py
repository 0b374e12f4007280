"""Several writers on one database, each with a queue, a thread and connections of its own, as processes have."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, select

from services.registration.domain.results import Result
from services.registration.tables import PartnerRow, SignupRow
from services.registration.writer.door import Decided, WriteDoor
from services.registration.writer.group_commit import GroupCommit
from shared.database import connect, reading, table_of, transaction
from shared.http.keys import Caller
from tests.factories import NOW, PARTNER, Json
from tests.servers import PERSON_KEY

PLACES = 20
_CALLER = Caller("key", PARTNER, frozenset({"events:write"}))
_KEY = PERSON_KEY.encode()
_signups = table_of(SignupRow)


@dataclass
class Doors:
    """Write doors of which each commits by itself; `engine` is for looking."""

    engine: Engine
    doors: Sequence[WriteDoor]

    async def batches(self, *batches: Sequence[Any]) -> list[Decided]:
        """All at once, each batch at the next door."""
        doors = [self.doors[number % len(self.doors)] for number in range(len(batches))]
        both = zip(doors, batches, strict=True)
        return await asyncio.gather(*(door.decide(_CALLER, batch, dry_run=False) for door, batch in both))

    async def at_once(self, events: Sequence[Json]) -> list[Result]:
        """Every event by itself, all at once, spread over the doors; results in order."""
        return [decided.results[0] for decided in await self.batches(*([event] for event in events))]

    async def one_by_one(self, events: Sequence[Json]) -> list[Result]:
        """As many clients as doors; each posts its next event when the one before was answered."""
        number = len(self.doors)
        mine = [self._in_turn(door, events[place::number]) for place, door in enumerate(self.doors)]
        found = await asyncio.gather(*mine)
        return [found[place % number][place // number] for place in range(len(events))]

    async def _in_turn(self, door: WriteDoor, events: Sequence[Json]) -> list[Result]:
        return [(await door.decide(_CALLER, [event], dry_run=False)).results[0] for event in events]

    def sizes(self, activity_id: str) -> dict[str, list[int]]:
        """Status -> the party sizes of an activity's sign-ups."""
        statement = select(_signups.c.status, _signups.c.party_size).where(
            _signups.c.activity == f"{PARTNER}/{activity_id}"
        )
        found: dict[str, list[int]] = {"confirmed": [], "waitlisted": [], "withdrawn": []}
        with reading(self.engine) as connection:
            for status, size in connection.execute(statement):
                found[status].append(size)
        return found

    def oversold(self, activity_id: str, places: int = PLACES) -> int:
        """How many people too many have a place."""
        return max(0, sum(self.sizes(activity_id)["confirmed"]) - places)

    def still_fitting(self, activity_id: str, places: int = PLACES) -> list[int]:
        """The parties that wait although there is room for them."""
        sizes = self.sizes(activity_id)
        free = places - sum(sizes["confirmed"])
        return [size for size in sizes["waitlisted"] if size <= free]


@asynccontextmanager
async def open_doors(database_url: str, number: int) -> AsyncIterator[Doors]:
    """Writers for the length of a block, and the partner who speaks."""
    engines = [connect(database_url) for _ in range(number)]
    _meet(engines[0])
    writers = [GroupCommit(engine, _KEY, _clock, _nothing, _nothing) for engine in engines]
    tasks = [asyncio.create_task(writer.run()) for writer in writers]
    try:
        yield Doors(engines[0], [WriteDoor(writer, _KEY, _clock) for writer in writers])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for engine in engines:
            engine.dispose()


def parties(seed: int, number: int = 50) -> list[int]:
    """Party sizes of 1 to 4, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311  -- no secret, a test's dice
    return [dice.randint(1, 4) for _ in range(number)]


def _nothing(*_: object) -> None:
    """No relay, and nobody to be forgotten."""


def _clock() -> datetime:
    return datetime.fromisoformat(NOW)


def _meet(engine: Engine) -> None:
    row = {"partner_id": PARTNER, "name": "Avedan", "kind": "partner", "municipality": "GM0141"}
    with transaction(engine) as connection:
        joined = {"joined_on": _clock().date(), "version": 1}
        connection.execute(insert(table_of(PartnerRow)).values(**row, **joined))

"""`/v1/rebuilds` on both consumers: begin, look how far it is (contract sections 8 and 9)."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Body, Depends
from pydantic import ConfigDict
from pydantic.alias_generators import to_camel
from starlette.concurrency import run_in_threadpool

from shared.events.model import WireModel
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes
from shared.operators.rebuilding import Rebuilder

Status = Literal["running", "done", "failed"]


class NewRebuild(WireModel):
    """What an operator asks for. `replace`: switch to the new generation even where the live one differs."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")

    replace: bool = False


class RebuildBegun(WireModel):
    """Where to look."""

    id: str
    status: Status


class Rebuild(WireModel):
    """A rebuild as it stands. `events`: how far it has read the log. Digests are equal if every row is."""

    id: str
    status: Status
    events: int
    digest: str | None = None
    live_digest: str | None = None
    reason: str | None = None
    started_at: datetime


class RebuildList(WireModel):
    """All rebuilds, the latest first."""

    items: list[Rebuild]
    next: str | None = None


def rebuild_routes(rebuilder: Rebuilder, keyring: Keyring) -> Routes:
    """The three routes; admin only."""
    router = Routes(prefix="/v1/rebuilds", tags=["operators"])
    admin = Depends(keyring.require("admin"))
    nothing_asked = NewRebuild()

    @router.post("", status_code=202, summary="Make the tables again from the event log")
    async def begin(wanted: Annotated[NewRebuild, Body()] = nothing_asked, _caller: Caller = admin) -> RebuildBegun:
        rebuild_id = await rebuilder.start(replace=wanted.replace)
        found = await run_in_threadpool(rebuilder.record.get, rebuild_id)
        return RebuildBegun(id=rebuild_id, status=found["status"])

    @router.get("", summary="All rebuilds")
    def every(_caller: Caller = admin) -> RebuildList:
        return RebuildList(items=[Rebuild(**row) for row in rebuilder.record.all()])

    @router.get("/{rebuild_id}", summary="How far a rebuild is, and how it ended")
    def one(rebuild_id: str, _caller: Caller = admin) -> Rebuild:
        return Rebuild(**rebuilder.record.get(rebuild_id))

    return router

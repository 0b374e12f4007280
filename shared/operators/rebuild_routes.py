"""`/v1/rebuilds` on both consumers: begin, look how far it is (contract sections 8 and 9)."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Body, Depends, Path
from pydantic import ConfigDict, Field, StrictBool
from pydantic.alias_generators import to_camel
from starlette.concurrency import run_in_threadpool

from shared.events.model import WireModel
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes
from shared.operators.rebuilding import Rebuilder

Status = Literal["running", "done", "failed"]


_ID = "Id van de herbouw."
_STATUS = "Bezig, klaar of mislukt."
_BEGUN = {"id": "5d3f0c1e", "status": "running"}
_DONE = {
    "id": "5d3f0c1e",
    "status": "done",
    "events": 4128,
    "digest": "9f2c",
    "liveDigest": "9f2c",
    "reason": None,
    "startedAt": "2026-10-01T08:00:00Z",
}


class NewRebuild(WireModel):
    """What an operator asks for. `replace`: switch to the new generation even where the live one differs."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        json_schema_extra={"description": "Wat u wilt.", "examples": [{"replace": False}]},
    )

    replace: StrictBool = Field(
        False, description="true: ook overstappen als de nieuwe tabellen anders zijn dan de oude."
    )


class RebuildBegun(WireModel, json_schema_extra={"description": "De herbouw is begonnen.", "examples": [_BEGUN]}):
    """Where to look."""

    id: str = Field(description=_ID)
    status: Status = Field(description=_STATUS)


class Rebuild(WireModel, json_schema_extra={"description": "Hoe het met een herbouw staat.", "examples": [_DONE]}):
    """A rebuild as it stands. `events`: how far it has read the log. Digests are equal if every row is."""

    id: str = Field(description=_ID)
    status: Status = Field(description=_STATUS)
    events: int = Field(description="Hoeveel van het logboek is gelezen.")
    digest: str | None = Field(None, description="Vingerafdruk van de nieuwe tabellen.")
    live_digest: str | None = Field(None, description="Vingerafdruk van de tabellen die in gebruik zijn.")
    reason: str | None = Field(None, description="Waarom het mislukte.")
    started_at: datetime = Field(description="Wanneer de herbouw begon.")


class RebuildList(
    WireModel,
    json_schema_extra={"description": "Alle keren, de laatste eerst.", "examples": [{"items": [_DONE], "next": None}]},
):
    """All rebuilds, the latest first."""

    items: list[Rebuild]
    next: str | None = Field(None, description="Altijd leeg: alles past op een pagina.")


RebuildId = Annotated[str, Path(alias="id", description=_ID, examples=["5d3f0c1e"])]


def rebuild_routes(rebuilder: Rebuilder, keyring: Keyring) -> Routes:
    """The three routes; admin only."""
    router = Routes(prefix="/v1/rebuilds", tags=["operators"])
    admin = Depends(keyring.require("admin"))
    nothing_asked = NewRebuild()

    @router.post(
        "",
        status_code=202,
        summary="De tabellen opnieuw maken",
        description="Voor de beheerder: maakt de tabellen opnieuw uit het gebeurtenissenlogboek, naast de oude.",
        response_description="Begonnen; vraag op hoe het ermee staat.",
    )
    async def begin(wanted: Annotated[NewRebuild, Body()] = nothing_asked, _caller: Caller = admin) -> RebuildBegun:
        rebuild_id = await rebuilder.start(replace=wanted.replace)
        found = await run_in_threadpool(rebuilder.record.get, rebuild_id)
        return RebuildBegun(id=rebuild_id, status=found["status"])

    @router.get(
        "",
        summary="Alle keren dat de tabellen opnieuw zijn gemaakt",
        description="Voor de beheerder, de laatste eerst.",
        response_description="De lijst.",
    )
    def every(_caller: Caller = admin) -> RebuildList:
        return RebuildList(items=[Rebuild(**row) for row in rebuilder.record.all()])

    @router.get(
        "/{id}",
        summary="Hoe het met een herbouw staat",
        description="Voor de beheerder: hoe ver het is, en hoe het afliep.",
        response_description="De herbouw.",
    )
    def one(rebuild_id: RebuildId, _caller: Caller = admin) -> Rebuild:
        return Rebuild(**rebuilder.record.get(rebuild_id))

    return router

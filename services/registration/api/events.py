"""`POST /v1/events`: the one write door, in four forms (contract section 3)."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from services.registration.api import bodies
from services.registration.domain.results import Accepted, Duplicate
from services.registration.schemas.results import result_body, summary
from services.registration.writer.door import WriteDoor
from services.registration.writer.group_commit import AT_ONCE
from shared.errors import Refusal
from shared.http.keys import SERVICE, Caller, Keyring
from shared.http.problems import MEDIA_TYPE

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
NDJSON = "application/x-ndjson"
SEQUENCE_HEADER = "Komerbij-Sequence"
DryRun = Annotated[bool, Query(alias="dryRun", description="Decide and answer, and store nothing")]
_BODY = {"requestBody": {"required": True, "content": {kind: {} for kind in (STRUCTURED, BATCH, NDJSON)}}}


def event_routes(door: WriteDoor, keyring: Keyring) -> APIRouter:
    """The route, for keys that may write."""
    router = APIRouter(tags=["events"])
    writer = Depends(keyring.require("events:write", SERVICE))

    @router.post("/v1/events", summary="Tell what happened", openapi_extra=_BODY, responses={201: {}})
    async def post_events(request: Request, caller: Caller = writer, dry_run: DryRun = False) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == STRUCTURED:
            return await _single(door, caller, bodies.decoded_or_refusal(await bodies.whole(request)), dry_run=dry_run)
        if kind == BATCH:
            return await _batch(door, caller, bodies.batch(await bodies.whole(request)), dry_run=dry_run)
        if kind == NDJSON:
            chunks = await _rehearsal(request) if dry_run else _chunks(request, AT_ONCE)
            return _WhileReading(_streamed(door, caller, chunks, dry_run=dry_run), media_type=NDJSON)
        if any(name.startswith("ce-") for name in request.headers):
            event = bodies.binary(request.headers, await bodies.whole(request))
            return await _single(door, caller, event, dry_run=dry_run)
        raise Refusal("unsupported-media-type", f"send {STRUCTURED}, {BATCH}, {NDJSON}, or ce- headers")

    return router


class _WhileReading(StreamingResponse):
    """Answers while the body still comes in; Starlette's own would listen for a disconnect and eat parts of it."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Stream the results; a client that is gone ends the writing, and what was committed stays."""
        await self.stream_response(send)


async def _single(door: WriteDoor, caller: Caller, event: Any, *, dry_run: bool) -> Response:
    """201 accepted, 200 duplicate; else a problem with the result's members beside its own."""
    decided = await door.decide(caller, [event], dry_run=dry_run)
    result = decided.results[0]
    body = result_body(0, event, result)
    headers = {SEQUENCE_HEADER: str(decided.head)}
    if isinstance(result, Accepted | Duplicate):
        return Response(orjson.dumps(body), body["status"], headers, "application/json")
    problem = body.pop("problem")
    return Response(orjson.dumps({**body, **problem}), body["status"], headers, MEDIA_TYPE)


async def _batch(door: WriteDoor, caller: Caller, events: list[Any], *, dry_run: bool) -> Response:
    """200 with one result per item, in order."""
    decided = await door.decide(caller, events, dry_run=dry_run)
    both = zip(events, decided.results, strict=True)
    results = [result_body(index, event, result) for index, (event, result) in enumerate(both)]
    body = {"summary": summary(decided.results), "results": results, "sequence": decided.head}
    return Response(orjson.dumps(body), 200, {SEQUENCE_HEADER: str(decided.head)}, "application/json")


async def _streamed(
    door: WriteDoor, caller: Caller, chunks: AsyncIterator[list[Any]], *, dry_run: bool
) -> AsyncIterator[bytes]:
    """One result a line as chunks commit, then the summary. A stream without it means: send again."""
    totals, head = summary([]), 0
    async for events in chunks:
        decided = await door.decide(caller, events, dry_run=dry_run)
        both = zip(events, decided.results, strict=True)
        numbered = (result_body(index, event, result) for index, (event, result) in enumerate(both, totals["received"]))
        yield b"".join(orjson.dumps(body) + b"\n" for body in numbered)
        for name, number in summary(decided.results).items():
            totals[name] += number
        head = decided.head
    if not totals["received"]:
        head = (await door.decide(caller, [], dry_run=dry_run)).head
    yield orjson.dumps({"summary": totals, "sequence": head}) + b"\n"


async def _rehearsal(request: Request) -> AsyncIterator[list[Any]]:
    """All lines of a dry run at once, as no line could see what an earlier chunk stored; Refusal beyond 5,000."""
    whole: list[list[Any]] = []
    async for chunk in _chunks(request, bodies.MOST_EVENTS):
        if whole:
            raise Refusal("too-large", "a dry run takes at most 5,000 lines")
        whole.append(chunk)

    async def only() -> AsyncIterator[list[Any]]:
        for chunk in whole:
            yield chunk

    return only()


async def _chunks(request: Request, at_most: int) -> AsyncIterator[list[Any]]:
    chunk: list[Any] = []
    async for line in bodies.lines(request):
        chunk.append(bodies.decoded_or_refusal(line))
        if len(chunk) == at_most:
            yield chunk
            chunk = []
    if chunk:
        yield chunk

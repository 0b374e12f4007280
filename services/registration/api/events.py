"""`POST /v1/events`: the one write door, in four forms (contract section 3)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from services.registration.api import bodies
from services.registration.api.event_document import EVENTS
from services.registration.domain.results import Accepted, Duplicate
from services.registration.schemas.results import result_body, summary
from services.registration.writer.door import Decided, WriteDoor
from services.registration.writer.group_commit import AT_ONCE
from shared.errors import Refusal
from shared.http.bodies import MOST_VALUES, media_type, values_in, whole
from shared.http.keys import SERVICE, Caller, Keyring
from shared.http.problems import MEDIA_TYPE
from shared.http.rate_limit import Quota, quota_of
from shared.http.routes import Routes

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
NDJSON = "application/x-ndjson"
SEQUENCE_HEADER = "Komerbij-Sequence"
Line = bytes | Refusal
"""A line as it came, or why it is none."""
DryRun = Annotated[bool, Query(alias="dryRun", description="true: wel beslissen en antwoorden, niets bewaren.")]


def event_routes(door: WriteDoor, keyring: Keyring) -> Routes:
    """The route, for keys that may write."""
    router = Routes(tags=["events"])
    writer = Depends(keyring.require("events:write", SERVICE))

    @router.post("/v1/events", **EVENTS)
    async def post_events(request: Request, caller: Caller = writer, dry_run: DryRun = False) -> Response:
        counter, kind = _Counter(door, caller, quota_of(request), dry_run), media_type(request)
        if kind == NDJSON:
            chunks = await _rehearsal(request) if dry_run else _chunks(request, AT_ONCE)
            return _WhileReading(counter.streamed(chunks), media_type=NDJSON)
        if kind == BATCH:
            return await counter.batch(await whole(request, bodies.MOST_BYTES))
        return await counter.single(await _event(request, kind))

    return router


async def _event(request: Request, kind: str) -> Any:
    """The one event of a request, structured or binary; its Refusal where it cannot be decoded."""
    if kind == STRUCTURED:
        return await run_in_threadpool(bodies.decoded_or_refusal, await whole(request, bodies.MOST_BYTES))
    if any(name.startswith("ce-") for name in request.headers):
        return bodies.binary(request.headers, await whole(request, bodies.MOST_BYTES))
    raise Refusal("unsupported-media-type", f"send {STRUCTURED}, {BATCH}, {NDJSON}, or ce- headers")


class _WhileReading(StreamingResponse):
    """Answers while the body still comes in; Starlette's own would listen for a disconnect and eat parts of it."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Stream the results; a client that is gone ends the writing, and what was committed stays."""
        await self.stream_response(send)


@dataclass(frozen=True, slots=True)
class _Counter:
    """Where one request is served: whose it is, what it may still post, and whether it only asks."""

    door: WriteDoor
    caller: Caller
    quota: Quota
    dry_run: bool

    async def single(self, event: Any) -> Response:
        """201 accepted, 200 duplicate; else a problem with the result's members beside its own."""
        decided = await self._decide([event])
        result = decided.results[0]
        body = result_body(0, event, result)
        headers = {SEQUENCE_HEADER: str(decided.head)}
        if isinstance(result, Accepted | Duplicate):
            return Response(orjson.dumps(body), body["status"], headers, "application/json")
        problem = body.pop("problem")
        return Response(orjson.dumps({**body, **problem}), body["status"], headers, MEDIA_TYPE)

    async def batch(self, raw: bytes) -> Response:
        """200 with one result per item, in order."""
        events = await run_in_threadpool(bodies.batch, raw)
        self.quota.charge(len(events) - 1)
        decided = await self._decide(events)
        results = await run_in_threadpool(_told, 0, events, decided)
        body = {"summary": summary(decided.results), "results": results, "sequence": decided.head}
        whole_body = await run_in_threadpool(orjson.dumps, body)
        return Response(whole_body, 200, {SEQUENCE_HEADER: str(decided.head)}, "application/json")

    async def streamed(self, chunks: AsyncIterator[Sequence[Line]]) -> AsyncIterator[bytes]:
        """One result a line as chunks commit, then the summary. A stream without it means: send again.

        The status is sent long since when a caller stalls; so the stream ends without its last line then.
        """
        with suppress(Refusal):
            async for part in self._results(chunks):
                yield part

    async def _results(self, chunks: AsyncIterator[Sequence[Line]]) -> AsyncIterator[bytes]:
        totals, head = summary([]), 0
        async for lines in chunks:
            await self.quota.pace(len(lines) - (not totals["received"]))  # the request was counted as one already
            events = await run_in_threadpool(lambda mine: [bodies.decoded_or_refusal(line) for line in mine], lines)
            decided = await self._decide(events)
            results = await run_in_threadpool(_told, totals["received"], events, decided)
            yield b"".join(orjson.dumps(body) + b"\n" for body in results)
            for name, number in summary(decided.results).items():
                totals[name] += number
            head = decided.head
        if not totals["received"]:
            head = (await self._decide([])).head
        yield orjson.dumps({"summary": totals, "sequence": head}) + b"\n"

    async def _decide(self, events: list[Any]) -> Decided:
        return await self.door.decide(self.caller, events, dry_run=self.dry_run)


def _told(first: int, events: Sequence[Any], decided: Decided) -> list[dict[str, Any]]:
    both = enumerate(zip(events, decided.results, strict=True), first)
    return [result_body(index, event, result) for index, (event, result) in both]


async def _rehearsal(request: Request) -> AsyncIterator[Sequence[Line]]:
    """All lines of a dry run at once, as no line could see what an earlier chunk stored; Refusal beyond a batch."""
    every: list[Sequence[Line]] = []
    async for chunk in _chunks(request, bodies.MOST_EVENTS):
        if every:
            raise Refusal("too-large", "a dry run takes at most 5,000 lines and 8 MiB")
        every.append(chunk)

    async def only() -> AsyncIterator[Sequence[Line]]:
        for chunk in every:
            yield chunk

    return only()


async def _chunks(request: Request, at_most: int) -> AsyncIterator[Sequence[Line]]:
    """What is decided together: so many lines, or as many bytes or values as one batch may hold."""
    chunk: list[Line] = []
    octets = values = 0
    async for line in bodies.lines(request):
        chunk.append(line)
        octets += 0 if isinstance(line, Refusal) else len(line)
        values += 0 if isinstance(line, Refusal) else values_in(line)
        if len(chunk) == at_most or octets >= bodies.MOST_BYTES or values >= MOST_VALUES:
            yield chunk
            chunk, octets, values = [], 0, 0
    if chunk:
        yield chunk

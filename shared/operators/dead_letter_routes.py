"""`/v1/dead-letters` on both consumers: list, look, try again, drop (contract sections 8 and 9)."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Path, Query
from starlette.concurrency import run_in_threadpool

from shared.errors import FieldFault, Refusal
from shared.events.model import WireModel
from shared.http.keys import Caller, Keyring
from shared.http.paging import decode_cursor, encode_cursor
from shared.http.routes import Routes
from shared.operators.dead_letter_box import DeadLetterBox

LetterId = Annotated[int, Path(ge=1, le=2**31 - 1)]


class DeadLetter(WireModel):
    """A letter as it is listed. `type`: of an event that was given up; none for an entry that cannot be read."""

    id: int
    stream_id: str
    type: str | None
    reason: str
    attempts: int
    at: datetime


class DeadLetterWithBody(DeadLetter):
    """With the bytes of an entry that cannot be read, base64; empty where the event log has them."""

    body: str


class DeadLetterList(WireModel):
    """A page, oldest first."""

    items: list[DeadLetter]
    next: str | None


class Retry(WireModel):
    """What became of it."""

    id: int
    outcome: Literal["applied", "kept"]
    reason: str | None = None


def dead_letter_routes(box: DeadLetterBox, keyring: Keyring, on_commit: Callable[[], None] | None = None) -> Routes:
    """The four routes; admin only. `on_commit` is called in the event loop when an event had its effect."""
    router = Routes(prefix="/v1/dead-letters", tags=["operators"])
    admin = Depends(keyring.require("admin"))

    @router.get("", summary="What could not be read, or was given up")
    def every(
        cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 100, _caller: Caller = admin
    ) -> DeadLetterList:
        rows = box.page(_after(cursor), limit + 1)
        more = encode_cursor([rows[limit - 1]["id"]]) if len(rows) > limit else None
        return DeadLetterList(items=[DeadLetter(**row) for row in rows[:limit]], next=more)

    @router.get("/{letter_id}", summary="One of them, with what is kept of it")
    def one(letter_id: LetterId, _caller: Caller = admin) -> DeadLetterWithBody:
        return DeadLetterWithBody(**box.get(letter_id))

    @router.post("/{letter_id}/retry", summary="Try the event again, as the log has it")
    async def retry(letter_id: LetterId, _caller: Caller = admin) -> Retry:
        became = await run_in_threadpool(box.retry, letter_id)
        if became.outcome == "applied" and on_commit:
            on_commit()
        return Retry(id=letter_id, outcome=became.outcome, reason=became.reason)

    @router.delete("/{letter_id}", status_code=204, summary="Delete it for good")
    def drop(letter_id: LetterId, _caller: Caller = admin) -> None:
        box.drop(letter_id)

    return router


def _after(cursor: str | None) -> int:
    if cursor is None:
        return 0
    values = decode_cursor(cursor)
    if len(values) != 1 or type(values[0]) is not int or not 0 <= values[0] < 2**31:
        fault = FieldFault("cursor", "cursor", "use `next` as it was")
        raise Refusal("invalid", "the cursor is none of ours", (fault,))
    after: int = values[0]
    return after

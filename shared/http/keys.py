"""Access keys: who calls, and what may they do (contract section 2)."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool

from shared.clock import Clock
from shared.database import reading, table_of, transaction
from shared.errors import Refusal
from shared.http.key_table import KeyRow
from shared.http.rate_limit import Quota, RateLimit

SCOPES = ("events:write", "statistics:read", "messages:read", "messages:write", "admin")
SERVICE = "service"
"""The right of the three narrow calls; held by the service key, not given out."""
_USED_EVERY = timedelta(minutes=1)
_keys = table_of(KeyRow)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever holds the key of a request."""

    key_id: str
    partner_id: str | None
    scopes: frozenset[str]

    @property
    def admin(self) -> bool:
        """May do everything, for all partners."""
        return "admin" in self.scopes

    @property
    def service(self) -> bool:
        """One of our own services."""
        return SERVICE in self.scopes


def hashed(key: str) -> str:
    """What is stored of a key: keys are 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


class Keyring:
    """Finds the caller behind a bearer key; a deleted key is refused at once, as nothing is remembered.

    `per_minute`: events a minute and key, 0 for no limit.
    """

    def __init__(self, engine: Engine, admin_key: str, service_key: str, clock: Clock, *, per_minute: int = 0) -> None:
        self._engine = engine
        self._clock = clock
        self._limit = RateLimit(per_minute)
        self._built_in = (
            (hashed(admin_key), Caller("admin", None, frozenset({"admin"}))),
            (hashed(service_key), Caller(SERVICE, None, frozenset({SERVICE}))),
        )

    def require(self, *scopes: str) -> "KeyCheck":
        """A FastAPI dependency: the caller, if it holds one of the scopes or is admin; else 401 or 403."""
        return KeyCheck(self, scopes)

    def caller(self, authorization: str | None) -> Caller:
        """The holder of an `Authorization` header; Refusal `unauthorized` for none or an unknown one."""
        kind, _, key = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not key:
            raise Refusal("unauthorized", "send a key: Authorization: Bearer <key>")
        digest = hashed(key.strip())
        for known, built_in in self._built_in:
            if hmac.compare_digest(known, digest):
                return built_in
        return self._stored(digest)

    def is_operator(self, request: Request) -> bool:
        """Does it carry `KOMERBIJ_ADMIN_KEY`? Looks at no database, so that it can be asked while that is away."""
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        digest, (known, _admin) = hashed(key.strip()), self._built_in[0]
        return kind.lower() == "bearer" and hmac.compare_digest(known, digest)

    def _stored(self, digest: str) -> Caller:
        with reading(self._engine) as connection:
            row = connection.execute(select(_keys).where(_keys.c.key_hash == digest)).mappings().first()
        if row is None:
            raise Refusal("unauthorized", "this key is not known (any more)")
        self._note_use(row["key_id"], row["last_used_at"])
        return Caller(row["key_id"], row["partner_id"], frozenset(row["scopes"]))

    def _note_use(self, key_id: str, last: datetime | None) -> None:
        """Once a minute is enough to see whether a key is still in use."""
        now = self._clock()
        if last is None or now - last >= _USED_EVERY:
            with suppress(OperationalError), transaction(self._engine) as connection:  # busy: the next use is noted
                connection.execute(update(_keys).where(_keys.c.key_id == key_id).values(last_used_at=now))

    def create(self, label: str, scopes: list[str], partner_id: str | None) -> tuple[str, str]:
        """A new key: (key id, key). The key is never to be had again."""
        key_id, key = secrets.token_hex(8), secrets.token_urlsafe(32)
        row = {
            "key_id": key_id,
            "key_hash": hashed(key),
            "label": label,
            "partner_id": partner_id,
            "scopes": scopes,
            "created_at": self._clock(),
        }
        with transaction(self._engine) as connection:
            connection.execute(insert(_keys).values(row))
        return key_id, key

    def all(self) -> list[dict[str, Any]]:
        """Every key without its hash, oldest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(_keys).order_by(_keys.c.created_at, _keys.c.key_id)).mappings()
            return [{name: value for name, value in row.items() if name != "key_hash"} for row in rows]

    def known(self, key_ids: Collection[str]) -> frozenset[str]:
        """Those of them that still open something: for an answer that goes on after its key was asked for."""
        with reading(self._engine) as connection:
            stored = connection.execute(select(_keys.c.key_id).where(_keys.c.key_id.in_(key_ids))).scalars()
            return frozenset({*stored, *(built_in.key_id for _, built_in in self._built_in)}.intersection(key_ids))

    def delete(self, key_id: str) -> None:
        """Take a key back; works at once. Unknown: Refusal `not-found`."""
        with transaction(self._engine) as connection:
            if not connection.execute(delete(_keys).where(_keys.c.key_id == key_id)).rowcount:
                raise Refusal("not-found", "there is no key with this id")

    def quota(self, caller: Caller) -> Quota | None:
        """What the caller may still do; our own services are not counted."""
        return None if caller.service else Quota(self._limit, caller.key_id)


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What a route demands of its caller. Asked once a request: before its body is read, and again by FastAPI."""

    keyring: Keyring
    scopes: tuple[str, ...]

    async def __call__(self, request: Request) -> Caller:
        """The caller; Refusal `unauthorized`, `rate-limited` or `forbidden`."""
        known: Caller | None = getattr(request.state, "caller", None)
        return known if known is not None else await run_in_threadpool(self._found, request)

    def _found(self, request: Request) -> Caller:
        found = self.keyring.caller(request.headers.get("authorization"))
        quota = self.keyring.quota(found)
        if quota is not None:
            request.state.quota = quota
            quota.enter()
        if not found.admin and found.scopes.isdisjoint(self.scopes):
            raise Refusal("forbidden", f"this needs a key with scope {' or '.join(self.scopes)}")
        request.state.caller = found
        return found

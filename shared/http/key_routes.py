"""`/v1/keys` on every service: make, list, take back."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends
from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from shared.events.model import WireModel
from shared.http.keys import SCOPES, Caller, Keyring
from shared.http.routes import Routes

PartnerId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class NewKey(WireModel):
    """What an operator asks for. `events:write` is bound to one partner."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")

    partner_id: PartnerId | None = None
    scopes: list[str] = Field(min_length=1)
    label: str = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def known_and_bound(self) -> "NewKey":
        """Scopes are those of the contract; writing needs a partner."""
        unknown = sorted(set(self.scopes) - set(SCOPES))
        if unknown:
            raise ValueError(f"unknown scope {', '.join(unknown)}; allowed: {', '.join(SCOPES)}")
        if "events:write" in self.scopes and self.partner_id is None:
            raise ValueError("events:write is bound to one partner: give partnerId")
        return self


class KeyMade(WireModel):
    """The only time the key is shown."""

    key_id: str
    key: str


class KeyItem(WireModel):
    """A key as it is listed (contract section 9)."""

    key_id: str
    label: str
    partner_id: str | None
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None


class KeyList(WireModel):
    """All keys of this service."""

    items: list[KeyItem]
    next: str | None = None


def key_routes(keyring: Keyring) -> Routes:
    """The three routes; admin only."""
    router = Routes(prefix="/v1/keys", tags=["keys"])
    admin = Depends(keyring.require("admin"))

    @router.post("", status_code=201, summary="Make a key")
    def create(wanted: NewKey, _caller: Caller = admin) -> KeyMade:
        key_id, key = keyring.create(wanted.label, wanted.scopes, wanted.partner_id)
        return KeyMade(key_id=key_id, key=key)

    @router.get("", summary="List the keys")
    def every(_caller: Caller = admin) -> KeyList:
        rows: list[dict[str, Any]] = keyring.all()
        return KeyList(items=[KeyItem(**row) for row in rows])

    @router.delete("/{key_id}", status_code=204, summary="Take a key back")
    def delete(key_id: str, _caller: Caller = admin) -> None:
        keyring.delete(key_id)

    return router

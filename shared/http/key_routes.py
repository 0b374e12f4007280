"""`/v1/keys` on every service: make, list, take back."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path
from pydantic import ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.alias_generators import to_camel

from shared.events.model import WireModel
from shared.http.keys import SCOPES, Caller, Keyring
from shared.http.routes import Routes

PartnerId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
_SCOPE = WithJsonSchema({"type": "string", "enum": list(SCOPES)})
_KEY_ID = "Id van de sleutel; niet geheim."


class NewKey(WireModel):
    """What an operator asks for. `events:write` is bound to one partner."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "description": "Wat voor sleutel u wilt. `events:write` hoort bij een partner.",
            "examples": [{"partnerId": "avedan", "scopes": ["events:write"], "label": "Agenda van Avedan"}],
        },
    )

    partner_id: PartnerId | None = Field(None, description="De partner van wie de sleutel is.")
    scopes: list[Annotated[str, _SCOPE]] = Field(min_length=1, description="Wat de sleutel mag.")
    label: str = Field(min_length=1, max_length=200, description="Waar de sleutel voor is, voor in de lijst.")

    @model_validator(mode="after")
    def known_and_bound(self) -> "NewKey":
        """Scopes are those of the contract; writing needs a partner."""
        unknown = sorted(set(self.scopes) - set(SCOPES))
        if unknown:
            raise ValueError(f"unknown scope {', '.join(unknown)}; allowed: {', '.join(SCOPES)}")
        if "events:write" in self.scopes and self.partner_id is None:
            raise ValueError("events:write is bound to one partner: give partnerId")
        return self


class KeyMade(
    WireModel,
    json_schema_extra={
        "description": "De nieuwe sleutel. Bewaar hem: dit is de enige keer dat u hem ziet.",
        "examples": [{"keyId": "0f8c1d2e3a4b5c6d", "key": "dit-is-geen-echte-sleutel"}],
    },
):
    """The only time the key is shown."""

    key_id: str = Field(description=_KEY_ID)
    key: str = Field(description="De sleutel zelf.")


class KeyItem(WireModel, json_schema_extra={"description": "Een sleutel, zonder de sleutel zelf."}):
    """A key as it is listed (contract section 9)."""

    key_id: str = Field(description=_KEY_ID)
    label: str = Field(description="Waar de sleutel voor is.")
    partner_id: str | None = Field(description="De partner van wie de sleutel is. Leeg: van geen partner.")
    scopes: list[Annotated[str, _SCOPE]] = Field(description="Wat de sleutel mag.")
    created_at: datetime = Field(description="Wanneer de sleutel is gemaakt.")
    last_used_at: datetime | None = Field(description="Wanneer de sleutel is gebruikt, op een minuut na.")


class KeyList(
    WireModel,
    json_schema_extra={
        "description": "Alle sleutels van deze dienst, de oudste eerst.",
        "examples": [
            {
                "items": [
                    {
                        "keyId": "0f8c1d2e3a4b5c6d",
                        "label": "Agenda van Avedan",
                        "partnerId": "avedan",
                        "scopes": ["events:write"],
                        "createdAt": "2026-10-01T08:00:00Z",
                        "lastUsedAt": None,
                    }
                ],
                "next": None,
            }
        ],
    },
):
    """All keys of this service."""

    items: list[KeyItem]
    next: str | None = Field(None, description="Altijd leeg: alles past op een pagina.")


KeyId = Annotated[str, Path(alias="keyId", description=_KEY_ID, examples=["0f8c1d2e3a4b5c6d"])]


def key_routes(keyring: Keyring) -> Routes:
    """The three routes; admin only."""
    router = Routes(prefix="/v1/keys", tags=["keys"])
    admin = Depends(keyring.require("admin"))

    @router.post(
        "",
        status_code=201,
        summary="Een sleutel maken",
        description="Voor de beheerder: een sleutel voor deze dienst. Wij bewaren alleen een hash.",
        response_description="De nieuwe sleutel.",
    )
    def create(wanted: NewKey, _caller: Caller = admin) -> KeyMade:
        key_id, key = keyring.create(wanted.label, wanted.scopes, wanted.partner_id)
        return KeyMade(key_id=key_id, key=key)

    @router.get(
        "",
        summary="Alle sleutels",
        description="Voor de beheerder: alle sleutels van deze dienst, zonder de sleutels zelf.",
        response_description="De lijst.",
    )
    def every(_caller: Caller = admin) -> KeyList:
        rows: list[dict[str, Any]] = keyring.all()
        return KeyList(items=[KeyItem(**row) for row in rows])

    @router.delete(
        "/{keyId}",
        status_code=204,
        summary="Een sleutel intrekken",
        description="Voor de beheerder: de sleutel werkt meteen niet meer.",
        response_description="Ingetrokken.",
    )
    def delete(key_id: KeyId, _caller: Caller = admin) -> None:
        keyring.delete(key_id)

    return router

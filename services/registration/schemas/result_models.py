"""The answers of the write door as the OpenAPI document describes them; what is sent is built in results.py."""

from typing import Annotated, Any

from pydantic import Field

from services.registration.schemas.fields import listed
from shared.events.model import WireModel
from shared.http.problem_codes import PROBLEM_CODES

OVERRIDES = ("not-signed-up", "activity-cancelled", "activity-full", "superseded", "looks-like-bsn")
"""Everything that can look odd about a fact that is taken all the same (contract section 3)."""
SOURCE = "urn:nld:kvknr:00000000:systeem:agenda"


def accepted(event_id: str, *, index: int = 0, decision: dict[str, Any] | None = None) -> dict[str, Any]:
    """An example: the result of an event that was taken."""
    return {
        "index": index,
        "id": event_id,
        "source": SOURCE,
        "outcome": "accepted",
        "status": 201,
        "retryable": False,
        "decision": decision,
        "overrides": [],
        "problem": None,
    }


REJECTED: dict[str, Any] = {
    **accepted("2026-000126", index=2),
    "outcome": "rejected",
    "status": 404,
    "problem": {
        "type": "/v1/problems/unknown-activity",
        "title": PROBLEM_CODES["unknown-activity"].title,
        "status": 404,
        "detail": "this activity was never posted",
        "code": "unknown-activity",
        "endUserMessage": {"nl": PROBLEM_CODES["unknown-activity"].nl},
    },
}
"""An example: one item of a batch that was refused."""


CONFIRMED: dict[str, Any] = {"status": "confirmed", "waitingPosition": None}
"""An example: the decision on a sign-up that got a place."""
RESULTS: list[dict[str, Any]] = [
    accepted("2026-000124"),
    accepted("2026-000125", index=1, decision=CONFIRMED),
    REJECTED,
]
"""An example: what a batch is answered with."""


class Decision(WireModel, json_schema_extra={"description": "Wat er op een aanmelding is besloten."}):
    """Of a sign-up."""

    status: Annotated[str, listed("confirmed", "waitlisted")] = Field(description="Een plaats, of de wachtlijst.")
    waiting_position: int | None = Field(description="Plaats op de wachtlijst, vanaf 1. Leeg: niet op de wachtlijst.")


class FaultInResult(WireModel, json_schema_extra={"description": "Een fout in een gebeurtenis."}):
    """Where, what, and in words."""

    pointer: str = Field(description="Waar: JSON Pointer in de gebeurtenis. Leeg: de gebeurtenis als geheel.")
    code: str = Field(description="Wat, voor programma's.")
    detail: str = Field(description="Wat, voor mensen.")


class EndUserMessage(WireModel, json_schema_extra={"description": "Wat u aan een bewoner kunt laten zien."}):
    """Plain Dutch."""

    nl: str = Field(description="In eenvoudig Nederlands.")


class ProblemInResult(WireModel, json_schema_extra={"description": "Waarom een gebeurtenis niet is aangenomen."}):
    """The members of a problem answer."""

    type: str = Field(description="De pagina die de code uitlegt.")
    title: str = Field(description="Korte naam van het probleem.")
    status: int = Field(description="De HTTP-status die deze gebeurtenis alleen zou krijgen.")
    detail: str = Field(description="Wat er in dit geval aan de hand is.")
    code: Annotated[str, listed(*PROBLEM_CODES)] = Field(description="De code van het probleem.")
    errors: list[FaultInResult] = Field([], description="Alle fouten in een keer.")
    end_user_message: EndUserMessage


class EventResult(
    WireModel,
    json_schema_extra={
        "description": "Wat er met een gebeurtenis is gebeurd.",
        "examples": [accepted("2026-000002", decision=CONFIRMED)],
    },
):
    """One result per item, in request order (contract section 3)."""

    index: int = Field(ge=0, description="De hoeveelste in uw verzoek, vanaf 0.")
    id: str | None = Field(description="De `id` die u stuurde. Leeg: niet te lezen.")
    source: str | None = Field(description="De `source` die u stuurde. Leeg: niet te lezen.")
    outcome: Annotated[str, listed("accepted", "duplicate", "rejected", "failed")] = Field(
        description="Aangenomen, al bekend, geweigerd, of door ons mislukt."
    )
    status: int = Field(description="De HTTP-status die deze gebeurtenis alleen zou krijgen.")
    retryable: bool = Field(description="Of hetzelfde later wel kan lukken.")
    decision: Decision | None = Field(description="Alleen bij een aanmelding.")
    overrides: list[Annotated[str, listed(*OVERRIDES)]] = Field(description="Wat opvalt; het feit telt toch.")
    problem: ProblemInResult | None = Field(description="Alleen bij `rejected` en `failed`.")


class Totals(WireModel, json_schema_extra={"description": "Hoeveel van elke uitkomst."}):
    """Of one request."""

    received: int = Field(ge=0, description="Hoeveel gebeurtenissen wij ontvingen.")
    accepted: int = Field(ge=0, description="Hoeveel nieuw zijn aangenomen.")
    duplicate: int = Field(ge=0, description="Hoeveel al bekend waren.")
    rejected: int = Field(ge=0, description="Hoeveel zijn geweigerd.")
    failed: int = Field(ge=0, description="Hoeveel door ons zijn mislukt; stuur die nog eens.")


TOTALS: dict[str, int] = {"received": 3, "accepted": 2, "duplicate": 0, "rejected": 1, "failed": 0}
"""An example."""


class BatchAnswer(
    WireModel,
    json_schema_extra={
        "description": "Het antwoord op een batch: een resultaat per gebeurtenis, op volgorde.",
        "examples": [{"summary": TOTALS, "results": RESULTS, "sequence": 4128}],
    },
):
    """200, also where every item was refused."""

    summary: Totals
    results: list[EventResult] = Field(description="Een resultaat per gebeurtenis.")
    sequence: int = Field(ge=0, description="Tot waar het logboek nu loopt. Wie zo ver is, heeft dit gezien.")


class LastLine(WireModel, json_schema_extra={"description": "De laatste regel. Ontbreekt die: stuur alles nog eens."}):
    """The line that ends a stream of results."""

    summary: Totals
    sequence: int = Field(ge=0, description="Tot waar het logboek nu loopt.")

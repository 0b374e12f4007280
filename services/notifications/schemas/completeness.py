"""`GET /v1/completeness`: per activity, is everybody told (contract section 9)."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from services.notifications.usecases.completeness import Item
from shared.events.model import WireModel

_EXAMPLE = {
    "activity": "avedan/bingo-2026-10-24",
    "startsAt": "2026-10-24T12:00:00Z",
    "due": 24,
    "told": 18,
    "planned": 3,
    "callList": 2,
    "optedOut": 1,
    "missing": 0,
    "inDoubt": 1,
}


class CompletenessItem(
    WireModel, json_schema_extra={"description": "Een activiteit: `due` is de som van de vijf erna."}
):
    """People of one activity, each counted once."""

    activity: str = Field(description="De activiteit, als `partnerId/id`.")
    starts_at: datetime = Field(description="Wanneer de activiteit begint.")
    due: int = Field(description="Hoeveel mensen iets moeten weten.")
    told: int = Field(description="Wie alles weet wat er nu te weten is.")
    planned: int = Field(description="Wie nog een bericht krijgt.")
    call_list: int = Field(description="Wie op de bellijst of bij de brieven staat.")
    opted_out: int = Field(description="Wie dit bericht niet wil.")
    missing: int = Field(description="Wie niets van dit alles is. Hoort 0 te zijn.")
    in_doubt: int = Field(description="Van `told`: van wie niet zeker is dat een bericht aankwam.")


class Completeness(
    WireModel,
    json_schema_extra={
        "description": "Weet iedereen het? De activiteiten die het eerst beginnen staan bovenaan.",
        "examples": [{"items": [_EXAMPLE], "missing": 0}],
    },
):
    """All activities within the hours."""

    items: list[CompletenessItem]
    missing: int = Field(description="Over alle activiteiten samen. Hoort 0 te zijn.")


def completeness_answer(found: Sequence[Item]) -> Completeness:
    """The answer, in the order found."""
    items = [
        CompletenessItem(
            activity=one.activity,
            starts_at=one.starts_at,
            due=one.balance.due,
            told=one.balance.told,
            planned=one.balance.planned,
            call_list=one.balance.call_list,
            opted_out=one.balance.opted_out,
            missing=one.balance.missing,
            in_doubt=one.balance.in_doubt,
        )
        for one in found
    ]
    return Completeness(items=items, missing=sum(item.missing for item in items))

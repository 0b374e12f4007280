"""The code lists on the wire (contract section 9)."""

from typing import Any

from pydantic import Field, RootModel

from shared.events.model import WireModel

_EXAMPLE: dict[str, Any] = {"goal": [{"code": "awareness", "label": {"nl": "Bewustwording", "en": "Awareness"}}]}


class Label(WireModel, json_schema_extra={"description": "Een code in woorden."}):
    """In two languages."""

    nl: str = Field(description="In het Nederlands.")
    en: str = Field(description="In het Engels.")


class Code(WireModel, json_schema_extra={"description": "Een code van een lijst."}):
    """A code and what it means."""

    code: str = Field(description="De code.")
    label: Label


class CodeLists(
    RootModel[dict[str, list[Code]]],
    json_schema_extra={"description": "De lijsten, op naam.", "examples": [_EXAMPLE]},
):
    """Every list by its name; the order of the codes is the order of every table."""

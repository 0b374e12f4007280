"""Words on the wire: a text in two languages, codes of a list."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from services.reporting.domain.indicators import Text
from shared.events.model import WireModel

Words = Annotated[str, Field(min_length=1, max_length=500)]
UNITS = ("people", "presences", "visits", "items", "activities", "percent", "organisations")
"""What is counted (contract section 5)."""


def listed(*codes: str) -> Any:
    """A code in an answer: nothing needs to be checked, the list stands in the schema alone."""
    return WithJsonSchema({"type": "string", "enum": list(codes)})


class TextModel(WireModel):
    """`{"nl", "en"}`; both are needed."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        json_schema_extra={"description": "Een tekst in twee talen."},
    )

    nl: Words = Field(description="In het Nederlands.")
    en: Words = Field(description="In het Engels.")

    @classmethod
    def of(cls, text: Text) -> "TextModel":
        """From the domain."""
        return cls(nl=text.nl, en=text.en)

    def text(self) -> Text:
        """To the domain."""
        return Text(self.nl, self.en)

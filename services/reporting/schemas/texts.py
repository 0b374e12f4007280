"""A text in two languages on the wire."""

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from services.reporting.domain.indicators import Text
from shared.events.model import WireModel

Words = Annotated[str, Field(min_length=1, max_length=500)]


class TextModel(WireModel):
    """`{"nl", "en"}`; both are needed."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")

    nl: Words
    en: Words

    @classmethod
    def of(cls, text: Text) -> "TextModel":
        """From the domain."""
        return cls(nl=text.nl, en=text.en)

    def text(self) -> Text:
        """To the domain."""
        return Text(self.nl, self.en)

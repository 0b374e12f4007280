"""The outcome of a call: what a caller posts (contract section 6)."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.events.model import WireModel

CalledAs = Literal["spoken", "voicemail", "not-reached", "not-coming"]


class OutcomeBody(
    WireModel,
    json_schema_extra={
        "description": "Hoe het telefoontje ging. Van een brief die op de post is: `spoken`.",
        "examples": [{"outcome": "spoken", "version": 1}],
    },
):
    """How a call ended."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")

    outcome: CalledAs = Field(
        description="`spoken`: de persoon weet het. `voicemail`, `not-reached`: blijft op de lijst tot het begint. "
        "`not-coming`: de persoon komt niet en wordt afgemeld."
    )
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="`version` van de lijst die u voorlas; zo hoort de persoon het als er daarna iets verandert."
    )

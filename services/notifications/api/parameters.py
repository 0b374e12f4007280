"""Parameters that several paths of the api share."""

from typing import Annotated, Any

from fastapi import Path


def _message_id(description: str) -> Any:
    return Path(alias="id", description=description, examples=["5b2f7c1e-0d7a-4c51-9d43-0f8c1d2e3a4b"])


MessageInPath = Annotated[str, _message_id("Id van het bericht.")]
ListedInPath = Annotated[str, _message_id("Id van het bericht: `messageId` van de lijst.")]
NamedInPath = Annotated[str, _message_id("Id van het bericht, of `-`: dan noemt `reference` in de body het bericht.")]

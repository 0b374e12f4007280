"""Answering everybody: a table of the latest publication, as it was kept (contract section 5)."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from services.reporting.domain.public_questions import PublicQuestion
from services.reporting.domain.publication.records import Publication
from services.reporting.store.publications import latest, stored_table
from shared.errors import Refusal

NOT_PUBLISHED: Final = "nothing was published of this period"
"""The same for a year that is to come, has no facts, or has not been published."""


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """`body`: the table's JSON, byte for byte as it was kept."""

    question: PublicQuestion
    publication: Publication
    body: bytes


def public_answer(connection: Connection, question: PublicQuestion) -> PublicAnswer:
    """From the latest publication of its year; Refusal `not-found` where there is none."""
    publication = latest(connection, question.year)
    if publication is not None:
        where = (question.indicator.code, question.period.label, question.group_by)
        body = stored_table(connection, publication.id, *where)
        if body is not None:
            return PublicAnswer(question, publication, body)
    raise Refusal("not-found", NOT_PUBLISHED)

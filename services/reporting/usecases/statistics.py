"""Answering a question for a figure, live and exact (contract section 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from services.reporting.domain.figures import Figure
from services.reporting.domain.questions import Question, read_question
from services.reporting.domain.subjects import Key
from services.reporting.store.coalition import partners
from services.reporting.store.facts import FactsOfPeriod
from services.reporting.store.position import one_moment
from services.reporting.usecases.code_lists import Labels, filter_values, in_order
from services.reporting.usecases.live_figures import live_table


@dataclass(frozen=True, slots=True)
class Value:
    """One row of an answer."""

    keys: Mapping[str, Key]
    label: Mapping[str, str]
    figure: Figure


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures, and up to which event of the log they are."""

    question: Question
    sequence: int
    total: Figure
    values: tuple[Value, ...]


def answer(connection: Connection, parameters: Iterable[tuple[str, str]]) -> Answer:
    """The answer to query parameters; Refusal `invalid` with every fault."""
    sequence = one_moment(connection)
    coalition = partners(connection)
    question = read_question(parameters, lambda indicator: filter_values(indicator, coalition))
    indicator, group_by = question.indicator, question.group_by
    table = live_table(FactsOfPeriod(connection, question.period), question)
    rows = in_order(indicator, group_by, table.rows)
    labels = Labels(connection, indicator, group_by, rows, coalition)
    values = tuple(Value(dict(zip(group_by, row.keys, strict=True)), labels.of(row.keys), row.figure) for row in rows)
    return Answer(question, sequence, table.total, values)

"""Rows as domain values, and the pieces that several statements need."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from services.notifications.domain.facts import ActivityVersion, Message, Signup
from services.notifications.tables import ActivityVersionRow, MessageRow, SignupRow
from shared.database import table_of

message_table = table_of(MessageRow)
activity_table = table_of(ActivityVersionRow)
signup_table = table_of(SignupRow)

MESSAGE_COLUMNS = [message_table.c[field.name] for field in fields(Message)]
ACTIVITY_COLUMNS = [activity_table.c[field.name] for field in fields(ActivityVersion)]
SIGNUP_COLUMNS = [signup_table.c[field.name] for field in fields(Signup)]
_MOST = 500


def chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Lists short enough for one statement's parameters."""
    for start in range(0, len(values), _MOST):
        yield values[start : start + _MOST]


def message(row: RowMapping | Mapping[str, Any]) -> Message:
    """A message row as a value."""
    return Message(**row)

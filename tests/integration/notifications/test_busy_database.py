"""A database that breaks off in the middle of a send: no fault of the message, so it costs no attempt."""

from typing import Any

import pytest
from sqlalchemy.exc import DataError, OperationalError

from services.notifications.usecases import delivering
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import Story


@pytest.mark.parametrize(
    ("error", "status", "attempts"), [(OperationalError, "scheduled", 0), (DataError, "retry", 1)], ids=["busy", "ours"]
)
async def test_a_database_that_is_busy_costs_no_attempt_a_defect_of_ours_does(
    rig: Rig, story: Story, monkeypatch: pytest.MonkeyPatch, error: Any, status: str, attempts: int
) -> None:
    def breaks(*_arguments: object) -> bool:
        raise error("BEGIN IMMEDIATE", None, Exception("database is locked"))

    rig.apply(story.activity(), story.signup())
    with monkeypatch.context() as broken:
        broken.setattr(delivering, "last_look", breaks)
        await rig.work()
    row = rig.row("confirmation")
    assert (row["status"], row["attempts"]) == (status, attempts)
    await rig.later(minutes=1).work()
    row = rig.row("confirmation")
    assert (row["status"], row["attempts"]) == ("sent", attempts + 1)


async def test_what_the_database_refuses_to_write_down_is_not_tried_for_ever(
    rig: Rig, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hand is free again; the lease runs out, and with the mail in the box nothing goes twice."""

    def refuses(*_arguments: object, **_named: object) -> bool:
        raise DataError("UPDATE message", None, Exception("invalid byte sequence"))

    rig.apply(story.activity(), story.signup())
    with monkeypatch.context() as broken:
        broken.setattr(delivering, "settle", refuses)
        with pytest.raises(DataError):
            await rig.work()
    assert rig.row("confirmation")["status"] == "sending"
    await rig.later(minutes=3).work()
    row = rig.row("confirmation")
    assert (row["status"], row["attempts"]) == ("sent", 1)

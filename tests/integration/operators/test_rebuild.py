"""A rebuild from the event log: equal to the live tables, or it says so; nothing changes unless it was asked to."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from services.registration import event_log
from shared.database import transaction
from shared.operators.generation import Generation
from shared.operators.rebuild_work import GivenUp
from tests.integration.operators.conftest import History, LiveConsumer


def left(folder: Path) -> list[Path]:
    """Files of generations."""
    return list(folder.glob("rebuild-*"))


def test_what_is_rebuilt_equals_what_is_live(consumer: LiveConsumer) -> None:
    consumer.follow()
    before = consumer.everything()
    ended = consumer.rebuild()
    assert ended.done
    assert not ended.switched
    assert ended.built.text == ended.live.text
    assert all(found.rows for name, found in ended.built.tables.items() if name in ("activity", "signup"))
    assert consumer.heard == consumer.history.head()
    assert consumer.everything() == before
    assert left(consumer.folder) == []


def test_people_who_were_erased_are_erased_in_a_rebuild_too(consumer: LiveConsumer) -> None:
    consumer.history.erase("p080")
    consumer.follow()
    consumer.history.erase("p100")
    consumer.history.erase("p021")
    consumer.follow()
    assert consumer.rebuild().done


def test_an_erasure_that_every_consumer_confirmed_is_rebuilt_from_the_sealed_log(consumer: LiveConsumer) -> None:
    consumer.history.erase("p080")
    consumer.follow()
    seal(consumer.history)
    assert consumer.rebuild().done


def seal(history: History) -> None:
    """As the relay does once every consumer has applied an erasure: its pid goes."""
    with transaction(history.registration.engine) as connection:
        event_log.mark_confirmed(connection, history.head())


def test_an_erasure_sealed_while_the_log_is_read_makes_it_begin_again(consumer: LiveConsumer) -> None:
    consumer.follow()
    erased = False

    def between_pages(after: int) -> None:
        nonlocal erased
        if after >= 80 and not erased:
            erased = True
            consumer.history.erase("p080")
            consumer.follow()
            seal(consumer.history)

    consumer.history.before_page = between_pages
    ended = consumer.rebuild()
    assert erased
    assert ended.done


def test_a_live_database_that_lags_is_brought_level_without_redis(consumer: LiveConsumer) -> None:
    assert consumer.inbox.watermark() == 0
    ended = consumer.rebuild()
    assert ended.done
    assert consumer.inbox.watermark() == consumer.history.head()
    assert consumer.rows("signup") != []


def test_a_difference_is_named_and_nothing_is_changed(consumer: LiveConsumer) -> None:
    consumer.follow()
    consumer.harm("delete from signup where ref = (select min(ref) from signup)")
    harmed = consumer.everything()
    ended = consumer.rebuild()
    assert not ended.done
    assert ended.built.text != ended.live.text
    assert ended.reason is not None
    assert "signup" in ended.reason
    assert "activity" not in ended.reason.replace("activity_version", "")
    assert consumer.everything() == harmed
    assert left(consumer.folder) == []


def test_replace_mends_what_was_lost_and_what_was_forged(consumer: LiveConsumer) -> None:
    consumer.follow()
    sound = consumer.everything()
    consumer.harm("delete from signup where ref = (select min(ref) from signup)")
    consumer.harm("update signup set status = 'withdrawn' where ref = (select max(ref) from signup)")
    ended = consumer.rebuild(replace=True)
    assert ended.done
    assert ended.switched
    assert consumer.everything() == sound
    again = consumer.rebuild()
    assert (again.done, again.switched) == (True, False)


def test_a_rebuild_that_is_stopped_half_way_changes_nothing(consumer: LiveConsumer) -> None:
    consumer.follow()
    consumer.harm("delete from signup where ref = (select min(ref) from signup)")
    harmed = consumer.everything()

    def stop(after: int) -> None:
        if after >= 80:
            consumer.stop.set()

    consumer.history.before_page = stop
    with pytest.raises(GivenUp):
        consumer.rebuild(replace=True)
    assert consumer.everything() == harmed
    assert left(consumer.folder) == []


def test_a_switch_that_breaks_off_changes_nothing(consumer: LiveConsumer, monkeypatch: pytest.MonkeyPatch) -> None:
    consumer.follow()
    consumer.harm("delete from signup where ref = (select min(ref) from signup)")
    harmed = consumer.everything()
    whole = Generation.copy_to

    def broken(generation: Generation, live: Connection) -> None:
        whole(generation, live)
        raise ConnectionError

    monkeypatch.setattr(Generation, "copy_to", broken)
    with pytest.raises(ConnectionError):
        consumer.rebuild(replace=True)
    assert consumer.everything() == harmed


def test_a_copy_that_is_not_what_was_built_is_not_committed(
    consumer: LiveConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer.follow()
    consumer.harm("delete from signup where ref = (select min(ref) from signup)")
    harmed = consumer.everything()
    whole = Generation.copy_to

    def forgetful(generation: Generation, live: Connection) -> None:
        whole(generation, live)
        live.execute(text("delete from signup where ref = (select max(ref) from signup)"))

    monkeypatch.setattr(Generation, "copy_to", forgetful)
    with pytest.raises(RuntimeError, match="the copy"):
        consumer.rebuild(replace=True)
    assert consumer.everything() == harmed


def test_events_that_come_in_meanwhile_are_in_both(consumer: LiveConsumer) -> None:
    consumer.follow()
    people = iter(["p022", "p023", "p081", "p082"])

    def between_pages(_after: int) -> None:
        ref = next(people, None)
        if ref:
            consumer.history.erase(ref)
            consumer.follow()

    consumer.history.before_page = between_pages
    ended = consumer.rebuild()
    assert ended.done
    assert next(people, None) is None


def test_a_rebuild_tells_nobody_anything_again(notifications: LiveConsumer) -> None:
    notifications.follow()
    told = notifications.rows("message")
    assert told != []
    notifications.harm("update message set status = 'sent'")
    sent = notifications.rows("message")
    notifications.harm("delete from signup")
    assert notifications.rebuild(replace=True).switched
    assert notifications.rows("message") == sent


def test_who_was_overlooked_is_told_after_a_rebuild(notifications: LiveConsumer) -> None:
    """An effect that was lost: the sign-up and all that follows from it. Its person was told nothing yet."""
    notifications.follow()
    whole = {row["dedup_key"] for row in notifications.rows("message")}
    notifications.harm("delete from message where signup = (select min(signup) from message)")
    notifications.harm("delete from signup where ref not in (select signup from message)")
    assert notifications.rebuild(replace=True).switched
    assert {row["dedup_key"] for row in notifications.rows("message")} == whole

"""Entries that are none of ours, whatever they look like: they swallow nothing and stop nothing."""

from shared.events.streams import FIELD, STREAM
from tests.integration.shared.rig import GROUP, Rig, entry_bytes


async def test_a_forged_entry_at_the_next_place_does_not_swallow_the_real_event(rig: Rig) -> None:
    """Found by attack: the inbox knew the place in the log and took the real event for a repeat."""
    await rig.publish(1)
    forged = entry_bytes(2).replace(b"event-2", b"forged-2")
    await rig.client.xadd(STREAM, {FIELD: forged}, id="2-0")
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 2])
        await rig.lose_stream()
        await rig.publish(1, 2, 3)
        await rig.until(lambda: consumer.seen() == [1, 2, 2, 3])
        await rig.client.xgroup_setid(STREAM, GROUP, "0")
        await rig.publish(4)
        await rig.until(lambda: consumer.seen() == [1, 2, 2, 3, 4])


async def test_the_real_event_is_read_when_the_stream_is_written_anew(rig: Rig) -> None:
    """Found by chaos: the group was made again at the watermark, above the place that the forgery had taken."""
    await rig.publish(1)
    forged = entry_bytes(2).replace(b"event-2", b"forged-2")
    await rig.client.xadd(STREAM, {FIELD: forged}, id="2-0")
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 2])
        await rig.client.delete(STREAM)
        await rig.publish(1, 2, 3)
        await rig.until(lambda: consumer.seen() == [1, 2, 2, 3])


async def test_an_event_of_a_foreign_source_is_a_dead_letter(rig: Rig) -> None:
    await rig.client.xadd(STREAM, {FIELD: entry_bytes(1).replace(b"urn:nld:meedoen", b"urn:nld:strange")}, id="1-0")
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: [row["reason"] for row in consumer.rows("dead_letter")] == ["a foreign source"])
    assert consumer.seen() == []

"""What everybody may read of the ways out: whole tens of sends, never a number small enough to be somebody."""

from services.notifications.domain.outcomes import MAIL_SERVER, Failed, Retry, Sent, Unknown
from services.notifications.senders.breaker import Breakers
from services.notifications.senders.tally import Tally


def shown(tally: Tally) -> dict[tuple[str, ...], float]:
    """Name and labels -> value."""
    samples = [sample for metric in tally.collect() for sample in metric.samples]
    return {(sample.name.removeprefix("komerbij_notifications_"), *sample.labels.values()): sample.value
            for sample in samples}  # fmt: skip


def test_sends_are_shown_in_whole_tens_and_fewer_not_at_all() -> None:
    tally = Tally(Breakers())
    for _ in range(9):
        tally.add("sms", Failed("sms", "sms-refused"), lease_lost=False)
    for _ in range(29):
        tally.add("email", Sent(), lease_lost=False)
    sends = {labels: value for labels, value in shown(tally).items() if labels[0] == "sends_total"}
    assert sends == {("sends_total", "email", "sent"): 20}


def test_leases_lost_are_counted_one_by_one() -> None:
    tally = Tally(Breakers())
    tally.add("email", Unknown("data", "no-answer"), lease_lost=True)
    tally.add("email", Sent(), lease_lost=False)
    assert shown(tally)["leases_lost_total",] == 1


def test_which_way_is_closed_is_shown() -> None:
    breakers = Breakers()
    breakers.seen(Retry("hello", "server-refuses-us", 535, trouble=MAIL_SERVER, alarm=True), 1.0)
    found = {labels[1]: value for labels, value in shown(Tally(breakers)).items() if labels[0] == "breaker_open"}
    assert found == {"mail-server": 1, "sms-provider": 0, "registration": 0}

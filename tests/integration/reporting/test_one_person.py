"""Who is one person is decided by registration (contract section 3), and counted so here."""

from collections.abc import Sequence

from sqlalchemy import Engine

from services.reporting.usecases.apply_events import apply
from shared.clock import utc_now
from shared.messaging.inbox import Inbox
from tests.histories.logs import log_of
from tests.histories.steps import Comes, Enters, Plans, Step
from tests.integration.reporting.ledger import Ledger

BEGIN: Sequence[Step] = (Enters("avedan"), Enters("scoop"), Plans("avedan/one"), Plans("scoop/three"))


def counted(registration: Engine, quick: Ledger, *came: Comes) -> tuple[float | None, float | None]:
    """Participants and attendances of what registration makes of these presences."""
    log = log_of(registration, [(0, step) for step in (*BEGIN, *came)])
    assert Inbox(quick.engine, apply, utc_now).process(log.in_order()).applied == len(log.events)
    return quick.total("participants", "2026"), quick.total("attendances", "2026")


def test_c11_one_shared_reference_at_two_partners_is_one_person(registration: Engine, quick: Ledger) -> None:
    assert counted(registration, quick, Comes("avedan/one", "carl"), Comes("scoop/three", "carl")) == (1, 2)


def test_c11_the_same_reference_of_two_partners_is_two_persons(registration: Engine, quick: Ledger) -> None:
    assert counted(registration, quick, Comes("avedan/one", "anna"), Comes("scoop/three", "anna")) == (2, 2)


def test_c11_two_references_with_one_shared_one_are_one_person_who_came_once(
    registration: Engine, quick: Ledger
) -> None:
    assert counted(registration, quick, Comes("avedan/one", "carl"), Comes("avedan/one", "karel")) == (1, 1)

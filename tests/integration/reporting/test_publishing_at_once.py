"""Publishing beside others: two at once, facts that come meanwhile, a process that dies half way."""

import signal
import subprocess
import sys
import textwrap
import threading
from datetime import datetime

from sqlalchemy import Engine

from services.reporting.app import MIGRATIONS
from services.reporting.domain.periods import Period
from services.reporting.usecases.publishing import Draft, Publisher
from shared.database import connect, upgrade
from tests.databases import DatabaseUrl
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.press import CLOSED, Issue, Press, noon, people
from tests.integration.reporting.story import Story


class Meeting(Publisher):
    """Has reckoned, and keeps nothing until another has reckoned too."""

    def __init__(self, engine: Engine, both: threading.Barrier) -> None:
        super().__init__(engine, lambda: noon(CLOSED))
        self._both, self.drafts = both, 0

    def draft(self, year: Period, now: datetime) -> Draft:
        """The first time only: who comes second reckons once more."""
        found = super().draft(year, now)
        self.drafts += 1
        if self.drafts == 1:
            self._both.wait(30)
        return found


def told(engine: Engine, story: Story) -> Ledger:
    story.activity("avedan/one")
    story.crowd("avedan/one", *people(1, 12))
    return Ledger(engine).hear(story)


def test_two_at_once_become_two_publications_and_the_second_knows_the_first(engine: Engine, story: Story) -> None:
    told(engine, story)
    both = threading.Barrier(2)
    publishers = [Meeting(engine, both) for _ in range(2)]
    threads = [threading.Thread(target=publisher.publish, args=(2024,)) for publisher in publishers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(publisher.drafts for publisher in publishers) == [1, 2]
    assert [row[:2] for row in Ledger(engine).rows("publication")] == [("2024", 1), ("2024", 2)]


def test_what_comes_while_a_publication_is_made_is_not_held_up_and_not_in_it(engine: Engine, story: Story) -> None:
    ledger = told(engine, story)

    class Busy(Publisher):
        """Facts come in when it has reckoned."""

        def draft(self, year: Period, now: datetime) -> Draft:
            found = super().draft(year, now)
            story.crowd("avedan/one", *people(13, 30))
            ledger.hear(story)
            return found

    press = Press(engine)
    made: Issue = press.read(Busy(engine, lambda: noon(CLOSED)).publish(2024))
    assert made.total("participants") == 12
    assert ledger.total("participants") == 30


HALF_WAY = """
    import sys, time
    from datetime import UTC, datetime
    from sqlalchemy import event
    from services.reporting.usecases.publishing import Publisher
    from shared.database import connect

    engine = connect(sys.argv[1])

    @event.listens_for(engine, "commit")
    def about_to_commit(connection):
        if connection.exec_driver_sql("SELECT count(*) FROM published_table").scalar():
            print("written", flush=True)
            time.sleep(60)

    Publisher(engine, lambda: datetime(2025, 1, 5, tzinfo=UTC)).publish(2024)
"""


def test_killed_half_way_nothing_is_kept_and_the_next_has_its_number(database_url: DatabaseUrl, story: Story) -> None:
    engine = connect(database_url("reporting"))
    upgrade(engine, MIGRATIONS)
    told(engine, story)
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HALF_WAY), database_url("reporting")], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert Ledger(engine).rows("publication") == Ledger(engine).rows("published_table") == []
    assert str(Press(engine).publish().publication.id) == "2024.1"
    engine.dispose()

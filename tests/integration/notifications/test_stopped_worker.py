"""A process that is stopped past its lease, and goes on when another has done its work."""

import signal
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from tests.integration.notifications.crowd import due_reminders
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.worker import Job, outcomes, unfinished, working
from tests.servers import eventually

PATIENCE = 60.0


def test_f05_who_was_stopped_past_its_lease_sends_no_second_mail(engine: Engine, contacts: ContactServer) -> None:
    due_reminders(engine, 1, datetime.now(UTC) + timedelta(hours=23))
    with Moody({"rcpt": "hang"}) as moody:
        url = engine.url.render_as_string(hide_password=False)
        job = Job(url, moody.port, contacts.url, lease_seconds=1.5)
        with working(job, 1) as [stopped]:
            eventually(lambda: unfinished(engine, "sending"), PATIENCE, "it is being sent")
            stopped.send_signal(signal.SIGSTOP)
            moody.replies.clear()
            with working(job, 1) as other:
                outcomes(other, PATIENCE)
            assert len(moody.mails) == 1
            stopped.send_signal(signal.SIGCONT)
            outcomes([stopped], PATIENCE)
        assert len(moody.mails) == 1

"""Outreach: cards, flowers, stands, campaigns; the latest fact by time."""

from dataclasses import asdict, replace
from typing import Any

from services.registration.domain.commands import Post, RecordOutreach
from services.registration.domain.facts import Outreach
from services.registration.domain.order import later
from services.registration.domain.results import Accepted
from services.registration.event_log import Announcement
from services.registration.usecases.work import Taken, Work, base, own
from shared.events.facts import OutreachRecordedV1


def record(work: Work, post: Post, command: RecordOutreach) -> Taken:
    """Keep what was done; `void` takes it back."""
    own(post, command.outreach, "/data/outreachId")
    known = work.chunk.outreach.get(command.outreach)
    if known is not None and not later(post.stamp, known.stamp):
        return Taken(Accepted(None, ("superseded",)))
    members = asdict(command)
    ref = members.pop("outreach")
    fact = Outreach(ref=ref, **members, stamp=post.stamp, version=known.version if known else 0)
    if known is None or replace(known, stamp=post.stamp) != fact:
        fact = replace(fact, version=fact.version + 1)
        work.announce(Announcement(f"outreach/{ref}", _wire(work, post, fact), None, post.extensions))
    work.chunk.outreach.put(fact)
    return Taken(Accepted())


def _wire(work: Work, post: Post, fact: Outreach) -> OutreachRecordedV1:
    members: dict[str, Any] = {
        **base(work, post, fact.version),
        "outreach_id": fact.ref.partition("/")[2],
        "kind": fact.kind,
        "label": fact.label,
        "date": fact.date,
        "goal": fact.goal,
        "series_id": fact.series,
        "quantity": fact.quantity,
        "personalised": fact.personalised,
        "precision": fact.precision,
        "personalised_precision": fact.personalised_precision,
        "void": fact.void,
    }
    return OutreachRecordedV1(**members)

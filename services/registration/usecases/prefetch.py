"""Read what a chunk of posts will ask for in a few queries, so that the log's head is held no longer than needed."""

from collections.abc import Iterator, Sequence

from services.registration.domain import commands as c
from services.registration.domain.commands import Post
from services.registration.usecases.work import Work

Person = tuple[str, str, str]
"""Activity, pid and role."""


def prefetch(work: Work, posts: Sequence[Post]) -> None:
    """Changes nothing but speed: what is not read here is read when it is asked for."""
    commands, chunk = [post.command for post in posts], work.chunk
    chunk.prefetch(_named(commands, "activity", "via_activity"), _named(commands, "signup"))
    for shelf, name in ((chunk.outreach, "outreach"), (chunk.assignments, "assignment"), (chunk.members, "member")):
        shelf.fetch((ref,) for ref in _named(commands, name))
    chunk.head_counts.fetch((one.activity, one.count_key) for one in commands if isinstance(one, c.CountVisitors))
    met = list(_met(work, posts))
    chunk.prefetch_active(met)
    chunk.attendances.fetch([*met, *_signed_up(work, commands)])


def _named(posted: Sequence[c.Command], *names: str) -> list[str]:
    return sorted({ref for command in posted for name in names if (ref := getattr(command, name, None))})


def _met(work: Work, posts: Sequence[Post]) -> Iterator[Person]:
    """Who is named as a person."""
    for post in posts:
        command = post.command
        if isinstance(command, c.PlaceSignup | c.RecordAttendance) and command.participant is not None:
            yield command.activity, work.pid(post.partner_id, command.participant), command.role or "participant"


def _signed_up(work: Work, posted: Sequence[c.Command]) -> Iterator[Person]:
    """Whose attendance is told by a sign-up."""
    for command in posted:
        if isinstance(command, c.RecordAttendance) and command.signup is not None:
            signup = work.chunk.signup(command.signup)
            if signup is not None:
                yield command.activity, work.pid_of(signup), command.role or signup.role

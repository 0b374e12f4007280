"""Contact data: one table, one module, one way in and one way out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_

from services.registration.domain.order import Stamp
from services.registration.tables import ContactRow
from shared.database import table_of, upsert

_contacts = table_of(ContactRow)


def rows(partner_id: str, pid: str, given: Mapping[str, object], stamp: Stamp) -> list[dict[str, Any]]:
    """One row a member that was given; a member that was not given stays as it is."""
    return [
        {"partner_id": partner_id, "pid": pid, "member": member, "value": value, "stamp": stamp}
        for member, value in given.items()
    ]


def save(connection: Connection, given: Sequence[dict[str, Any]]) -> None:
    """Per member the latest by time wins, whatever order they come in."""
    if not given:
        return
    newest: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in given:
        key = (row["partner_id"], row["pid"], row["member"])
        if key not in newest or row["stamp"] > newest[key]["stamp"]:
            newest[key] = row
    known = _stamps(connection, newest)
    winners = [row for key, row in newest.items() if row["stamp"] > known.get(key, "")]
    if not winners:
        return
    statement = upsert(connection, _contacts)
    new = {"value": statement.excluded.value, "stamp": statement.excluded.stamp}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["partner_id", "pid", "member"], set_=new), winners
    )


def _stamps(connection: Connection, keys: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
    columns = (_contacts.c.partner_id, _contacts.c.pid, _contacts.c.member)
    wanted = sorted(keys)
    found: dict[tuple[str, str, str], str] = {}
    for start in range(0, len(wanted), 300):
        statement = select(*columns, _contacts.c.stamp).where(tuple_(*columns).in_(wanted[start : start + 300]))
        found.update({(r[0], r[1], r[2]): r[3] for r in connection.execute(statement)})
    return found


def look_up(connection: Connection, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The contact data of (partner, pid); whoever has none is left out."""
    pair = tuple_(_contacts.c.partner_id, _contacts.c.pid)
    columns = (_contacts.c.partner_id, _contacts.c.pid, _contacts.c.member, _contacts.c.value)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for partner_id, pid, member, value in connection.execute(select(*columns).where(pair.in_(sorted(set(wanted))))):
        if value is not None:
            found.setdefault((partner_id, pid), {})[member] = value
    return found


def forget_at(connection: Connection, partner_id: str, pid: str) -> None:
    """Everything that one partner gave about a person."""
    connection.execute(delete(_contacts).where(_contacts.c.partner_id == partner_id, _contacts.c.pid == pid))


def forget(connection: Connection, pid: str) -> None:
    """Everything that anybody gave about a person."""
    connection.execute(delete(_contacts).where(_contacts.c.pid == pid))

"""One event of the example: local time, its CloudEvent, and the moment it arrives."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")

Data = dict[str, object]


def local(day: date, clock: str) -> datetime:
    """Wall-clock time in Almelo, `HH:MM`; the offset follows from the day."""
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


def stamp(moment: datetime) -> str:
    """RFC 3339 to the second, with the offset that holds in Almelo at that moment."""
    return moment.astimezone(ZONE).isoformat(timespec="seconds")


def cloud_event(partner: str, name: str, event_id: str, moment: datetime, data: Data) -> Data:
    """A structured CloudEvent as contract section 3 asks of an admin key (`partnerid` on each)."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": f"urn:nld:komerbij-voorbeeld:{partner}",
        "type": f"nl.meedoen.{name}.v1",
        "time": stamp(moment),
        "partnerid": partner,
        "datacontenttype": "application/json",
        "data": data,
    }


@dataclass(frozen=True)
class Event:
    """What happened (`time`), and when the write door is told (`arrival`); `mark` is for the generator's own eyes."""

    partner: str
    name: str
    id: str
    time: datetime
    data: Data = field(hash=False)
    arrival: datetime
    mark: str = ""

    def line(self) -> str:
        """One line of the file, without the line end."""
        body = cloud_event(self.partner, self.name, self.id, self.time, self.data)
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def in_order_of_arrival(events: list[Event]) -> list[Event]:
    """Stable: what arrives at the same second keeps its order."""
    return sorted(events, key=lambda event: event.arrival.timestamp())

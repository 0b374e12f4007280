"""NL API Design Rules 2.2, dates and times: /core/date-time/*."""

import re
from typing import Any

from tests.factories import Json, activity
from tests.standards.api.sides import EVENT, Side, properties, texts

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LOOKS_LIKE_A_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*")
DATES = re.compile(r"[a-z]+On|from|to|until|date")
INSTANTS = re.compile(r"[a-z]+([A-Z][a-z]+)*At|at|time|notAfter")


def formats(schema: Json) -> set[Any]:
    """The formats of the texts that a schema takes."""
    choices = schema.get("anyOf", [schema])
    return {choice.get("format") for choice in choices if "string" in str(choice.get("type", ""))}


def test_core_date_time_format(side: Side) -> None:
    wrong = [
        name
        for name, schema in properties(side.document)
        if INSTANTS.fullmatch(name) and formats(schema) - {"date-time"}
    ]
    assert wrong == []
    times = [
        text
        for _, answer in side.readable()
        if "json" in answer.headers["Content-Type"]
        for text in texts(answer.json())
    ]
    times = [text for text in times if LOOKS_LIKE_A_TIME.fullmatch(text)]
    assert [text for text in times if not INSTANT.fullmatch(text) or text.endswith("-00:00")] == []


def test_core_date_time_timezone(registration: Side) -> None:
    started = "2026-10-25T00:30:00+02:00"
    event = activity("nacht", partnerid="avedan", startsAt=started, endsAt="2026-10-25T02:30:00+01:00")
    told = registration.admin.post("/v1/events", json=event, headers={"Content-Type": EVENT})
    assert told.status_code in (200, 201), told.text
    shown = registration.http.get("/v1/activities/avedan/nacht").json()
    assert (shown["startsAt"], shown["endsAt"]) == ("2026-10-24T22:30:00Z", "2026-10-25T01:30:00Z")
    days = {
        day: registration.http.get("/v1/activities", params={"from": day, "to": day}).json()
        for day in ("2026-10-24", "2026-10-25")
    }
    found = {day: "nacht" in [item["activityId"] for item in page["items"]] for day, page in days.items()}
    assert found == {"2026-10-24": False, "2026-10-25": True}, "which day is asked in Europe/Amsterdam"


def test_core_date_time_date_omit_time_portion(side: Side) -> None:
    wrong = [name for name, schema in properties(side.document) if DATES.fullmatch(name) and formats(schema) - {"date"}]
    assert wrong == []
    answers = [answer.json() for _, answer in side.readable() if "json" in answer.headers["Content-Type"]]
    dates = [node for answer in answers for node in pairs(answer) if DATES.fullmatch(node[0])]
    assert [pair for pair in dates if pair[1] is not None and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(pair[1]))] == []


def pairs(value: Any) -> list[tuple[str, Any]]:
    """Every member of every object, by its name."""
    if isinstance(value, dict):
        return [*value.items(), *(pair for one in value.values() for pair in pairs(one))]
    return [pair for one in value for pair in pairs(one)] if isinstance(value, list) else []

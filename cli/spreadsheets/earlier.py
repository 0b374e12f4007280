"""What the service knew before a row was loaded, as far as it can be read back, as events that bring it back."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx

from cli.client import BUSY_LIMIT, Client, asked_wait, members, nobody_answers, sentence
from cli.errors import Complaint
from cli.spreadsheets.facts import Entry, Fact
from cli.spreadsheets.memory import Told, fact
from cli.spreadsheets.undo import retraction
from shared.clock import local_date

_NOT_PLANNED = ("partnerId", "status", "placesLeft", "volunteerPlacesLeft", "waiting", "version")
"""Members of an activity that `activity-scheduled` does not have (contract section 9)."""

Json = Mapping[str, Any]


class _NotShownError(Exception):
    """Nobody may tell us what is there; that is not the same as that there is nothing."""


class Earlier:
    """Asks for activities, presence and sign-ups of one partner; without a partner's name nothing can be asked."""

    def __init__(self, client: Client, partner: str | None) -> None:
        self._client = client
        self._partner = partner
        self._presence: dict[str, list[Json] | None] = {}
        self._signups: dict[str, Json | None] = {}
        self._hidden: set[str] = set()

    def counter(self, entry: Entry, told: Told | None) -> list[Fact]:
        """The events that undo an entry: back to what the service knows now, else to what this file said before.

        None of them where the service may not say what is there: taking back what others had said would be worse.
        """
        before = [fact(kept) for kept in told.facts] if told is not None else []
        try:
            found = self._found(entry.facts[0], told)
        except _NotShownError:
            return before
        return found if found is not None else before or retraction(entry)

    def _found(self, first: Fact, told: Told | None) -> list[Fact] | None:
        """What the service knows. None: nothing, or it is not a thing to ask for."""
        if first.name in ("activity-scheduled", "activity-cancelled"):
            return self._activity(first.data["activityId"])
        return self._attendance(first.data, told) if first.name == "attendance-recorded" else None

    def stands(self, entry: Entry) -> bool:
        """Is a sign-up there just as the row says? Then another file, or another program, placed it."""
        data = entry.facts[0].data
        try:
            shown = self._get(f"/v1/signups/{self._full(data['signupId'])}")
        except _NotShownError:
            return False
        said = (
            self._full(data["activityId"]),
            data["participant"]["ref"],
            data.get("role", "participant"),
            data.get("partySize", 1),
        )
        return (
            shown is not None
            and shown["status"] != "withdrawn"
            and said == tuple(shown[name] for name in ("activity", "participantRef", "role", "partySize"))
        )

    def activities(self, since: datetime) -> Iterator[tuple[str, str]]:
        """The partner's own scheduled activities of a series from that day on: their id and that of the series."""
        query: dict[str, str] = {"from": local_date(since).isoformat()}
        while page := self._get("/v1/activities", query):
            for shown in page["items"]:
                whose, _, series = str(shown["seriesId"] or "").partition("/")
                if shown["partnerId"] == whose == self._partner and shown["status"] == "scheduled":
                    yield shown["activityId"], series
            if not page["next"]:
                return
            query["cursor"] = page["next"]

    def _activity(self, activity: str) -> list[Fact] | None:
        """The activity as it stands. None: there is none."""
        shown = self._get(f"/v1/activities/{self._full(activity)}")
        if shown is None:
            return None
        if shown["status"] == "cancelled":
            return [Fact("activity-cancelled", {"activityId": activity})]
        plan = {name: value for name, value in shown.items() if name not in _NOT_PLANNED and value is not None}
        plan["location"] = {name: value for name, value in shown["location"].items() if value is not None}
        return [Fact("activity-scheduled", {**plan, "activityId": activity})]

    def _attendance(self, data: Json, told: Told | None) -> list[Fact] | None:
        """Who was recorded there before, by the reference and role of the person meant."""
        people = self._people(data["activityId"])
        if people is None:
            return None
        ref, role = self._whose(data)
        known = next((one for one in people if (one["participantRef"], one["role"]) == (ref, role)), None)
        if known is None:
            return [Fact("attendance-recorded", {**data, "outcome": "void"})]
        before = {"outcome": known["outcome"], "role": known["role"], "partySize": known["partySize"]}
        return [Fact("attendance-recorded", {**(told.facts[0]["data"] if told else data), **before})]

    def _whose(self, data: Json) -> tuple[str | None, str]:
        if "signupId" not in data:
            return data["participant"]["ref"], data.get("role", "participant")
        name = data["signupId"]
        if name not in self._signups:
            self._signups[name] = self._get(f"/v1/signups/{self._full(name)}")
        signup = self._signups[name] or {}
        return signup.get("participantRef"), data.get("role") or signup.get("role", "participant")

    def _people(self, activity: str) -> list[Json] | None:
        if activity not in self._presence:
            presence = self._get(f"/v1/activities/{self._full(activity)}/presence")
            self._presence[activity] = None if presence is None else list(presence["people"])
        return self._presence[activity]

    def _full(self, name: str) -> str:
        return name if "/" in name else f"{self._partner}/{name}"

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> Json | None:
        """None where nothing is there. Complains when the service does not answer. Raises `_NotShownError`."""
        if self._partner is None or path in self._hidden:
            raise _NotShownError
        answer = self._answer(path, query)
        if answer.status_code == 403:
            self._hidden.add(path)
            raise _NotShownError
        if answer.status_code == 404:
            return None
        if not answer.is_success:
            raise Complaint(sentence(answer))
        return members(answer)

    def _answer(self, path: str, query: Mapping[str, str] | None) -> httpx.Response:
        """The answer; where we ask too much at once, after the wait that is asked for."""
        try:
            for _ in range(BUSY_LIMIT):
                answer = self._client.send("GET", path, params=query)
                if answer.status_code != 429:
                    break
                time.sleep(asked_wait(answer))
            return answer
        except httpx.TransportError as error:
            raise Complaint(nobody_answers(self._client.url, error)) from None

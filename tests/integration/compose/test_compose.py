"""The composed system on a real engine: it counts what is posted, outlives its Redis, and each image is one service."""

import json

import httpx
import pytest

from tests import factories
from tests.integration.compose.stack import SERVICES, Stack
from tests.servers import eventually, post_batch

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

PARTNER = {"name": "Avedan", "kind": "partner", "municipality": "GM0141", "joinedOn": "2019-05-01"}
FOLDERS = "import json, os; print(json.dumps([sorted(e.name for e in os.scandir(d) if e.is_dir()) for d in %r]))"


def tell_of_one_visitor(registration: httpx.Client, activity_id: str, ref: str) -> None:
    """An activity, a sign-up before it, and the person who came."""
    mine = factories.PARTNER
    events = [
        factories.activity(activity_id, partnerid=mine),
        factories.signup(f"signup-{activity_id}", activity_id, ref=ref, partnerid=mine),
        factories.attendance(activity_id, signupId=f"signup-{activity_id}", partnerid=mine),
    ]
    summary = post_batch(registration, events)["summary"]
    assert summary["accepted"] == len(events), summary


def participants(reporting: httpx.Client) -> int:
    """The live figure over the year of the factories' activities."""
    answer = reporting.get("/v1/statistics", params={"indicator": "participants", "period": "2026"})
    value: int = answer.raise_for_status().json()["total"]["value"]
    return value


def test_what_is_posted_is_counted_and_goes_on_being_counted_when_redis_was_away(stack: Stack) -> None:
    with stack.client("registration") as registration, stack.client("reporting") as reporting:
        assert registration.put(f"/v1/partners/{factories.PARTNER}", json=PARTNER).status_code == 200
        tell_of_one_visitor(registration, "bingo-1", "client-1")
        eventually(lambda: participants(reporting) == 1, what="the first visitor is counted")

        stack.compose("stop", "redis")
        tell_of_one_visitor(registration, "bingo-2", "client-2")
        stack.compose("start", "--wait", "redis")
        tell_of_one_visitor(registration, "bingo-3", "client-3")
        eventually(lambda: participants(reporting) == 3, 30, "the visitors during and after the gap are counted")


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_one_service_and_its_migrations(stack: Stack, service: str) -> None:
    code = FOLDERS % (["services", "migrations"],)
    held = [[name for name in names if name != "__pycache__"] for names in json.loads(_python(stack, service, code))]
    assert held == [[service], [service]]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_runs_without_privileges_and_cannot_change_its_own_code(stack: Stack, service: str) -> None:
    code = "import os; print(os.getuid() != 0, os.access('/data', os.W_OK), os.access('/app/services', os.W_OK))"
    assert _python(stack, service, code) == "True True False"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_is_told_to_stop_ends_in_order_and_comes_back_healthy(stack: Stack, service: str) -> None:
    stack.compose("stop", "--timeout", "15", service)
    assert stack.inspect(service, "{{.State.ExitCode}}") == "0"
    stack.compose("up", "--detach", "--wait", "--wait-timeout", "60", service)
    assert stack.inspect(service, "{{.State.Health.Status}}") == "healthy"


def _python(stack: Stack, service: str, code: str) -> str:
    return stack.inside(service, "python", "-c", code)

"""`GET /v1/statistics` in four forms: negotiation, `ETag`, and 304 without a look at the figures."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from jsonschema import Draft202012Validator
from jsonstat_validator import validate_jsonstat
from sqlalchemy import Engine, event

from services.reporting.api.statistics import statistics_routes
from services.reporting.formats.forms import CSV, EXCEL, FORMS, JSON, JSON_STAT
from services.reporting.schemas.statistics import EXAMPLE
from services.reporting.store.generations import DERIVED, TABLES
from services.reporting.usecases.apply_events import apply
from shared.clock import utc_now
from shared.database import reading, transaction
from shared.events.envelope import StreamEvent
from shared.http.application import create_app
from shared.http.keys import Keyring
from shared.messaging import dead_letters, position
from shared.messaging.inbox import MAX_ATTEMPTS, Inbox
from shared.operators.rebuild_record import RebuildRecord
from tests.integration.reporting.ledger import Ledger, entry_of
from tests.integration.reporting.story import Story
from tests.integration.reporting.test_http import nothing_runs
from tests.integration.reporting.visitor import Visitor

PATH = "/v1/statistics"
QUESTION = {"indicator": "participants", "period": "2024", "groupBy": "kind"}
ADMIN, SERVICE = "admin-key-of-thirty-two-characters", "service-key-of-thirty-two-characters"
KEY = {"Authorization": f"Bearer {ADMIN}"}


@pytest.fixture(name="client")
def client_of(engine: Engine) -> Visitor:
    keyring = Keyring(engine, ADMIN, SERVICE, utc_now)
    routers = (statistics_routes(engine, keyring),)
    app = create_app(
        title="reporting",
        description="",
        contact=None,
        cors_origins=(),
        routers=routers,
        checks={},
        lifespan=nothing_runs,
    )
    return Visitor(app)


@pytest.fixture(name="filled")
def filled_ledger(story: Story, ledger: Ledger) -> Ledger:
    story.partner("avedan")
    story.activity("avedan/bingo", kind="bingo", title="=Bingo; met koffie")
    story.activity("avedan/walk", "2024-04-01T10:00:00+02:00", kind="walk")
    story.crowd("avedan/bingo", "anna", "ben")
    story.crowd("avedan/walk", "anna")
    return ledger.hear(story)


def tag(client: Visitor, accept: str = JSON, **more: str) -> str:
    return client.get(PATH, params={**QUESTION, **more}, headers={**KEY, "Accept": accept}).headers["ETag"]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Everything that is asked of the database meanwhile."""
    found: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", heard)


def facts_in(asked: list[str]) -> set[str]:
    """Tables of facts, and of what they add up to, that were looked at."""
    return {table.name for table in (*TABLES, *DERIVED) for one in asked if f" {table.name}" in one.replace('"', " ")}


def test_the_live_answer_says_the_same_in_four_forms(client: Visitor, filled: Ledger) -> None:
    wanted = {**QUESTION, "groupBy": "activity"}
    got = {kind: client.get(PATH, params=wanted, headers={**KEY, "Accept": kind}) for kind in FORMS}
    assert {kind: answer.headers["Content-Type"] for kind, answer in got.items()} == {
        kind: form.content_type for kind, form in FORMS.items()
    }
    rows = got[JSON].json()["values"]
    cells = [(row["keys"]["activity"], row["value"], row["status"]) for row in rows]
    assert cells == [("avedan/bingo", 2, "exact"), ("avedan/walk", 1, "exact")]
    for kind, delimiter in ((CSV, ","), (EXCEL, ";")):
        text = got[kind].content.decode("utf-8-sig")
        *table, total = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        assert [(row["activity"], int(row["value"]), row["status"]) for row in table] == cells
        assert [row["activityLabel"] for row in table] == ["'=Bingo; met koffie", "Titel van walk"]
        assert (total["row"], total["value"]) == ("total", str(got[JSON].json()["total"]["value"]))
    stat = got[JSON_STAT].json()
    assert validate_jsonstat(stat)
    keys = stat["dimension"]["activity"]["category"]["index"]
    assert list(zip(keys, stat["value"], stat["status"], strict=True)) == cells
    assert (stat["extension"]["total"], stat["extension"]["asOf"]) == (
        got[JSON].json()["total"],
        got[JSON].json()["asOf"],
    )


def test_json_is_the_form_for_whoever_has_no_wish_and_what_there_is_not_is_406(client: Visitor, filled: Ledger) -> None:
    for accept in ("*/*", "text/html, */*;q=0.1"):
        assert client.get(PATH, params=QUESTION, headers={**KEY, "Accept": accept}).headers["Content-Type"] == JSON
    refused = client.get(PATH, params=QUESTION, headers={**KEY, "Accept": "text/csv; dialect=klingon"})
    assert (refused.status_code, refused.json()["code"], refused.headers["Vary"]) == (406, "not-acceptable", "Accept")
    assert client.get(PATH, headers={"Accept": "image/png"}).status_code == 401, "the key comes first"


def test_a_fault_is_a_problem_in_whatever_form_the_answer_would_have_been(client: Visitor, filled: Ledger) -> None:
    wanted = {**QUESTION, "kind": "chess"}
    headers = {**KEY, "Accept": EXCEL, "If-None-Match": '*, "0123456789abcdef0123456789abcdef"'}
    refused = client.get(PATH, params=wanted, headers=headers)
    assert (refused.status_code, refused.headers["Content-Type"]) == (400, "application/problem+json")
    assert "ETag" not in refused.headers


def test_order_of_a_second_grouping_is_that_of_the_list_whatever_comes_first(
    client: Visitor, story: Story, ledger: Ledger
) -> None:
    story.partner("avedan")
    story.activity("avedan/walk", "2024-01-02T10:00:00+01:00", kind="walk")
    story.activity("avedan/bingo", "2024-02-02T10:00:00+01:00", kind="bingo")
    story.crowd("avedan/walk", "anna")
    story.crowd("avedan/bingo", "anna")
    ledger.hear(story)
    wanted = {**QUESTION, "groupBy": "month,kind"}
    stat = client.get(PATH, params=wanted, headers={**KEY, "Accept": JSON_STAT}).json()
    assert stat["dimension"]["kind"]["category"]["index"] == ["bingo", "walk"]
    assert (stat["size"], stat["value"]) == ([1, 1, 2, 2], {"1": 1, "2": 1})


@pytest.mark.parametrize("kind", FORMS)
def test_304_touches_no_figures_and_knows_the_answer_by_its_tag(
    client: Visitor, engine: Engine, filled: Ledger, kind: str
) -> None:
    headers = {**KEY, "Accept": kind}
    with statements(engine) as asked:
        whole = client.get(PATH, params=QUESTION, headers=headers)
    assert {"month_tally", "partner"} <= facts_in(asked), "the answer itself looks at figures"
    assert (whole.status_code, whole.headers["Vary"], whole.headers["Cache-Control"]) == (200, "Accept", "no-store")
    with statements(engine) as asked:
        again = client.get(PATH, params=QUESTION, headers={**headers, "If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert {name: again.headers[name] for name in ("ETag", "Vary")} == {"ETag": whole.headers["ETag"], "Vary": "Accept"}
    assert "Content-Length" not in again.headers
    assert (facts_in(asked), len(asked) > 0) == (set(), True)


def test_a_tag_may_stand_in_a_list_or_be_weak_and_a_star_stands_for_any_answer(client: Visitor, filled: Ledger) -> None:
    mine = tag(client)
    for given, status in (
        (f'"other", W/{mine}', 304),
        ("*", 304),
        ('"other"', 200),
        (mine.strip('"'), 200),
        ("", 200),
    ):
        headers = {**KEY, "If-None-Match": given}
        assert client.get(PATH, params=QUESTION, headers=headers).status_code == status, given


def test_a_tag_tells_apart_question_and_form_and_is_free_of_the_order_of_parameters(
    client: Visitor, filled: Ledger
) -> None:
    tags = [tag(client, kind) for kind in FORMS] + [tag(client, kind="bingo"), tag(client, period="2024-Q1")]
    assert len(set(tags)) == len(tags)
    backwards = dict(reversed(QUESTION.items()))
    assert client.get(PATH, params=backwards, headers=KEY).headers["ETag"] == tags[0]


def test_head_says_what_get_would_say(client: Visitor, filled: Ledger) -> None:
    for kind in FORMS:
        headers = {**KEY, "Accept": kind}
        get, head = (ask(PATH, params=QUESTION, headers=headers) for ask in (client.get, client.head))
        assert (head.status_code, head.headers) == (200, get.headers)
        known = client.head(PATH, params=QUESTION, headers={**headers, "If-None-Match": get.headers["ETag"]})
        assert known.status_code == 304
    assert client.head(PATH, params=QUESTION).status_code == 401
    assert client.head(PATH, headers=KEY).status_code == 400


def test_a_new_fact_is_a_new_tag(client: Visitor, filled: Ledger, story: Story) -> None:
    before = tag(client)
    story.crowd("avedan/bingo", "carla")
    filled.take(story.events[-1:])
    assert tag(client) != before


def test_a_fact_above_a_hole_moves_figures_and_tag_though_the_watermark_stays(
    client: Visitor, filled: Ledger, story: Story
) -> None:
    before, was = tag(client), filled.ask("participants")
    story.crowd("avedan/bingo", "carla", "dirk")
    filled.take(story.events[-1:])
    now = filled.ask("participants")
    assert (now.as_of, was.total.value, now.total.value) == (was.as_of, 2, 3)
    assert tag(client) != before


def test_a_letter_that_is_tried_again_moves_figures_and_tag_though_the_watermark_stays(
    client: Visitor, filled: Ledger, story: Story, engine: Engine
) -> None:
    story.crowd("avedan/bingo", "carla")
    give_up(engine, story.events[-1])
    before, was = tag(client), filled.ask("participants")
    with reading(engine) as connection:
        [letter] = dead_letters.page(connection, 0, 10)
    with transaction(engine) as connection:
        position.lock(connection)
        Inbox(engine, apply, utc_now).reapply(connection, story.events[-1])
        dead_letters.drop(connection, letter["id"])
    now = filled.ask("participants")
    assert (now.as_of, was.total.value, now.total.value) == (was.as_of, 2, 3)
    assert tag(client) != before


def give_up(engine: Engine, event_: StreamEvent) -> None:
    """An event whose effect fails until it is a dead letter."""

    def fails(_connection: object, _events: object) -> None:
        raise ArithmeticError

    inbox = Inbox(engine, fails, utc_now)
    for _ in range(MAX_ATTEMPTS):
        inbox.process([entry_of(event_)])


def test_a_rebuild_is_a_new_generation_and_a_new_tag(client: Visitor, filled: Ledger, engine: Engine) -> None:
    tags = [tag(client)]
    record = RebuildRecord(engine, utc_now)
    rebuild_id, _ = record.begin()
    tags.append(tag(client))
    record.end(rebuild_id, "done")
    tags.append(tag(client))
    assert len(set(tags)) == 3


def test_the_document_shows_every_form_and_its_answers_fit(client: Visitor, filled: Ledger) -> None:
    document = client.get("/v1/openapi.json").json()
    answers = document["paths"][PATH]["get"]["responses"]
    assert list(answers["200"]["content"]) == list(FORMS)
    assert {"ETag", "Vary"} <= answers["200"]["headers"].keys() & answers["304"]["headers"].keys()
    described = answers["200"]["content"][JSON_STAT]
    answer = client.get(PATH, params=QUESTION, headers={**KEY, "Accept": JSON_STAT}).json()
    for value in (answer, described["example"]):
        assert list(Draft202012Validator(described["schema"]).iter_errors(value)) == []
    assert validate_jsonstat(described["example"])
    assert json.loads(FORMS[JSON].write(EXAMPLE)) in document["components"]["schemas"]["StatisticsAnswer"]["examples"]

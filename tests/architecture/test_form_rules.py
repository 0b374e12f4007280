"""The rules of form can fail: each one complains about a bad snippet and is content with a good one."""

from collections.abc import Callable, Iterator
from pathlib import PurePath

import pytest

from tests.architecture import form_rules

DOMAIN = "services.registration.domain"
SOMEBODYS = "/" + "work" + "/"  # put together, so that this file names no such path itself


def docstring(source: str) -> Iterator[str]:
    return form_rules.docstring_faults(source, "waiting_list")


def domain_imports(source: str) -> Iterator[str]:
    return form_rules.domain_import_faults(source, DOMAIN)


def name(source: str) -> Iterator[str]:
    return form_rules.name_faults(PurePath(source))


BAD: list[tuple[Callable[[str], Iterator[str]], str]] = [
    (form_rules.length_faults, "x = 1\n" * 301),
    (docstring, "x = 1\n"),
    (docstring, '""""""\n'),
    (docstring, '"""TODO."""\n'),
    (docstring, '"""The waiting list module."""\n'),
    (docstring, '"""Moves the waiting list up\nuntil nothing more fits."""\n'),
    (name, "services/registration/utils.py"),
    (name, "shared/date_helpers.py"),
    (name, "services/common/api.py"),
    (domain_imports, "import orjson\n"),
    (domain_imports, "from shared.clock import AMSTERDAM\n"),
    (domain_imports, "from shared import errors\n"),
    (domain_imports, "from services.reporting.domain import figures\n"),
    (domain_imports, "from . import facts\n"),
    (domain_imports, "def late():\n    import sqlalchemy\n"),
    (form_rules.import_time_faults, "engine = connect('sqlite://')\n"),
    (form_rules.import_time_faults, "class A:\n    settings = Settings()\n"),
    (form_rules.import_time_faults, "broker = faststream.redis.RedisBroker(url)\n"),
    (form_rules.import_time_faults, "def f(now=datetime.now(UTC)):\n    pass\n"),
    (form_rules.import_time_faults, "started = time.time()\n"),
    (form_rules.import_time_faults, "if DEBUG:\n    started = utc_now()\n"),
    (form_rules.silencer_faults, "x = 1  # noqa\n"),
    (form_rules.silencer_faults, "x = 1  # noqa: E501\n"),
    (form_rules.silencer_faults, "x = 1  # type: ignore\n"),
    (form_rules.silencer_faults, "x = 1  # type: ignore[misc]\n"),
    (form_rules.silencer_faults, "# mypy: ignore-errors\n"),
    (form_rules.unfinished_faults, "x = 1  # TODO later\n"),
    (form_rules.unfinished_faults, "raise NotImplementedError\n"),
    (form_rules.machine_faults, f"path = '{SOMEBODYS}main'\n"),
    (form_rules.machine_faults, "see /root/.cache\n"),
    (form_rules.machine_faults, "pip install --index-url https://example.org\n"),
    (form_rules.machine_faults, "https://pypi.org/simple\n"),
]

GOOD: list[tuple[Callable[[str], Iterator[str]], str]] = [
    (form_rules.length_faults, "x = 1\n" * 300),
    (docstring, '"""Moves the waiting list up until nothing more fits.\n\nA party that is too large stays."""\n'),
    (name, "services/registration/waiting_list.py"),
    (domain_imports, "from dataclasses import dataclass\nfrom shared.errors import Refusal\n"),
    (domain_imports, f"from {DOMAIN}.facts import Fact\nfrom {DOMAIN} import persons\n"),
    (form_rules.import_time_faults, "def build():\n    return connect(url)\n"),
    (form_rules.import_time_faults, "made: datetime = Field(default_factory=utc_now)\nlate = lambda: utc_now()\n"),
    (form_rules.import_time_faults, "if __name__ == '__main__':\n    engine = connect(url)\n"),
    (form_rules.silencer_faults, "x = 1  # noqa: S104  -- read, not bound\n"),
    (form_rules.silencer_faults, "x = 1  # type: ignore[arg-type, misc]  # the stub is wrong\n"),
    (form_rules.silencer_faults, "text = '# noqa'\n"),
    (form_rules.unfinished_faults, "what_is_to_do = 1\n"),
    (form_rules.machine_faults, f"https://example.org{SOMEBODYS}1 and our-team{SOMEBODYS} and teamwork/\n"),
]


@pytest.mark.parametrize(("rule", "source"), BAD)
def test_a_rule_complains_about_what_breaks_it(rule: Callable[[str], Iterator[str]], source: str) -> None:
    assert list(rule(source))


@pytest.mark.parametrize(("rule", "source"), GOOD)
def test_a_rule_is_content_with_what_keeps_it(rule: Callable[[str], Iterator[str]], source: str) -> None:
    assert list(rule(source)) == []

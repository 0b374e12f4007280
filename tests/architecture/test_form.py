"""The code keeps its form: short files, telling docstrings and names, pure domains, nothing built on import."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import form_rules
from tests.architecture.source_tree import PRODUCT, ROOT, SERVICES, WITH_DOCSTRINGS, python_files, shown, text_files


def faults(files: tuple[Path, ...], rule: Callable[[str], Iterator[str]]) -> list[str]:
    return [f"{shown(path)}: {fault}" for path in files for fault in rule(path.read_text(encoding="utf-8"))]


def test_no_file_is_longer_than_300_lines() -> None:
    assert faults(python_files(), form_rules.length_faults) == []


def test_every_module_says_in_one_line_what_it_is_responsible_for() -> None:
    found = [
        f"{shown(path)}: {fault}"
        for path in python_files(*WITH_DOCSTRINGS)
        for fault in form_rules.docstring_faults(path.read_text(encoding="utf-8"), path.stem)
    ]
    assert found == []


def test_no_module_or_folder_has_a_name_that_fits_everything() -> None:
    assert [f for path in python_files() for f in form_rules.name_faults(path.relative_to(ROOT))] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_imports_the_standard_library_and_the_errors_alone(service: str) -> None:
    domain = ROOT / "services" / service / "domain"
    files = tuple(path for path in python_files("services") if path.is_relative_to(domain))
    assert files, f"services/{service}/domain has no module"
    assert faults(files, lambda source: form_rules.domain_import_faults(source, f"services.{service}.domain")) == []


def test_nothing_is_built_and_no_clock_is_read_on_import() -> None:
    assert faults(python_files(*PRODUCT), form_rules.import_time_faults) == []


def test_every_silenced_rule_has_a_reason() -> None:
    assert faults(python_files(), form_rules.silencer_faults) == []


def test_nothing_is_left_for_later_inside_the_code() -> None:
    ours = ROOT / "tests" / "architecture"
    files = tuple(path for path in python_files() if not path.is_relative_to(ours))
    assert faults(files, form_rules.unfinished_faults) == []


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    rules = {ROOT / "tests" / "architecture" / name for name in ("form_rules.py", "test_form_rules.py")}
    files = tuple(path for path in text_files() if path not in rules)
    assert faults(files, form_rules.machine_faults) == []

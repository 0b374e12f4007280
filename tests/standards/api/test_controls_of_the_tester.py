"""Negative control of test_property_based.py: what is planted is found by the same run; a sound path is not."""

from pathlib import Path

from tests.standards.api.faulty import FAULTS, faulty_service
from tests.standards.api.tester import examine


def test_every_planted_fault_is_found_and_a_sound_path_is_found_sound(tmp_path: Path) -> None:
    with faulty_service(tmp_path) as url:
        found = examine(url, tmp_path, examples=3)
    planted = {name: f"GET /v1/{answer.__name__}" for name, answer in FAULTS.items()} | {"IgnoredAuth": "GET /v1/open"}
    assert {name: path for name, path in planted.items() if path not in found.failures.get(name, ())} == {}, found.text
    accused = {path for paths in found.failures.values() for path in paths}
    assert accused == set(planted.values()), found.text

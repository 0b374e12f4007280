"""The import laws hold nothing up by accident: each contract breaks when somebody breaks it."""

import configparser
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture.source_tree import PRODUCT, ROOT, SERVICES

CONFIG = ROOT / ".importlinter"


def contracts() -> Mapping[str, Mapping[str, str]]:
    parser = configparser.ConfigParser()
    parser.read(CONFIG, encoding="utf-8")
    return {name.rpartition(":")[2]: parser[name] for name in parser.sections() if name.startswith("importlinter:")}


def entries(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines() if not line.strip().startswith("#"))
    return [word.strip() for line in lines for word in line.split("|") if word.strip()]


def named_modules(contract: Mapping[str, str]) -> list[str]:
    """Every module a contract speaks of and that has to exist; layers in parentheses may come later."""
    keys = ("modules", "source_modules", "forbidden_modules", "protected_modules", "allowed_importers", "ancestors")
    found = [module for key in keys for module in entries(contract.get(key, ""))]
    prefixes = [f"{container}." for container in entries(contract.get("containers", ""))] or [""]
    layers = [layer for layer in entries(contract.get("layers", "")) if not layer.startswith("(")]
    return [*found, *(prefix + layer for prefix in prefixes for layer in layers)]


def exists(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def test_every_module_that_a_law_names_exists_and_is_named_in_full() -> None:
    named = {module for contract in contracts().values() for module in named_modules(contract)}
    assert [module for module in named if "*" in module] == []
    ours = {module for module in named if module.partition(".")[0] in PRODUCT}
    assert sorted(module for module in ours if not exists(module)) == []


def test_the_domain_law_forbids_every_shared_module_but_the_errors() -> None:
    shared = {f"shared.{path.stem}" for path in (ROOT / "shared").iterdir() if path.stem[0] not in "_."}
    forbidden = set(entries(contracts()["pure-domain"]["forbidden_modules"]))
    assert shared - forbidden == {"shared.errors"}


def test_every_service_stands_under_every_law_for_services() -> None:
    names = {name for name in contracts() if name.partition("-")[0] in SERVICES}
    kinds = {name.partition("-")[2] for name in names}
    assert names == {f"{service}-{kind}" for service in SERVICES for kind in kinds}
    assert kinds == {"layers", "store", "tables", "settings"}


SINS = {
    "services/registration/domain/sin.py": "import services.reporting.domain\nimport sqlalchemy\nimport shared.clock\n",
    "services/registration/api/sin.py": "import services.registration.store, services.registration.event_log\n"
    "import services.registration.tables, services.registration.settings, services.registration.app\n",
    "services/notifications/sin.py": "import services.notifications.store, services.notifications.tables\n"
    "import services.notifications.settings\n",
    "services/reporting/sin.py": "import services.reporting.store, services.reporting.tables\n"
    "import services.reporting.settings\n",
    "shared/sin.py": "import services, shared.settings\n",
    "shared/events/sin.py": "import shared.events.cosin\n",
    "shared/events/cosin.py": "import shared.events.sin\n",
    "cli/sin.py": "import services.registration\n",
}
"""A file that should not be there -> what it imports; together they break every contract."""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What import-linter says of a copy of the code in which every law is broken: contract name -> KEPT or BROKEN."""
    copy = tmp_path_factory.mktemp("sinful")
    for package in PRODUCT:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, imports in SINS.items():
        sin = copy / name
        target = sin if sin.parent.is_dir() else sin.parent.with_suffix(".py")  # a module may not have become a folder
        with target.open("a", encoding="utf-8") as file:
            file.write(imports)
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    ran = subprocess.run([*command, str(CONFIG)], cwd=copy, capture_output=True, text=True, check=False, timeout=120)
    found = re.findall(r"^(Law .+?)\s+(KEPT|BROKEN)", " ".join(ran.stdout.split("  ")), re.MULTILINE)
    assert found, ran.stdout + ran.stderr
    return dict(found)


@pytest.mark.parametrize("name", [contract["name"] for contract in contracts().values()])
def test_a_law_notices_that_it_is_broken(name: str, verdicts: Mapping[str, str]) -> None:
    assert verdicts[name] == "BROKEN"


def test_the_code_as_it_stands_keeps_every_law(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-logo"]
    command += ["--cache-dir", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr

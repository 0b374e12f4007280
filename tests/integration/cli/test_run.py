"""`komerbij run` as a process, with stand-ins for the services: up, restarted, ended, and nobody left behind."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest

from tests.integration.cli.processes import descendants, end, eventually, lives, python

SERVICES = ("registration", "notifications", "reporting")
STAND_IN = "from tests.integration.cli.service_process import main\nmain({name!r})\n"


class System:
    """A folder in which `-m services.<name>` finds the stand-ins, ports of its own, and what a run said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "var"
        for name in SERVICES:
            package = folder / "services" / name
            package.mkdir(parents=True)
            (package / "__init__.py").touch()
            (package / "__main__.py").write_text(STAND_IN.format(name=name))
        (folder / "services" / "__init__.py").touch()
        self.ports = dict(zip(SERVICES, free_ports(3), strict=True))
        self.env = {f"{name.upper()}_PORT": str(port) for name, port in self.ports.items()}

    @contextmanager
    def run(self, *options: str, **env: str) -> Iterator["Run"]:
        """A run in the background; whatever it started is ended with the test."""
        full = {**self.env, "NO_COLOR": "1", **env}
        with python("-m", "cli.main", "run", *options, env=full, cwd=self.folder) as process:
            run = Run(process)
            try:
                yield run
            finally:
                end(run.children)

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"


class Run:
    """One `komerbij run`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said = ""
        self.children: list[int] = []

    def wait_for(self, text: str) -> None:
        """Read what it says up to a line with this text."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if text in line:
                self.children = descendants(self.process.pid) if self.process.poll() is None else []
                return
        pytest.fail(f"it ended without saying {text!r}; it said:\n{self.said}")

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal and wait for the exit code."""
        self.process.send_signal(number)
        assert self.process.stdout
        self.said += self.process.stdout.read()
        return self.process.wait(30)

    def child(self, service: str) -> psutil.Process:
        """The process of one service."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        return next(child for child in found if any(service in word for word in child.cmdline()))


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_comes_up_says_where_things_are_and_ends_without_leaving_anyone(system: System, number: int) -> None:
    with system.run() as run:
        run.wait_for("Ctrl-C ends it")
        assert len(run.children) == 4
        assert run.end(number) == 0
        assert not any(lives(pid) for pid in run.children)
    assert all(f"{name} is ready" in run.said for name in SERVICES)
    assert all(system.url(name) in run.said for name in SERVICES)
    assert str(system.data / "admin-key") in run.said
    assert "mailbox" in run.said


def test_no_key_is_ever_printed_and_all_are_private(system: System) -> None:
    with system.run() as run:
        run.wait_for("Ctrl-C ends it")
        assert run.end() == 0
    for name in ("admin-key", "service-key", "person-key"):
        path = system.data / name
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(path.read_text().strip()) >= 32
        assert path.read_text().strip() not in run.said
    assert system.data.stat().st_mode & 0o777 == 0o700


def test_each_service_gets_its_own_secrets_only(system: System) -> None:
    with system.run() as run:
        run.wait_for("Ctrl-C ends it")
        assert run.end() == 0
    got = {name: re.findall(r"'(\w+)'", (system.data / f"{name}.log").read_text()) for name in SERVICES}
    shared = ["KOMERBIJ_ADMIN_KEY", "KOMERBIJ_SERVICE_KEY"]
    assert got["registration"] == [*shared, "REGISTRATION_DATABASE_URL", "REGISTRATION_PERSON_KEY"]
    assert got["notifications"] == [*shared, "NOTIFICATIONS_DATABASE_URL"]
    assert got["reporting"] == [*shared, "REPORTING_DATABASE_URL"]


def test_a_second_run_on_the_same_folder_says_so_and_changes_nothing(system: System) -> None:
    with system.run() as run:
        run.wait_for("Ctrl-C ends it")
        with system.run() as second:
            second.wait_for("uses")
            assert second.process.wait(30) == 1
        assert f"process {run.process.pid}" in second.said
        assert httpx.get(f"{system.url('registration')}/health/ready", trust_env=False).status_code == 200
        assert run.end() == 0


def test_a_service_and_the_redis_that_are_killed_come_back_and_the_terminal_tells(system: System) -> None:
    with system.run() as run:
        run.wait_for("Ctrl-C ends it")
        for name in ("services.registration", "-server"):
            child = run.child(name)
            child.kill()
            run.wait_for("was killed by signal 9; it starts again")
            eventually(partial(_is_back, run, name, child.pid), f"{name} is back")
        assert run.end() == 0
        assert not any(lives(pid) for pid in run.children)


def _is_back(run: Run, name: str, old: int) -> bool:
    try:
        return run.child(name).pid != old
    except (StopIteration, psutil.NoSuchProcess):  # none yet, or one that is just going
        return False


def test_nobody_survives_a_run_that_is_killed_and_the_folder_is_free_again(system: System) -> None:
    with system.run() as run:
        run.wait_for("Ctrl-C ends it")
        run.process.kill()
        run.process.wait()
        eventually(lambda: not any(lives(pid) for pid in run.children), "all gone", within=5)
    with system.run() as run:
        run.wait_for("Ctrl-C ends it")
        assert run.end() == 0


def test_a_port_that_is_taken_is_named_with_its_variable(system: System) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", system.ports["notifications"]))
        other.listen()
        with system.run() as run:
            run.wait_for("NOTIFICATIONS_PORT")
            assert run.process.wait(30) == 1
    assert f"{system.ports['notifications']} for notifications, taken by another program" in run.said


def test_a_service_that_never_comes_ends_the_run_with_the_tail_of_its_log(system: System) -> None:
    with system.run(STAND_IN_BROKEN="reporting") as run:
        run.wait_for("reporting cannot read its settings")
        assert run.process.wait(30) == 1
    assert "reporting keeps ending" in run.said


def test_a_given_redis_is_used_and_none_is_started(system: System) -> None:
    with system.run(KOMERBIJ_REDIS_URL="redis://127.0.0.1:1/0") as run:
        run.wait_for("Ctrl-C ends it")
        assert len(run.children) == 3
        assert run.end() == 0
    assert not (system.data / "redis.conf").exists()


def test_ctrl_c_while_it_starts_ends_it_just_as_well(system: System) -> None:
    with system.run() as run:
        run.wait_for("Starting registration")
        assert run.end() == 0
        assert not any(lives(pid) for pid in run.children)


def test_an_end_is_orderly_when_nobody_reads_any_more(system: System) -> None:
    with system.run() as run:
        run.wait_for("Ctrl-C ends it")
        assert run.process.stdout
        run.process.stdout.close()
        run.process.stdout = None
        old = run.child("services.reporting")
        old.kill()
        eventually(partial(_is_back, run, "services.reporting", old.pid), "it is back")
        run.process.send_signal(signal.SIGHUP)
        assert run.process.wait(30) == 0
        assert not any(lives(pid) for pid in run.children)


def test_the_example_is_loaded_once_and_its_fact_sheet_shown_at_every_start(system: System) -> None:
    for start in (1, 2):
        with system.run("--example") as run:
            run.wait_for("Ctrl-C ends it")
            kept = (system.data / "registration.events").read_text().splitlines()
            assert run.end() == 0
        assert ("The example was loaded before" if start == 2 else "The example is loaded") in run.said
        assert "Resultaten tot nu toe" in run.said
        assert re.search(r"Deelnemers\W+311\W+530\W+\+70,4 %", run.said), run.said
        assert f"{system.url('reporting')}/v1/fact-sheets/2024?compareTo=2023" in run.said
        if start == 1:
            first = kept
    assert len(kept) == len(first) > 4000


def test_an_example_that_was_broken_off_is_completed_by_the_next_start(system: System) -> None:
    kept = system.data / "registration.events"
    with system.run("--example") as run:
        run.wait_for("Starting registration")
        eventually(lambda: kept.exists() and kept.stat().st_size > 100_000, "some of it is loaded")
        os.kill(run.process.pid, signal.SIGKILL)
        run.process.wait()
    partly = len(kept.read_text().splitlines())
    with system.run("--example") as run:
        run.wait_for("Ctrl-C ends it")
        assert run.end() == 0
    ids = kept.read_text().splitlines()
    assert partly < 4000 < len(ids)
    assert len(set(ids)) == len(ids)

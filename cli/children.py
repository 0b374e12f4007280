"""The three services as children: their command, and an environment that holds no other service's secrets."""

import errno
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cli.addresses import PORTS, local_url, port_of, port_variable
from cli.data_folder import ADMIN_KEY, PERSON_KEY, SERVICE_KEY, DataFolder
from cli.errors import Complaint
from cli.supervisor import Child

SERVICES = tuple(PORTS)

_PUBLIC = ("REGISTRATION_URL", "NOTIFICATIONS_PUBLIC_URL", *(port_variable(service) for service in SERVICES))


@dataclass(frozen=True)
class Plan:
    """What one run starts. `urls`: service -> address on this machine. `key_files`: where made keys are kept."""

    children: tuple[Child, ...]
    urls: Mapping[str, str]
    admin_key: str = field(repr=False)
    key_files: Sequence[str]


def plan(folder: DataFolder, redis_url: str, environ: Mapping[str, str], python: str = sys.executable) -> Plan:
    """Make the missing keys and say how each service is started (contract section 8)."""
    host = environ.get("KOMERBIJ_HOST") or "127.0.0.1"
    urls = {service: local_url(host, port_of(service, environ)) for service in SERVICES}
    keys = {variable: folder.key(variable, environ) for variable in (ADMIN_KEY, SERVICE_KEY, PERSON_KEY)}
    defaults = {
        "REGISTRATION_URL": urls["registration"],
        "NOTIFICATIONS_PUBLIC_URL": urls["notifications"],
        **{f"{service.upper()}_DATABASE_URL": f"sqlite:///{folder.path / service}.db" for service in SERVICES},
    }
    full = {
        **defaults,
        **{name: value for name, value in environ.items() if value or name not in defaults},
        **{variable: key for variable, (key, _) in keys.items()},
        **{port_variable(service): str(port_of(service, environ)) for service in SERVICES},
        "KOMERBIJ_HOST": host,
        "KOMERBIJ_DATA": str(folder.path),
        "KOMERBIJ_REDIS_URL": redis_url,
        "PYTHONUNBUFFERED": "1",
    }
    children = tuple(
        Child(
            name=service,
            argv=(python, "-m", f"services.{service}"),
            env=_only_its_own(service, full),
            log=folder.path / f"{service}.log",
        )
        for service in SERVICES
    )
    places = [str(place) for _, place in keys.values() if place]
    return Plan(children, urls, keys[ADMIN_KEY][0], places)


def _only_its_own(service: str, full: Mapping[str, str]) -> dict[str, str]:
    """Without the other services' variables: the person key is registration's alone (contract section 3)."""
    others = tuple(f"{other.upper()}_" for other in SERVICES if other != service)
    return {name: value for name, value in full.items() if name in _PUBLIC or not name.startswith(others)}


def check_ports(environ: Mapping[str, str]) -> None:
    """Complain about ports that cannot be had, naming the variables that change them."""
    host = environ.get("KOMERBIJ_HOST") or "127.0.0.1"
    ports = {service: port_of(service, environ) for service in SERVICES}
    if len(set(ports.values())) < len(ports):
        raise Complaint(f"Two services have the same port; look at {', '.join(map(port_variable, SERVICES))}.", 2)
    refused = [
        f"{port} for {s}, {why} (choose another with {port_variable(s)})"
        for s, port in ports.items()
        if (why := _why_not(host, port))
    ]
    if refused:
        raise Complaint(f"These ports of {host} cannot be had: {'; '.join(refused)}.")


def _why_not(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return "taken by another program" if error.errno == errno.EADDRINUSE else str(error.strerror)
    return None

"""Where the three services are: their ports, and how a command finds them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cli.errors import Complaint

PORTS: Final[Mapping[str, int]] = {"registration": 8001, "notifications": 8002, "reporting": 8003}
"""Service -> default port (contract, first table)."""

ADDRESS_FILE = "addresses.json"


def port_variable(service: str) -> str:
    """The environment variable that changes a service's port."""
    return f"{service.upper()}_PORT"


def port_of(service: str, environ: Mapping[str, str]) -> int:
    """The port from the environment, else the default. Complains about what is no port."""
    text = environ.get(port_variable(service)) or str(PORTS[service])
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Complaint(f"{port_variable(service)} is {text!r}; it must be a number from 1 to 65535.", 2)
    return int(text)


def local_url(host: str, port: int) -> str:
    """How this machine reaches a server that listens on `host`; "every address" is reached on loopback."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  -- read, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def url_of(service: str, given: str | None, folder: Path, environ: Mapping[str, str]) -> str:
    """`--url`, else the port in the environment, else where the data folder's last run put it, else the default."""
    if given:
        return given
    if not environ.get(port_variable(service)):
        remembered = _remembered(folder).get(service)
        if remembered:
            return remembered
    return local_url(environ.get("KOMERBIJ_HOST", ""), port_of(service, environ))


def _remembered(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / ADDRESS_FILE).read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(url) for name, url in found.items()} if isinstance(found, dict) else {}

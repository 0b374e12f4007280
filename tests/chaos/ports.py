"""Ports that nobody gets by chance while a process that was killed is away from its own."""

import secrets
import socket

_FIRST, _LAST = 15_000, 32_000
"""Below those that the system hands out by itself."""
_TRIES = 200


def steady_port() -> int:
    """Free now; whoever asks for any port is given another."""
    for _ in range(_TRIES):
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free")

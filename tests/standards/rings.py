"""Keys of every kind for one service, and who they should let in by what its document says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from shared.http.keys import SCOPES
from tests.servers import ADMIN_KEY, SERVICE_KEY, System
from tests.standards.documented import Documented, Operation

SERVICES = ("registration", "notifications", "reporting")
ROLES = {*SCOPES, "service"}
NONSENSE = b'{"nonsense'
MINE, OTHERS = "matrix", "matrix-of-others"


@dataclass
class Ring:
    """Keys of every kind for one service, and what each may be: its roles, None for no valid key at all."""

    http: httpx.Client
    document: Documented
    keys: dict[str, tuple[str | None, frozenset[str] | None]] = field(default_factory=dict)

    def make(self, *scopes: str, partner_id: str | None = MINE) -> tuple[str, str]:
        """A new key: its id, and itself."""
        body = {"label": "matrix", "scopes": list(scopes), "partnerId": partner_id}
        made = self.http.post("/v1/keys", json=body).json()
        return made["keyId"], made["key"]

    def ask(self, operation: Operation, key: str | None, **values: str) -> httpx.Response:
        """A request that is wrong in every way but its key: a body that is none, ids that nobody knows."""
        content = NONSENSE if operation.bodies else None
        kind = {"Content-Type": operation.bodies[0]} if operation.bodies else {}
        return self.send(
            self.http.build_request(operation.method, operation.at(**values), headers=kind, content=content), key
        )

    def send(self, request: httpx.Request, key: str | None) -> httpx.Response:
        """With this key instead of the operator's."""
        request.headers.pop("Authorization", None)
        if key is not None:
            request.headers["Authorization"] = key
        return self.http.send(request)


def ring(system: System, name: str) -> Ring:
    http = system.client(name)
    made = Ring(http, Documented.by(http))
    gone_id, gone = made.make(*SCOPES)
    assert http.delete(f"/v1/keys/{gone_id}").status_code == 204
    made.keys = {
        "no key": (None, None),
        "a garbage key": ("Bearer " + "x" * 43, None),
        "another scheme": ("Basic YTpi", None),
        "an empty key": ("Bearer", None),
        "a key with more behind it": (f"Bearer {ADMIN_KEY}x", None),
        "a deleted key": (f"Bearer {gone}", None),
        "the service key": (f"Bearer {SERVICE_KEY}", frozenset({"service"})),
        "the admin key": (f"Bearer {ADMIN_KEY}", frozenset(ROLES)),
        "a made admin key": (f"Bearer {made.make('admin', partner_id=None)[1]}", frozenset(ROLES)),
        **{scope: (f"Bearer {made.make(scope)[1]}", frozenset({scope})) for scope in SCOPES if scope != "admin"},
    }
    return made


@contextmanager
def rings_of(system: System) -> Iterator[dict[str, Ring]]:
    """One for each service."""
    found = {name: ring(system, name) for name in SERVICES}
    try:
        yield found
    finally:
        for one in found.values():
            one.http.close()


def expected(operation: Operation, roles: frozenset[str] | None) -> str:
    """`in`, 401 or 403, from what the operation says it wants."""
    if operation.scopes is None:
        return "in"
    if roles is None:
        return "401"
    return "in" if roles & (operation.scopes | {"admin"}) else "403"


def seen(answer: httpx.Response) -> str:
    return str(answer.status_code) if answer.status_code in (401, 403) else "in"

"""Who may read what partners told about people: asked before anything else is said of a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from services.registration.domain.reads import Reader
from services.registration.usecases.reading_back import refuse_strangers, refuse_strangers_to_signup
from shared.database import reading
from shared.http.keys import Caller, KeyCheck, Keyring

_SCOPES = ("events:write",)


@dataclass(frozen=True, slots=True)
class OwnersCheck(KeyCheck):
    """A key's scope, and then whether the thing in the path is the caller's: 403 before 400 and 404."""

    refuse: Callable[[Reader, Mapping[str, Any]], None]

    async def __call__(self, request: Request) -> Caller:
        """The caller; Refusal `forbidden` also where the thing is another partner's."""
        caller = await KeyCheck.__call__(self, request)
        await run_in_threadpool(self.refuse, reader(caller), request.path_params)
        return caller


def host(keyring: Keyring) -> OwnersCheck:
    """A dependency: whoever holds the activity in the path, or an admin."""
    return OwnersCheck(keyring, _SCOPES, lambda who, path: refuse_strangers(who, activity_in(path)))


def signup_reader(keyring: Keyring, engine: Engine) -> OwnersCheck:
    """A dependency: who placed the sign-up in the path, the host of its activity, or an admin."""

    def refuse(who: Reader, path: Mapping[str, Any]) -> None:
        with reading(engine) as connection:
            refuse_strangers_to_signup(connection, who, f"{path['partnerId']}/{path['signupId']}")

    return OwnersCheck(keyring, _SCOPES, refuse)


def activity_in(path: Mapping[str, Any]) -> str:
    """The reference of the activity in a path."""
    return f"{path['partnerId']}/{path['activityId']}"


def reader(caller: Caller) -> Reader:
    """The caller as the use cases know one."""
    return Reader(caller.key_id, caller.partner_id, caller.admin)

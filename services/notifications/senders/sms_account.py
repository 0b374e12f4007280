"""The account with the SMS provider, read from the two settings."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KEY = re.compile(rf"(?:.*-)?({_UUID})-({_UUID})")
_ALONE = re.compile(_UUID)
_AT_HOME = ("127.0.0.1", "::1", "localhost")
_URL_WANTED = "NOTIFICATIONS_SMS_URL: write https://host[/path]?template=<uuid>[&sender=<uuid>]"
_KEY_WANTED = "NOTIFICATIONS_SMS_KEY: write <name>-<service uuid>-<secret uuid>, as the provider shows it"


@dataclass(frozen=True, slots=True)
class SmsAccount:
    """Where, as whom, and with which template: one with the single placeholder `((text))`."""

    url: str
    template: str
    sender: str | None
    service: str
    secret: str = field(repr=False)


def sms_account(url: str | None, key: str | None) -> SmsAccount | None:
    """None where neither is set. ValueError for one without the other and for what cannot be read, not repeating it."""
    if not url and not key:
        return None
    if not url or not key:
        raise ValueError("NOTIFICATIONS_SMS_URL, NOTIFICATIONS_SMS_KEY: set both or none")
    parts, found = urlsplit(url), _KEY.fullmatch(key.strip())
    if found is None:
        raise ValueError(_KEY_WANTED)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _AT_HOME)
    chosen = dict(parse_qsl(parts.query))
    template, sender = chosen.pop("template", ""), chosen.pop("sender", None)
    if not (safe and parts.hostname and parts.username is None and not chosen and _ALONE.fullmatch(template)):
        raise ValueError(_URL_WANTED)
    if sender is not None and not _ALONE.fullmatch(sender):
        raise ValueError(_URL_WANTED)
    return SmsAccount(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", template, sender, *found.groups())

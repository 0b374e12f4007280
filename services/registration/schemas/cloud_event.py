"""A posted CloudEvent: its attributes checked, its data a model, all faults at once (CloudEvents 1.0.2)."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from services.registration.domain.commands import Post
from services.registration.schemas.fields import ID_PATTERN, Instant
from services.registration.schemas.posted import POSTED_TYPES, Posted
from shared.errors import FieldFault, Refusal
from shared.http.keys import Caller
from shared.http.problems import faults_from

CORE = ("specversion", "id", "source", "type", "time")
_OPTIONAL = ("datacontenttype", "dataschema", "subject", "data", "data_base64", "partnerid")
_OURS = ("sequence", "sequencetype")
_EXTENSION = re.compile(r"[a-z0-9]{1,64}")
_NO_CHARACTERS = "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
_NOT_ALLOWED = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTERS}]")
"""What a CloudEvents String may not hold: control characters, surrogates, noncharacters."""
_URI = re.compile(r"([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
"""The characters of RFC 3986; all others are percent-encoded."""
LONGEST = 255
"""Characters of an attribute."""
MOST_EXTENSIONS = 16 * 1024
"""Bytes of all extensions of one event as JSON: they travel on, and an entry of the stream stays below 64 KiB."""
_INSTANT: TypeAdapter[AwareDatetime] = TypeAdapter(Instant)
AHEAD_AT_MOST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Door:
    """What the door needs to read a post: the moment, who stands there, and the key behind fingerprints."""

    now: datetime
    caller: Caller
    key: bytes


def read_post(door: Door, event: Any) -> Post:
    """A post from decoded JSON. Raises Refusal with every fault; pointers point into the event."""
    if not isinstance(event, dict):
        raise Refusal("invalid", "an event is a JSON object", (FieldFault("", "object", "a JSON object"),))
    attributes = {name: value for name, value in event.items() if value is not None or name == "data"}
    faults = [*_attribute_faults(attributes)]
    time = _time(door, attributes.get("time"), faults)
    data = _data(attributes, faults)
    partner_id = _partner(door, attributes.get("partnerid"), str(attributes.get("type")), faults)
    if faults or time is None or data is None or partner_id is None:
        raise _refusal(faults)
    extensions = {n: v for n, v in attributes.items() if n not in (*CORE, *_OPTIONAL, *_OURS)}
    return Post(
        partner_id=partner_id,
        source=attributes["source"],
        event_id=attributes["id"],
        time=time,
        fingerprint=_fingerprint(door.key, attributes["type"], time, attributes["data"], extensions),
        command=data.command(partner_id),
        extensions=extensions,
        overrides=data.overrides,
    )


def _refusal(faults: list[FieldFault]) -> Refusal:
    """The gravest code speaks for all: a foreign partner, then personal data, then the time if it stands alone."""
    codes = {fault.code for fault in faults}
    for code in ("partner-not-allowed", "looks-like-personal-data"):
        if code in codes:
            return Refusal(code, f"{len(faults)} fault(s) in the event", tuple(faults))
    code = "future-time" if codes == {"future-time"} else "invalid"
    return Refusal(code, f"{len(faults)} fault(s) in the event", tuple(faults))


def _attribute_faults(attributes: Mapping[str, Any]) -> list[FieldFault]:
    faults = [
        FieldFault(f"/{name}", "missing", "this attribute is required") for name in CORE if name not in attributes
    ]
    if attributes.get("specversion", "1.0") != "1.0":
        faults.append(FieldFault("/specversion", "specversion", 'must be "1.0"'))
    for name in ("id", "source", "type", "subject", "datacontenttype", "dataschema", "partnerid"):
        faults.extend(_string_faults(name, attributes.get(name, "-")))
    source = attributes.get("source", "-")
    if not isinstance(source, str) or not _URI.fullmatch(source[:LONGEST]):
        faults.append(FieldFault("/source", "uri-reference", "must be a URI reference, best a urn:nld: URN"))
    if not re.match(r"^application/(.+\+)?json\b", str(attributes.get("datacontenttype", "application/json"))):
        faults.append(FieldFault("/datacontenttype", "datacontenttype", "data is JSON"))
    return [*faults, *_extension_faults(attributes)]


def _string_faults(name: str, value: Any) -> list[FieldFault]:
    if not isinstance(value, str) or not value:
        return [FieldFault(f"/{name}", "string", "must be a non-empty string")]
    if len(value) > LONGEST:
        return [FieldFault(f"/{name}", "too-long", f"at most {LONGEST} characters")]
    if _NOT_ALLOWED.search(value):
        return [FieldFault(f"/{name}", "not-allowed-characters", "text in UTF-8 without control characters")]
    return []


def _extension_faults(attributes: Mapping[str, Any]) -> list[FieldFault]:
    faults = []
    given = {name: value for name, value in attributes.items() if name not in CORE and name not in _OPTIONAL}
    for name, value in given.items():
        if not _EXTENSION.fullmatch(name):
            faults.append(FieldFault(f"/{_escaped(name)}", "attribute-name", "extension names are a-z and 0-9"))
        elif isinstance(value, str):
            faults.extend(_string_faults(name, value))
        elif not isinstance(value, bool | int) or not -(2**31) <= value < 2**31:
            faults.append(FieldFault(f"/{name}", "attribute-value", "a string, a boolean or a 32-bit integer"))
    if not faults and len(orjson.dumps(given)) > MOST_EXTENSIONS:
        faults.append(FieldFault("", "too-many-extensions", "at most 16 KiB of extensions"))
    return faults


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _time(door: Door, value: Any, faults: list[FieldFault]) -> datetime | None:
    if value is None:
        return None
    try:
        time = _INSTANT.validate_python(value)
    except ValidationError as error:
        faults.extend(faults_from(error.errors(), prefix="/time"))
        return None
    if time > door.now + AHEAD_AT_MOST:
        faults.append(FieldFault("/time", "future-time", "lies more than 5 minutes ahead"))
    return time


def _data(attributes: Mapping[str, Any], faults: list[FieldFault]) -> Posted | None:
    if "data_base64" in attributes:
        faults.append(FieldFault("/data_base64", "data-base64", "data is JSON, not base64"))
    model = POSTED_TYPES.get(str(attributes.get("type")))
    if model is None:
        if "type" in attributes:
            faults.append(FieldFault("/type", "unknown-type", "no type that partners post"))
        return None
    if not isinstance(attributes.get("data"), dict):
        faults.append(FieldFault("/data", "missing", "data must be a JSON object"))
        return None
    try:
        return model.model_validate(attributes["data"])
    except ValidationError as error:
        faults.extend(faults_from(error.errors(), prefix="/data"))
        return None


def _partner(door: Door, named: Any, event_type: str, faults: list[FieldFault]) -> str | None:
    """Whose event it is: the key's partner; with an admin key the one it names."""
    caller = door.caller
    if caller.admin or caller.service:
        if not isinstance(named, str) or not re.fullmatch(ID_PATTERN, named):
            faults.append(FieldFault("/partnerid", "missing", "with this key say on whose behalf: partnerid"))
            return None
        if caller.service and not caller.admin and event_type != "nl.meedoen.signup-withdrawn.v1":
            faults.append(FieldFault("/type", "partner-not-allowed", "the service key may only withdraw a sign-up"))
        return named
    if named is not None and named != caller.partner_id:
        faults.append(FieldFault("/partnerid", "partner-not-allowed", "this key belongs to another partner"))
    return caller.partner_id


def _fingerprint(key: bytes, event_type: str, time: datetime, data: Any, extensions: Mapping[str, Any]) -> str:
    """Keyed, so that nothing can be guessed back; of the content, not of the bytes or their order."""
    content = [event_type, time.astimezone(UTC).isoformat(), data, extensions]
    canonical = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return hmac.new(key, canonical, hashlib.sha256).hexdigest()[:32]

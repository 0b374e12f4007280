"""A second reader of calendar parts, written from RFC 5545 alone: lines, properties, components; no library of ours."""

import re
from dataclasses import dataclass, field

_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
_LONGEST = 75


@dataclass
class Component:
    """`properties`: name -> (parameters as written, value as meant)."""

    name: str
    properties: dict[str, tuple[str, str]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.properties[name][1]

    def all(self, name: str) -> list["Component"]:
        """Its parts of one name."""
        return [part for part in self.parts if part.name == name]


def read_ics(raw: bytes) -> Component:
    """The one calendar in it; AssertionError for anything that a strict reader would not take."""
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= _LONGEST for line in raw.split(b"\r\n")), "a line of more than 75 octets"
    text = raw.replace(b"\r\n ", b"").decode()
    root = Component("")
    open_parts = [root]
    for line in text.split("\r\n")[:-1]:
        found = _LINE.fullmatch(line)
        assert found, f"no content line: {line!r}"
        name, parameters, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN":
            open_parts.append(Component(value.upper()))
            open_parts[-2].parts.append(open_parts[-1])
        elif name == "END":
            assert open_parts.pop().name == value.upper()
        else:
            open_parts[-1].properties[name] = (parameters, _meant(value))
    assert open_parts == [root]
    [calendar] = root.parts
    return calendar


def _meant(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)

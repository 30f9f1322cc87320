"""A strict reader of iCalendar files, by the letter of RFC 5545 and by nobody's library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

_LINE = re.compile(
    r"(?P<name>[A-Z0-9-]+)(?P<params>(?:;[A-Z0-9-]+=(?:\"[^\"\x00-\x1f]*\"|[^\";:,\x00-\x1f]*))*):(?P<value>.*)"
)
_ESCAPES = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}


@dataclass
class Component:
    """One BEGIN … END with its properties: name -> (value, parameters)."""

    name: str
    properties: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    inside: list[Component] = field(default_factory=list)

    def value(self, name: str) -> str:
        return self.properties[name][0]

    def text(self, name: str) -> str:
        """A TEXT value, which may hold no bare comma, semicolon or backslash."""
        raw = self.value(name)
        assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", raw), raw
        assert not re.search(r"\\[^\\;,nN]", raw), raw
        return re.sub(r"\\[\\;,nN]", lambda found: _ESCAPES[found.group()], raw)

    def moment(self, name: str) -> datetime | date:
        raw, params = self.properties[name]
        if params.get("VALUE") == "DATE":
            return datetime.strptime(raw, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        if raw.endswith("Z"):
            return datetime.strptime(raw, "%Y%m%dT%H%M%SZ").replace(tzinfo=ZoneInfo("UTC"))
        return datetime.strptime(raw, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(params["TZID"]))


def read(written: bytes) -> Component:
    """The one VCALENDAR in a file. An AssertionError names what the RFC forbids."""
    assert written.endswith(b"\r\n"), "3.1: every line ends in CRLF"
    assert b"\n" not in written.replace(b"\r\n", b""), "3.1: a line feed without a carriage return"
    assert b"\r" not in written.replace(b"\r\n", b""), "3.1: a carriage return without a line feed"
    for line in written.split(b"\r\n"):
        assert len(line) <= 75, f"3.1: {len(line)} octets in one line"
        line.decode()
    stack = [Component("")]
    for name, params, value in _lines(written):
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value, f"{done.name} is ended as {value}"
            stack[-1].inside.append(done)
        else:
            assert name not in stack[-1].properties, f"{name} stands twice in {stack[-1].name}"
            stack[-1].properties[name] = (value, params)
    assert len(stack) == 1
    [calendar] = stack[0].inside
    _check(calendar)
    return calendar


def _lines(written: bytes) -> Iterator[tuple[str, dict[str, str], str]]:
    unfolded = re.sub(rb"\r\n[ \t]", b"", written).decode().removesuffix("\r\n")
    for line in unfolded.split("\r\n"):
        found = _LINE.fullmatch(line)
        assert found is not None, f"3.1: no content line: {line!r}"
        pairs = (part.split("=", 1) for part in found["params"].split(";") if part)
        yield found["name"], {name: value.strip('"') for name, value in pairs}, found["value"]


def _check(calendar: Component) -> None:
    """What each component must have (3.4, 3.6.1, 3.6.5), and that every zone named is described."""
    assert calendar.name == "VCALENDAR"
    assert calendar.value("VERSION") == "2.0"
    assert calendar.text("PRODID")
    zones = {each.value("TZID") for each in calendar.inside if each.name == "VTIMEZONE"}
    uids = [each.value("UID") for each in calendar.inside if each.name == "VEVENT"]
    assert len(set(uids)) == len(uids), "3.8.4.7: a UID stands for two events"
    for event in (each for each in calendar.inside if each.name == "VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART"} <= event.properties.keys()
        assert event.value("DTSTAMP").endswith("Z"), "3.8.7.2: DTSTAMP is in UTC"
        begins, ends = event.moment("DTSTART"), event.moment("DTEND")
        assert type(begins) is type(ends)
        assert ends > begins
        for _, params in event.properties.values():
            assert "TZID" not in params or params["TZID"] in zones

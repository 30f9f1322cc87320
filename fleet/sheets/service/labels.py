"""Codes on labels that come in with a file: blank ones, and those that tablets on record carry or carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fleet.happening import Happening
from fleet.sheets.queries import known
from fleet.sheets.rules import Line
from fleet.sheets.service.finding import Live, live_of, tablet_by_serial
from fleet.sheets.service.here import Brings, Here, summary
from fleet.tags import service as tags
from fleet.tags.rules import MadeAs, TagState, parse
from fleet.users.actor import Actor

_ON_A_TABLET = (TagState.ATTACHED, TagState.REPLACED)


class TagsIn(Brings):
    """Codes, each with the tablet that it is on. One that was replaced says which code took its place."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._above: set[str] = set()
        self._has: set[int] = set()
        self._live: Live = {}

    def begin(self, lines: Sequence[Line]) -> None:
        self._live = live_of(self.here.session, lines)

    def what(self, line: Line) -> str:
        return summary(line, "code", "state", "serial")

    def wrong(self, line: Line) -> Sequence[str]:
        reading = parse(line.values["code"])
        if not reading.good:
            return (f"code: {reading.problem}",)
        found = []
        if reading.code in self._above or known.has_code(self.here.session, reading.code):
            found.append("code: it is on record already, or stands above; no code is used twice.")
        self._above.add(reading.code)
        return [*found, *self._state_problems(line)]

    def _state_problems(self, line: Line) -> list[str]:
        state = _state(line)
        if state not in _ON_A_TABLET:
            return ["reason: say why it was made void."] if state is TagState.VOID and not line.get("reason") else []
        tablet, problem = tablet_by_serial(self._live, line.get("serial", ""), line.get("serial_note", ""))
        if tablet is None:
            return [f"serial: {problem}"]
        if state is TagState.REPLACED:
            next_one = parse(line.get("replaced_by", ""))
            found = [] if next_one.good else [f"replaced_by: {next_one.problem}"]
            return found + ([] if line.get("reason") else ["reason: say why it was replaced."])
        if tablet.label_code or tablet.id in self._has:
            return ["serial: this tablet carries a label already, on record or above."]
        self._has.add(tablet.id)
        return []

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        """All are blank at first; then each tablet's first label is put on it, and those that took its place."""
        told = replace(happening, client_id=None)
        session = self.here.session
        for line in lines:
            made_as = line.get("made_as", MadeAs.BLANK)
            tags.take_in(session, parse(line.values["code"]).code, made_as=made_as, happening=told)
        places = {parse(line.values["code"]).code: line for line in lines}
        followed = {parse(line.values["replaced_by"]).code for line in lines if _state(line) is TagState.REPLACED}
        for code, line in self.here.kept(list(places.items())):
            if _state(line) is TagState.VOID:
                why = line.values["reason"]
                tags.make_void(session, [tags.lookup(session, code)], reason=why, happening=told)
            elif _state(line) in _ON_A_TABLET and code not in followed:
                self._put_on(code, places, actor=actor, happening=told)

    def _put_on(self, code: str, places: dict[str, Line], *, actor: Actor, happening: Happening) -> None:
        session, line = self.here.session, places[code]
        tablet, _ = tablet_by_serial(self._live, line.values["serial"], line.get("serial_note", ""))
        assert tablet is not None
        tags.attach(session, code, tablet.id, actor=actor, happening=happening, as_it_was=True)
        while _state(line) is TagState.REPLACED:
            code = parse(line.values["replaced_by"]).code
            why = line.values["reason"]
            tags.replace(
                session, tablet.id, reason=why, with_code=code, actor=actor, happening=happening, as_it_was=True
            )
            line = places.get(code, Line(0, {"state": TagState.ATTACHED}))


def _state(line: Line) -> TagState:
    found: TagState = line.get("state", TagState.ATTACHED if line.get("serial") else TagState.BLANK)
    return found

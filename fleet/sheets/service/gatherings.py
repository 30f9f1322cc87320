"""Gatherings that come in with a file, each approved as one that a coordinator enters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fleet.errors import BadInput
from fleet.gatherings import service as gatherings
from fleet.gatherings.rules import Entry, GatheringMove, GatheringState
from fleet.happening import Happening
from fleet.sheets.queries import known
from fleet.sheets.rules import Line
from fleet.sheets.service.here import Brings, Here, sentences, summary
from fleet.users.actor import Actor


class GatheringsIn(Brings):
    """Gatherings by host, title, day and hour."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._hosts: dict[str, list[int]] = {}
        for found, kind, name in known.organisations(here.session):
            for called in (name, f"{name} ({kind})"):
                self._hosts.setdefault(called, []).append(found)
        self._known = set(known.gathering_hours(here.session))

    def what(self, line: Line) -> str:
        return summary(line, "title", "host")

    def wrong(self, line: Line) -> Sequence[str]:
        hosts = self._hosts.get(line.values["host"].lower(), [])
        if len(hosts) != 1:
            why = (
                "is none of your partners"
                if not hosts
                else "is two of your partners: write the kind behind it, such as Sample Library (venue)"
            )
            return (f"host: {line.values['host']} {why}.",)
        if line.get("state") is GatheringState.PROPOSED:
            return ("state: decide about it first: approved or ended.",)
        entry = self._entry(line)
        hour = (entry.host_id, entry.title.lower(), entry.weekday, entry.starts_at)
        if hour in self._known:
            return ("title: this gathering is on record already, or stands above.",)
        self._known.add(hour)
        try:
            gatherings.check_entry(self.here.session, entry)
        except BadInput as refused:
            return sentences(refused)
        return ()

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        told = replace(happening, client_id=None)
        for line in self.here.kept(lines):
            made = gatherings.propose(self.here.session, self._entry(line), actor=actor, happening=told)
            if line.get("state") is GatheringState.ENDED:
                over = replace(told, reason="It had ended before it came with a file")
                gatherings.move(self.here.session, made.id, GatheringMove.END, actor=actor, happening=over)

    def _entry(self, line: Line) -> Entry:
        return Entry(
            host_id=self._hosts[line.values["host"].lower()][0],
            title=" ".join(line.values["title"].split()),
            theme=line.values["theme"],
            weekday=line.values["day"],
            starts_at=line.values["starts_at"],
            minutes=line.values["minutes"],
            platform=line.values["platform"],
            link=line.values["link"],
            language=line.get("language", "en"),
            bsl=line.get("bsl", False),
            captions=line.get("captions", False),
        )

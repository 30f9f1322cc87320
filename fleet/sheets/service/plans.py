"""Programmes, cohorts and closures that come in with a file. Each row is asked of the service that its page asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import SpecialDays
from fleet.cohorts.rules import BARRIERS, OUTCOMES, LoanPolicy, PaidBy, funders_problem
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.partners.models import OrganisationKind
from fleet.planning import service as planning
from fleet.sheets.queries import known
from fleet.sheets.rules import Line
from fleet.sheets.service.here import Brings, Here, summary
from fleet.users.actor import Actor


class ProgrammesIn(Brings):
    """Programmes by name; a name on record is not changed by a file."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._known = set(known.programmes_of(here.session, here.hub_id))
        self._funders = known.organisation_ids(here.session, OrganisationKind.FUNDER)

    def what(self, line: Line) -> str:
        return summary(line, "name", "funders")

    def wrong(self, line: Line) -> Sequence[str]:
        found = []
        name = line.values["name"].lower()
        if name in self._known:
            found.append("name: there is a programme of this name already, on record or above.")
        self._known.add(name)
        funders = [self._paid_by(each) for each in line.get("funders", ())]
        unknown = [name for name, known in zip(line.get("funders", ()), funders, strict=True) if known is None]
        found += [f"funders: {each} is no funder among your partners." for each in unknown]
        wrong = funders_problem([each for each in funders if each is not None], self._funders.values())
        found += [f"funders: {wrong}"] if wrong else []
        strange = [each for each in line.get("outcomes", ()) if each not in OUTCOMES]
        if strange:
            found.append(f"outcomes: write {', '.join(OUTCOMES)}, not {', '.join(strange)}.")
        others = [each for each in line.get("barriers", ()) if each not in BARRIERS]
        if others:
            found.append(f"barriers: write {', '.join(BARRIERS)}, not {', '.join(others)}.")
        return found

    def _paid_by(self, cell: str) -> PaidBy | None:
        """Sample Fund (a third): who, and what they pay for. None where no funder is called so."""
        if cell.lower() in self._funders:
            return PaidBy(self._funders[cell.lower()])
        name, bracket, note = cell.partition(" (")
        number = self._funders.get(name.strip().lower()) if bracket and note.endswith(")") else None
        return PaidBy(number, note[:-1].strip()) if number is not None else None

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        for line in self.here.kept(lines):
            given = {each.name: line.get(each.name) for each in fields(LoanPolicy) if line.get(each.name) is not None}
            cohorts.add_programme(
                self.here.session,
                hub_id=self.here.hub_id,
                name=line.values["name"],
                policy=replace(LoanPolicy(), **given),
                funders=[each for cell in line.get("funders", ()) if (each := self._paid_by(cell)) is not None],
                actor=actor,
                now=happening.now,
            )


class CohortsIn(Brings):
    """Cohorts of programmes that are on record, with the days on which their data is collected."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._programmes = known.programme_names(here.session, here.hub_id)
        self._known = set(known.cohort_names(here.session))

    def what(self, line: Line) -> str:
        return summary(line, "programme", "name", "starts_on", "ends_on")

    def wrong(self, line: Line) -> Sequence[str]:
        programme = self._programmes.get(line.values["programme"].lower())
        if programme is None:
            return (f"programme: there is none called {line.values['programme']}; bring it in first.",)
        found = []
        if line.values["ends_on"] <= line.values["starts_on"]:
            found.append("ends_on: it ends before it begins.")
        name = (programme, line.values["name"].lower())
        if name in self._known:
            found.append("name: this programme has a cohort of this name already, on record or above.")
        self._known.add(name)
        early = [each.planned_on for each in line.get("collections", ()) if not each.kept_because]
        if any(day < line.values["starts_on"] for day in early):
            found.append("collections: it begins only after that; check the days.")
        return found

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        for line in self.here.kept(lines):
            made = cohorts.add_cohort(
                self.here.session,
                programme_id=self._programmes[line.values["programme"].lower()],
                name=line.values["name"],
                starts_on=line.values["starts_on"],
                ends_on=line.values["ends_on"],
                places=line.values["places"],
                kept_because=line.get("kept_because", ""),
                actor=actor,
                now=happening.now,
            )
            for each in line.get("collections", ()):
                cohorts.add_collection(
                    self.here.session,
                    made.id,
                    each.planned_on,
                    words=each.words,
                    kept_because=each.kept_because,
                    actor=actor,
                    now=happening.now,
                )


class ClosuresIn(Brings):
    """Days on which no loan is due: others are closed on their own page, where the loans that move are shown."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._known = set(known.closures_on_record(here.session, here.hub_id))
        self._ahead = planning.Ahead.of(here.session, here.hub_id, here.now)

    def what(self, line: Line) -> str:
        return summary(line, "name", "first_on", "last_on")

    def wrong(self, line: Line) -> Sequence[str]:
        days = _days(line)
        if (days.first, days.last) in self._known:
            return ("first_on: these days are on record already, or stand above.",)
        self._known.add((days.first, days.last))
        try:
            if days.over(self.here.today):
                cohorts.with_days(self._ahead.calendar, days, today=days.first)
                return ()
            moves = self._ahead.preview(days).moves
        except BadInput as refused:
            return tuple(f"{name}: {sentence}" for name, sentence in refused.fields.items())
        except Conflict as refused:
            return (refused.message,)
        if moves:
            return (
                f"{len(moves)} loans are due then. Close these days on the page of the hub's days, to see them move.",
            )
        return ()

    def doubts(self, line: Line) -> Sequence[str]:
        over = _days(line).over(self.here.today)
        return ("first_on: these days have gone by; check the year, unless it is history.",) if over else ()

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        days = [_days(line) for line in lines]
        told = replace(happening, client_id=None)
        cohorts.add_closures(self.here.session, self.here.hub_id, days, actor=actor, happening=told, as_it_was=True)


def _days(line: Line) -> SpecialDays:
    first = line.values["first_on"]
    return SpecialDays(
        first, line.get("last_on") or first, line.values["name"], line.get("opens", False), line.get("yearly", False)
    )

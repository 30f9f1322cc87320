"""Requests and loans that were kept elsewhere, row by row: history of people and tablets that are on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove, iccid_in
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import HubCalendar
from fleet.cohorts.models import Programme
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import LoanTablet
from fleet.loans.rules import (
    TO_BE_BROUGHT,
    AskedBefore,
    LentBefore,
    LoanState,
    PersonThen,
    asked_problems,
    lent_problems,
    said,
)
from fleet.people import service as people
from fleet.people.models import Person
from fleet.sheets.queries import known
from fleet.sheets.rules import Line
from fleet.sheets.service.finding import Live, live_of, person_of, tablet_of
from fleet.sheets.service.here import Brings, Here, named, not_among, summary
from fleet.tablets.models import Tablet
from fleet.users.actor import Actor

_ASKED = frozenset(each.name for each in fields(AskedBefore))
_LENT = frozenset(each.name for each in fields(LentBefore))
_COMES_AS = {
    LoanState.ALLOCATED: (LoanState.APPROVED, "It comes in as approved: keep a tablet for them here."),
    LoanState.OUT_FOR_DELIVERY: (LoanState.APPROVED, "It comes in as approved: send them a tablet from here."),
    LoanState.RETURN_ARRANGED: (LoanState.ACTIVE, "It comes in as active: arrange the collection here."),
    LoanState.COLLECTED: (LoanState.CLOSED_RETURNED, "It comes in as over: receive its tablet here."),
}
"""What is under way between two states comes in as what it can go on from, and the row says so."""
_STAYS = "It is kept as it was promised; the page of the hub's days shows such loans and moves them."


class Lending:
    """The programmes, cohorts and referrers that rows name."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._programmes = known.programme_names(here.session, here.hub_id)
        self._cohorts = known.cohort_ids(here.session)
        self._referrers = known.referrer_ids(here.session)

    def named_in(self, line: Line) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The numbers of what a row names, and what it names that is not on record."""
        programme, problem = self._programme(line)
        cohort = self._cohorts.get((programme or 0, line.get("cohort", "").lower()))
        problems = [*([problem] if problem else []), *not_among(line, "referrer", self._referrers, "referrer or venue")]
        if line.get("cohort") and cohort is None and programme is not None:
            problems.append(f"cohort: this programme has none called {line.get('cohort')}; bring cohorts in first.")
        referrer = self._referrers.get(line.get("referrer", "").lower())
        return {"programme_id": programme, "cohort_id": cohort, "referrer_id": referrer}, tuple(problems)

    def _programme(self, line: Line) -> tuple[int | None, str]:
        name = line.get("programme", "")
        if not name and len(self._programmes) == 1:
            return next(iter(self._programmes.values())), ""
        found = self._programmes.get(name.lower())
        why = "programme: say for which." if not name else f"programme: there is none called {name}; bring it in first."
        return found, "" if found is not None else why


class RequestsIn(Brings):
    """What was asked for elsewhere, with its day: a place in the queue counts from it."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._lending = Lending(here)
        self._above: set[tuple[object, ...]] = set()
        self._read: dict[int, AskedBefore] = {}

    def what(self, line: Line) -> str:
        return summary(line, "person", "person_email", "person_phone", "programme", "state")

    def wrong(self, line: Line) -> Sequence[str]:
        person, problem = person_of(self.here.session, line)
        found, problems = self._lending.named_in(line)
        if person is None or problems:
            return (*([problem] if problem else []), *problems)
        hub_id = cohorts.get_programme(self.here.session, found["programme_id"]).hub_id
        given = {name: line.get(name) for name in _ASKED if line.get(name) is not None}
        state = _comes_as(line.get("state", LoanState.REQUESTED))
        asked = AskedBefore(**{**given, **found, "hub_id": hub_id, "person_id": person.id, "state": state})
        self._read[line.number] = asked
        wrong = [*named(asked_problems(asked, PersonThen(0, 1, person.deceased_on is None), self.here.now))]
        same = (person.id, asked.programme_id, asked.state, asked.requested_at)
        if same in self._above or loans.asked_already(self.here.session, asked):
            wrong.append("person: they asked for this already, on record or above.")
        self._above.add(same)
        return wrong

    def doubts(self, line: Line) -> Sequence[str]:
        return (*_said_of_state(line), *_nameless(self.here, self._read[line.number]))

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        told = [self._read[line.number] for line in lines]
        loans.bring_in_asked(self.here.session, told, actor=actor, happening=happening, counted=self.here.kept)


@dataclass(frozen=True)
class Row:
    """What a row of a file of loans says, once all that it names was found."""

    told: LentBefore
    programme: Programme
    person: Person
    tablet: Tablet


class LoansIn(Brings):
    """Loans that a person has or had, by the day of the hand-over."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._lending = Lending(here)
        self._spans: dict[int, list[tuple[date, date]]] = {}
        self._open: dict[tuple[int, int], int] = {}
        self._numbers: set[str] = set()
        self._cards: set[int] = set()
        self._read: dict[int, Row] = {}
        self._live: Live = {}
        self._came: frozenset[str] = frozenset()
        self._links: dict[int, LoanTablet] = {}
        self._linked: set[int] = set()
        self._calendars: dict[int, HubCalendar] = {}

    def begin(self, lines: Sequence[Line]) -> None:
        session = self.here.session
        self._live = live_of(session, lines)
        self._came = loans.came_before(session, {line.get("number", "") for line in lines} - {""})
        self._link([each for some in self._live.values() for each in some])

    def _link(self, named: Sequence[Tablet]) -> None:
        """Look up who had these tablets last."""
        self._links |= loans.latest_links(self.here.session, named)
        self._linked |= {tablet.id for tablet in named}

    def what(self, line: Line) -> str:
        return summary(line, "number", "person", "person_email", "person_phone", "serial", "label_code", "started_on")

    def wrong(self, line: Line) -> Sequence[str]:
        person, nobody = person_of(self.here.session, line)
        tablet, no_tablet = tablet_of(self.here.session, line, self._live)
        found, problems = self._lending.named_in(line)
        sim_id, no_card = self._card(line)
        missing = [each for each in (nobody, no_tablet, no_card, *problems) if each]
        if missing or person is None or tablet is None:
            return missing
        programme = cohorts.get_programme(self.here.session, found["programme_id"])
        given = {name: line.get(name) for name in _LENT if line.get(name) is not None}
        given |= {**found, "hub_id": programme.hub_id, "person_id": person.id, "tablet_id": tablet.id}
        told = LentBefore(**{**given, "sim_id": sim_id, "state": _state(line)})
        self._read[line.number] = Row(told, programme, person, tablet)
        return [*self._row_problems(self._read[line.number]), *self._above_problems(told)]

    def _row_problems(self, row: Row) -> Sequence[str]:
        session, told = self.here.session, row.told
        if row.tablet.id not in self._linked:
            self._link([row.tablet])
        before = loans.person_then(session, row.person, row.programme, told)
        above = self._open.get((told.person_id, told.programme_id), 0)
        person = replace(before, open_loans=before.open_loans + above)
        return named(lent_problems(told, loans.tablet_then(row.tablet, self._links), person, self.here.today))

    def _above_problems(self, told: LentBefore) -> Sequence[str]:
        """What clashes with rows above; then what this row says counts for those below."""
        found = []
        span = (told.had_from, told.ended_on or date.max)
        spans = self._spans.setdefault(told.tablet_id, [])
        if any(span[0] < until and since < span[1] for since, until in spans):
            found.append("serial: a row above has this tablet at the same time.")
        spans.append(span)
        if told.number and (told.number in self._numbers | self._came):
            found.append(
                "number: a loan came in with it, on record or above. If it is another program's, put a letter in front."
            )
        self._numbers.add(told.number)
        if told.open:
            place = (told.person_id, told.programme_id)
            self._open[place] = self._open.get(place, 0) + 1
            if told.sim_id in self._cards:
                found.append("iccid: a row above has this card.")
            self._cards |= {told.sim_id} if told.sim_id is not None else set()
        return found

    def _card(self, line: Line) -> tuple[int | None, str]:
        if not line.get("iccid"):
            return None, ""
        number, problem = iccid_in(line.values["iccid"])
        sim = None if problem else known.sim(self.here.session, number)
        if sim is None:
            return None, f"iccid: {problem or 'there is no such card on record; bring it in first.'}"
        if _state(line) is LoanState.ACTIVE and not bundles.can_begin(sim, SimMove.RESERVE):
            return None, f"iccid: this card is {sim.state.value.replace('_', ' ')}, so nobody else can have it."
        return sim.id, ""

    def doubts(self, line: Line) -> Sequence[str]:
        told = self._read[line.number].told
        return (*_said_of_state(line), *_nameless(self.here, told), *self._due_doubts(told))

    def _due_doubts(self, told: LentBefore) -> Sequence[str]:
        if not told.open or told.due_on is None or told.stop_reason is not None:
            return ()
        if told.due_on < self.here.today:
            return ("It is overdue: they are reminded once it is kept, unless they are on hold.",)
        why = self._calendar(told.hub_id).why_closed(told.due_on)
        if not why:
            return ()
        name = "" if why.startswith("a ") else f" ({why})"
        return (f"due_on: the hub is closed on {said(told.due_on)}{name}. {_STAYS}",)

    def _calendar(self, hub_id: int) -> HubCalendar:
        if hub_id not in self._calendars:
            self._calendars[hub_id] = cohorts.calendar_of(self.here.session, hub_id)
        return self._calendars[hub_id]

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        rows = [self._read[line.number] for line in lines]
        loans.bring_in_lent(
            self.here.session,
            [(row.told, row.programme) for row in rows],
            actor=actor,
            settings=self.here.settings,
            happening=happening,
            counted=self.here.kept,
        )


def _state(line: Line) -> LoanState:
    """As written, or as it goes on from; where nothing is, a loan that came back is over."""
    written: LoanState = line.get("state", LoanState.CLOSED_RETURNED if line.get("returned_on") else LoanState.ACTIVE)
    return written if written in TO_BE_BROUGHT else _comes_as(written)


def _nameless(here: Here, told: AskedBefore) -> tuple[str, ...]:
    """Who asked for somebody sees the name only of people whom they referred themselves."""
    if told.referrer_id is None or people.get_person(here.session, told.person_id).referrer_id == told.referrer_id:
        return ()
    return ("referrer: they see this without the person's name, since their record names another referrer or none.",)


def _comes_as(written: LoanState) -> LoanState:
    return _COMES_AS.get(written, (written, ""))[0]


def _said_of_state(line: Line) -> tuple[str, ...]:
    return (_COMES_AS[line.values["state"]][1],) if line.get("state") in _COMES_AS else ()

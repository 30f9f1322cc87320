"""Changing a cohort: what its new days would move, and doing exactly that once somebody confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import HubCalendar, NoOpenDay
from fleet.cohorts.models import Cohort, Programme
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.rules import WITH_THE_PERSON
from fleet.planning import queries
from fleet.planning.rules.spreading import Move, digest
from fleet.planning.service.closing import ensure_seen, today_of
from fleet.users.actor import Actor


@dataclass(frozen=True)
class CohortAsked:
    """A cohort as it is to be. `kept_because` says why a first day is right that looks out of order."""

    name: str
    starts_on: date
    ends_on: date
    places: int
    kept_because: str = ""


@dataclass(frozen=True)
class CohortPreview:
    """What a change comes to. `moves` are the loans that are due with the cohort's end and could follow it; `digest`
    names exactly these moves."""

    moves: tuple[Move, ...]
    due_before: date
    due_after: date
    passed: bool
    """Whether the day on which they would be due has gone, so that none moves."""
    own_day: int
    """Loans with their person that are due on a day of their own, which stays."""
    to_come: int
    """Loans that are not handed over yet: they are due with the cohort's end by themselves."""
    taken: int
    """Places that people have."""
    digest: str


def look_at_change(session: Session, cohort_id: int, asked: CohortAsked, *, now: datetime) -> CohortPreview:
    """What changing a cohort so would come to. Writes nothing. Raises `BadInput`, `OutOfOrder`, `Conflict`."""
    cohort = cohorts.check_change(
        session,
        cohort_id,
        name=asked.name,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        places=asked.places,
        now=now,
    )
    cohorts.ask_about_change(session, cohort_id, asked.name, asked.starts_on, asked.kept_because)
    programme = cohorts.get_programme(session, cohort.programme_id)
    return _preview(session, cohort, programme, asked, now)


def _preview(
    session: Session, cohort: Cohort, programme: Programme, asked: CohortAsked, now: datetime
) -> CohortPreview:
    calendar = cohorts.calendar_of(session, programme.hub_id)
    before, after = _due(calendar, cohort.ends_on), _due(calendar, asked.ends_on)
    today = today_of(session, programme.hub_id, now)
    open_loans = queries.loans_of_cohort(session, cohort.id)
    theirs = [(loan_id, due_on) for loan_id, state, due_on in open_loans if state in WITH_THE_PERSON]
    following = [loan_id for loan_id, due_on in theirs if due_on == before]
    passed = after < today
    moves = tuple(Move(each, before, after) for each in following if after != before and not passed)
    return CohortPreview(
        moves=moves,
        due_before=before,
        due_after=after,
        passed=passed,
        own_day=len(theirs) - len(following),
        to_come=len(open_loans) - len(theirs),
        taken=queries.filled_places(session, [cohort.id]).get(cohort.id, 0),
        digest=digest(moves),
    )


def change_cohort(
    session: Session,
    cohort_id: int,
    asked: CohortAsked,
    *,
    seen: str | None,
    actor: Actor,
    happening: Happening,
) -> int:
    """Change it; how many loans got another due date. `seen` is the digest of the preview whose loans are to follow;
    with None every promised day stays. Raises `NotWhatWasSeen`, and what `look_at_change` raises."""
    found = look_at_change(session, cohort_id, asked, now=happening.now)
    if seen is not None:
        ensure_seen(found.digest, seen, found.moves)
    cohorts.change_cohort(
        session,
        cohort_id,
        name=asked.name,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        places=asked.places,
        kept_because=asked.kept_because,
        actor=actor,
        now=happening.now,
    )
    if seen is None or not found.moves:
        return 0
    wanted = {move.loan_id: (move.before, move.after) for move in found.moves}
    because = Happening(now=happening.now, reason=f"{asked.name.strip()} ends on another day")
    return loans.move_due_dates(session, wanted, actor=actor, happening=because, with_cohort=True)


def _due(calendar: HubCalendar, day: date) -> date:
    try:
        return calendar.roll_forward(day)
    except NoOpenDay as error:
        raise cohorts.NeverOpen(f"Nothing was changed. {error}", next_step="Open the hub on another day.") from error

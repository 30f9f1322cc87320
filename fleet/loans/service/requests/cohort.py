"""Giving a taster month to somebody who asked already, or another one, before their tablet is handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Cohort
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.queries import turns
from fleet.loans.rules import BEFORE_ALLOCATION, TO_BE_BROUGHT, LoanKind
from fleet.loans.service.writer.locks import known_loan
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import told_before
from fleet.machine import SAY_WHY
from fleet.settings import Settings
from fleet.users.actor import Actor

KIND = "cohort"
BEFORE_IT_BEGINS = BEFORE_ALLOCATION | TO_BE_BROUGHT
"""The states in which a loan may get another cohort: its due date is counted from it at the hand-over (rule R15)."""


class CohortFull(Conflict):
    """Every place of the cohort is taken or asked for."""

    code = "cohort_full"


def give_cohort(
    session: Session,
    loan_ids: Sequence[int],
    cohort_id: int | None,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    override_places: bool = False,
) -> list[Loan]:
    """Put these loans into a cohort, or with None into none: all of them or nobody.

    A loan that has it already is left as it is. `override_places` goes beyond the places; its `happening.reason` stays
    in each log. Raises `NotFound`, `BadInput` for a cohort that is over or of another programme, `CohortFull`, and
    `Conflict` for a loan that was handed over or is ended.
    """
    wanted = sorted(set(loan_ids))
    found = {loan.id: loan for loan in queries.loans_locked(session, wanted)}
    loans = [known_loan(found.get(loan_id), loan_id) for loan_id in wanted]
    told = {loan.id: _told(happening, loan, several=len(loans) > 1) for loan in loans}
    moving = [
        loan
        for loan in loans
        if loan.cohort_id != cohort_id and not told_before(session, loan.id, (KIND,), told[loan.id])
    ]
    _refuse_begun(moving)
    cohort = _checked(session, cohort_id, moving, local_date(happening.now)) if moving else None
    beyond = _beyond(session, cohort, moving, happening, override_places=override_places) if cohort else ""
    for loan in moving:
        details = {"cohort_id": cohort_id, "before": loan.cohort_id, "beyond_places": bool(beyond)}
        loan.cohort_id = cohort_id
        words = f"Put into {cohort.name}{beyond}" if cohort else "Taken out of its cohort"
        note(session, loan, kind=KIND, words=words, actor=actor, happening=told[loan.id], details=details)
    session.flush()
    return loans


def cohort_problem(session: Session, cohort_id: int | None, programme_id: int) -> str:
    """Why nobody more can be asked for in a cohort; empty where somebody can. It is locked, so that nobody else takes
    the place that was counted."""
    if cohort_id is None:
        return ""
    cohort = cohorts.get_cohort(session, cohort_id)
    if cohort.programme_id != programme_id:
        return "This cohort belongs to another programme."
    turns.lock_cohort(session, cohort.id)
    return full_words(cohort, turns.asked_into(session, cohort.id), 1)


def full_words(cohort: Cohort, taken: int, more: int) -> str:
    """That a cohort has too few places for so many more; empty where it has enough."""
    if taken + more <= cohort.places:
        return ""
    free = max(0, cohort.places - taken)
    left = "all are taken or asked for" if not free else f"{free} {'is' if free == 1 else 'are'} left"
    return f"{cohort.name} has {cohort.places} place{'' if cohort.places == 1 else 's'}, and {left}."


def _told(happening: Happening, loan: Loan, *, several: bool) -> Happening:
    """An act about several loans is kept in the log of each, under an id of its own."""
    if happening.client_id is None or not several:
        return happening
    return replace(happening, client_id=f"{happening.client_id[:48]}-{loan.id}")


def _refuse_begun(loans: Sequence[Loan]) -> None:
    begun = [loan for loan in loans if loan.state not in BEFORE_IT_BEGINS or loan.kind is LoanKind.VENUE]
    if begun:
        raise Conflict(
            f"Nothing was changed. Loan {begun[0].id} is handed over, over, or a place's own.",
            next_step="Only a loan that is still to begin can have another cohort. Give them longer, or change the day"
            " on which the cohort ends.",
            details={"loan_ids": [loan.id for loan in begun][:20]},
        )


def _checked(session: Session, cohort_id: int | None, loans: Sequence[Loan], today: date) -> Cohort | None:
    if cohort_id is None:
        return None
    cohort = cohorts.get_cohort(session, cohort_id)
    problem = f"{cohort.name} is over. Choose one that is still to end." if cohort.ends_on < today else ""
    if any(loan.programme_id != cohort.programme_id for loan in loans):
        problem = f"{cohort.name} belongs to another programme than they asked for."
    if problem:
        raise BadInput("Nothing was changed.", fields={"cohort_id": problem})
    return cohort


def _beyond(
    session: Session, cohort: Cohort, loans: Sequence[Loan], happening: Happening, *, override_places: bool
) -> str:
    """What the log says of places that were gone beyond. Raises `CohortFull`."""
    turns.lock_cohort(session, cohort.id)
    full = full_words(cohort, turns.asked_into(session, cohort.id), len(loans))
    if not full:
        return ""
    if not override_places:
        raise CohortFull(
            f"Nothing was changed. {full}",
            next_step="A coordinator may go beyond the places with a reason, which is kept.",
            details={"cohort_id": cohort.id, "places": cohort.places},
        )
    if not happening.reason.strip():
        raise BadInput("Nothing was changed.", fields={"reason": SAY_WHY})
    return f", beyond its {cohort.places} place{'' if cohort.places == 1 else 's'}"

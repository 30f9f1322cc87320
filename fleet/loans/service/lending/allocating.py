"""Keeping a tablet and a SIM for a loan: all of it or nothing."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.loans.rules import DOORSTEP_WORDS, WITH_A_TABLET, LoanMove
from fleet.loans.service.lending.due_dates import due_from
from fleet.loans.service.lending.fitting import goes_as_it_is, lacks
from fleet.loans.service.papers.agreements import make_agreement
from fleet.loans.service.writer.facts import Asked
from fleet.loans.service.writer.locks import Locked, get_loan, local_day
from fleet.loans.service.writer.moves import make, move_tablet
from fleet.loans.service.writer.told import begin
from fleet.settings import Settings
from fleet.tablets.rules import Move
from fleet.users.actor import Actor


def allocate(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int | None,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    sim_id: int | None = None,
    due_on: date | None = None,
    override_fit: bool = False,
) -> Loan:
    """Keep a ready tablet, and a SIM with its data, for an approved loan: all of it or nothing.

    `due_on` is a day the coordinator wants; without it the cohort or the programme's policy decides at the hand-over.
    `override_fit` gives a tablet that lacks what the person needs, with `happening.reason`, which is kept. Raises
    `MoveRefused` from the loan (the tablet lacks something), the tablet (no verified wipe, held, taken) or the SIM
    (taken, no data).
    """
    held = begin(
        session,
        loan_id,
        (LoanMove.ALLOCATE.value,),
        happening,
        reserve_tablet_id=tablet_id,
        reserve_sim_id=sim_id,
    )
    if held is None:
        return get_loan(session, loan_id)
    loan = held.loan
    _refuse_other_kind(loan, tablet_id)
    lacking = lacks(session, held, tablet_id) if tablet_id is not None else ()
    as_it_is = goes_as_it_is(lacking, happening, override=override_fit)
    has_bundle = _has_data(session, sim_id, local_day(held, happening.now))
    asked = Asked(due_on=due_on, has_bundle=has_bundle, lacking=lacking, fit_overridden=bool(as_it_is))
    with session.no_autoflush:  # nothing below reads what it changes: loan, tablet and SIM are each written once
        words = f"Tablet allocated{as_it_is}" if loan.kind in WITH_A_TABLET else "Data allocated"
        make(session, held, LoanMove.ALLOCATE, actor=actor, happening=happening, asked=asked, words=words)
        loan.allocated_at = happening.now
        loan.wanted_due_on = due_on
        if tablet_id is not None:
            loan.doorstep_phrase = loan.doorstep_phrase or secrets.choice(DOORSTEP_WORDS)
            move_tablet(
                session, tablet_id, Move.ALLOCATE, loan=loan, actor=actor, settings=settings, happening=happening
            )
            session.add(LoanTablet(loan_id=loan.id, tablet_id=tablet_id, from_at=happening.now))
        if sim_id is not None:
            _reserve_sim(session, held, sim_id, actor=actor, happening=happening)
        if tablet_id is not None:
            make_agreement(session, held, settings=settings, happening=happening)
    session.flush()
    return loan


def _has_data(session: Session, sim_id: int | None, today: date) -> bool:
    """Whether the SIM that is about to be reserved carries data."""
    return sim_id is not None and bundles.has_data(session, sim_id, today)


def _refuse_other_kind(loan: Loan, tablet_id: int | None) -> None:
    if tablet_id is None and loan.kind in WITH_A_TABLET:
        raise BadInput("Nothing was kept.", fields={"tablet_id": "Choose a tablet."})
    if tablet_id is not None and loan.kind not in WITH_A_TABLET:
        raise BadInput("Nothing was kept.", fields={"tablet_id": "This loan is of data alone: leave the tablet out."})


def _reserve_sim(session: Session, held: Locked, sim_id: int, *, actor: Actor, happening: Happening) -> None:
    """Keep the SIM for the loan, and say until when it is needed: reckoned as if it were handed over today. A loan of
    data alone lasts as long as the data."""
    loan = held.loan
    try:
        until: date | None = None
        if loan.kind in WITH_A_TABLET:
            until = due_from(session, held, local_day(held, happening.now))
    except Conflict:
        until = None  # the hub's calendar has no open day: the hand-over will say so
    kept_for = bundles.KeptFor(loan.id, loan.person_id, until)
    told = Happening(now=happening.now)
    bundles.move(session, sim_id, SimMove.RESERVE, actor=actor, happening=told, kept_for=kept_for)
    session.add(LoanSim(loan_id=loan.id, sim_id=sim_id, from_at=happening.now))

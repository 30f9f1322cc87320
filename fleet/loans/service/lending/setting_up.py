"""What a loan's tablet is to be: the gatherings chosen for it, the tablet that is made for it, and what the bench is
told of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bench.service.made_for import MadeFor
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput
from fleet.gatherings import service as gatherings
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan, LoanSetUp
from fleet.loans.rules import BEFORE_ALLOCATION, ENDED
from fleet.loans.service.lending.fitting import language_asked, layers_asked
from fleet.loans.service.writer.locks import get_loan, label_of
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import begin
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor

_MADE_AT = frozenset({Stage.WIPED, Stage.PROVISIONED, Stage.READY})
_CHOSEN, _SET_UP = "gatherings", "set_up"


def set_up(
    session: Session,
    loan_id: int,
    gathering_ids: Sequence[int],
    tablet_id: int | None,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Loan:
    """Both at once: the gatherings, and while it waits for a tablet the one that is made for it. Raises `BadInput`."""
    loan = choose_gatherings(session, loan_id, gathering_ids, actor=actor, settings=settings, happening=happening)
    if loan.state not in BEFORE_ALLOCATION:
        return loan
    # The client's own id belongs to the first of the two; the same again finds both as they are wanted.
    rest = replace(happening, client_id=None)
    return make_tablet_for(session, loan_id, tablet_id, actor=actor, settings=settings, happening=rest)


def choose_gatherings(
    session: Session,
    loan_id: int,
    gathering_ids: Sequence[int],
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Loan:
    """Choose what stands on the tiles of somebody's tablet; none gives them the programme's own.

    A tablet that is made for this loan goes back to the bench. Raises `BadInput`.
    """
    made = queries.set_up_tablet_id(session, loan_id)
    held = begin(session, loan_id, (_CHOSEN,), happening, reserve_tablet_id=made)
    if held is None:
        return get_loan(session, loan_id)
    if held.loan.state in ENDED:
        raise BadInput("Nothing was chosen.", fields={"gatherings": "This loan is over."})
    chosen = gatherings.check_choice(session, gathering_ids)
    if chosen != queries.gathering_ids(session, loan_id):
        queries.replace_gatherings(session, loan_id, chosen)
        titles = ", ".join(each.title for each in gatherings.in_order(session, chosen))
        words = f"Gatherings chosen: {titles}" if titles else "Gatherings: the programme's own"
        note(session, held.loan, kind=_CHOSEN, words=words[:200], actor=actor, happening=happening)
        if made is not None and held.loan.state in BEFORE_ALLOCATION:
            tablets.ask_for_refresh(session, made, settings=settings, happening=_why(happening))
    return held.loan


def make_tablet_for(
    session: Session, loan_id: int, tablet_id: int | None, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """Have a clean tablet made as this waiting loan needs it; None calls that off.

    One that stands ready goes back to the bench. Nothing is allocated by it. Raises `BadInput`.
    """
    held = begin(session, loan_id, (_SET_UP,), happening, reserve_tablet_id=tablet_id)
    if held is None:
        return get_loan(session, loan_id)
    if tablet_id == queries.set_up_tablet_id(session, loan_id):
        return held.loan
    if tablet_id is None:
        queries.forget_set_up(session, loan_id=loan_id)
        words = "No tablet is made for it any more"
        note(session, held.loan, kind=_SET_UP, words=words, actor=actor, happening=happening)
        return held.loan
    _refuse_odd(session, held.loan, tablet_id)
    queries.forget_set_up(session, loan_id=loan_id, tablet_id=tablet_id)
    session.add(LoanSetUp(loan_id=loan_id, tablet_id=tablet_id, asked_at=happening.now))
    tablets.ask_for_refresh(session, tablet_id, settings=settings, happening=_why(happening))
    words = f"{label_of(session, tablet_id)} is to be made for it"
    note(session, held.loan, kind=_SET_UP, words=words, actor=actor, happening=happening)
    return held.loan


def _why(happening: Happening) -> Happening:
    return Happening(now=happening.now, source=happening.source, reason="To be made as a loan needs it")


def _refuse_odd(session: Session, loan: Loan, tablet_id: int) -> None:
    other = queries.loan_to_set_up_for(session, tablet_id)
    problem = ""
    if loan.state not in BEFORE_ALLOCATION:
        problem = "This loan has its tablet already, or is over."
    elif tablets.get_tablet(session, tablet_id).stage not in _MADE_AT:
        problem = "Choose one that is wiped and at the hub."
    elif other is not None and other.id != loan.id:
        problem = f"It is being made for loan {other.id}."
    if problem:
        raise BadInput("No tablet was chosen.", fields={"tablet_id": problem})


def chosen_gatherings(session: Session, loan: Loan) -> tuple[tuple[int, ...], bool]:
    """The gatherings of a loan's tiles, and whether they were chosen for it rather than being the programme's own."""
    own = queries.gathering_ids(session, loan.id)
    return (own, True) if own else (cohorts.gatherings_of(session, loan.programme_id), False)


def made_for(session: Session, tablet_id: int) -> MadeFor:
    """What the bench is to make of a tablet: what its loan asks, or the one that waits for it, else for nobody yet."""
    loan = queries.open_loan_of_tablet(session, tablet_id) or queries.loan_to_set_up_for(session, tablet_id)
    if loan is None:
        return MadeFor(gathering_ids=cohorts.usual_gatherings(session))
    return MadeFor(
        needs=tuple(code.value for code in layers_asked(queries.needs_of(session, loan.person_id))),
        language=language_asked(people.get_person(session, loan.person_id)),
        gathering_ids=chosen_gatherings(session, loan)[0],
    )

"""Giving up what the tables hold about one person: the rows stay where custody needs them, empty of the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from fleet.bundles.models import Sim, SimEvent, SimSecret, StraySim
from fleet.bundles.rules import SimState
from fleet.chasing.models import ChaseHold
from fleet.chasing.rules import ABOUT_THE_PERSON
from fleet.database.base import Base
from fleet.deliveries.models import Scan
from fleet.loans.models import Loan, LoanEvent, LoanSim, LoanTablet
from fleet.loans.rules import LoanMove
from fleet.privacy.queries.links import about, personal_tables
from fleet.privacy.rules import DELETED, GIVEN_UP
from fleet.tablets.models import Hold, Sighting, TabletEvent
from fleet.tablets.rules import KIT_CHECKED, KIT_COMPLETE, SAYS_WHERE, Move

_GIVEN_UP = "Given up with the record of a person"
_FOUND = (Move.FIND.value, Move.FIND_ELSEWHERE.value)


def forget_rows(session: Session, person_id: int) -> None:
    """Empty every row about somebody. Told twice, it finds nothing more to take.

    SQLite is told to write noughts over what is given up, or it would stay readable in the file until it is needed.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))
    _forget_what_things_repeat(session, person_id)
    _forget_cards_they_kept(session, person_id)
    _forget_signatures(session, person_id)
    _hand_holds_on(session, person_id)
    for name in reversed(personal_tables()):
        table = Base.metadata.tables[name]
        if name in DELETED:
            session.execute(delete(table).where(about(name, (person_id,))))
        elif name in GIVEN_UP:
            session.execute(update(table).where(about(name, (person_id,))).values(GIVEN_UP[name]))
    session.expire_all()


def _forget_signatures(session: Session, person_id: int) -> None:
    for scan in session.scalars(select(Scan).where(about(Scan.__tablename__, (person_id,)))):
        if "signature" in scan.details:
            kept = {name: value for name, value in scan.details.items() if name != "signature"}
            scan.details = {**kept, "agreement_accepted": True}
    session.flush()


def _hand_holds_on(session: Session, person_id: int) -> None:
    """What is held for a tablet stays held when whoever looked after it before is forgotten: it is said of whoever does
    so by now, and of nothing that is anybody's own."""
    now_with = select(Loan.person_id).where(Loan.id == ChaseHold.loan_id).scalar_subquery()
    session.execute(
        update(ChaseHold)
        .where(ChaseHold.person_id == person_id, ChaseHold.reason.not_in(ABOUT_THE_PERSON), now_with != person_id)
        .values(person_id=now_with)
    )


def _forget_what_things_repeat(session: Session, person_id: int) -> None:
    """A reason typed for a loan stands with its tablet and SIM as well, and so may where a finder saw the tablet."""
    loans = select(Loan.id).where(Loan.person_id == person_id)
    tablets = select(LoanTablet.tablet_id).where(LoanTablet.loan_id.in_(loans))
    reasons = _reasons(loans)
    others = _kept_for_swaps(session, loans)
    there = or_(TabletEvent.tablet_id.in_(tablets), TabletEvent.tablet_id.in_(others))
    repeated = and_(there, TabletEvent.reason != "", TabletEvent.reason.in_(reasons))
    session.execute(update(TabletEvent).where(repeated).values(reason=""))
    sims = select(LoanSim.sim_id).where(LoanSim.loan_id.in_(loans))
    session.execute(update(SimEvent).where(SimEvent.sim_id.in_(sims), SimEvent.reason.in_(reasons)).values(reason=""))
    held = and_(Hold.tablet_id.in_(tablets), Hold.reason.in_(reasons))
    session.execute(update(Hold).where(held).values(reason=_GIVEN_UP))
    _forget_what_was_typed_meanwhile(session, loans)
    session.execute(
        update(Sighting)
        .where(seen_while_theirs(person_id), Sighting.settled_at.is_not(None))
        .values(place="", settle_reason="")
    )
    where = (TabletEvent.kind.in_((*SAYS_WHERE, *_FOUND)), TabletEvent.reason != "")
    said = and_(*where, _after_theirs(person_id, TabletEvent.tablet_id, TabletEvent.at))
    session.execute(update(TabletEvent).where(said).values(reason=""))


def _kept_for_swaps(session: Session, loans: Select[int]) -> Sequence[int]:
    """Tablets that were kept for a swap of these loans, also where it never came to one."""
    arranged = select(LoanEvent.details).where(
        LoanEvent.loan_id.in_(loans), LoanEvent.kind == LoanMove.ARRANGE_SWAP.value
    )
    return [int(details["other"]) for details in session.scalars(arranged) if "other" in details]


def _forget_what_was_typed_meanwhile(session: Session, loans: Select[int]) -> None:
    """Whatever somebody typed about the tablet or the card while it was theirs: it may name them or those around them.
    That something was held or happened stays, with its kind."""
    held = while_theirs(loans, LoanTablet.tablet_id, Hold.tablet_id, Hold.placed_at)
    lift = and_(Hold.tablet_id == TabletEvent.tablet_id, Hold.lifted_at == TabletEvent.at)
    lifted = exists().where(lift, Hold.lift_reason == TabletEvent.reason, held)
    happened = while_theirs(loans, LoanTablet.tablet_id, TabletEvent.tablet_id, TabletEvent.at)
    tablets = select(LoanTablet.tablet_id).where(LoanTablet.loan_id.in_(loans))
    told = and_(TabletEvent.tablet_id.in_(tablets), TabletEvent.reason != "", or_(happened, lifted))
    session.execute(update(TabletEvent).where(told).values(reason=""))
    missing = and_(TabletEvent.kind == KIT_CHECKED, TabletEvent.words != KIT_COMPLETE, happened)
    session.execute(update(TabletEvent).where(missing).values(words="Kit checked, something missing"))
    session.execute(update(Hold).where(held, Hold.lift_reason.is_not(None)).values(lift_reason=_GIVEN_UP))
    session.execute(update(Hold).where(held).values(reason=_GIVEN_UP))
    found = while_theirs(loans, LoanTablet.tablet_id, StraySim.tablet_id, StraySim.at)
    session.execute(update(StraySim).where(found).values(outcome=""))
    had = while_theirs(loans, LoanSim.sim_id, SimEvent.sim_id, SimEvent.at)
    session.execute(update(SimEvent).where(SimEvent.reason != "", had).values(reason=""))


def _forget_cards_they_kept(session: Session, person_id: int) -> None:
    """The number of a card that is theirs leads to them, whoever lent it; its PIN and PUK are theirs alone."""
    kept = cards_they_kept(person_id)
    session.execute(delete(SimSecret).where(SimSecret.sim_id.in_(kept)))
    session.execute(update(Sim).where(Sim.id.in_(kept)).values(phone=None))


def cards_they_kept(person_id: int) -> Select[int]:
    """The SIMs that stayed with this person."""
    had = select(LoanSim.sim_id).join(Loan, Loan.id == LoanSim.loan_id).where(Loan.person_id == person_id)
    later = LoanSim.__table__.alias("later_card")
    last = ~exists().where(later.c.sim_id == LoanSim.sim_id, later.c.id > LoanSim.id)
    return select(Sim.id).where(Sim.state == SimState.KEPT_BY_PARTICIPANT, Sim.id.in_(had.where(last)))


def while_theirs(
    loans: Select[int],
    theirs: InstrumentedAttribute[int],
    thing: InstrumentedAttribute[int],
    at: InstrumentedAttribute[datetime],
) -> ColumnElement[bool]:
    """Of a tablet or a card, at a moment when one of these loans had it."""
    link = theirs.class_
    own = exists().where(link.loan_id.in_(loans), theirs == thing, link.from_at <= at)
    during = own.where(or_(link.to_at.is_(None), link.to_at >= at))
    return and_(thing.in_(select(theirs).where(link.loan_id.in_(loans))), during)


def _reasons(loans: Select[int]) -> Select[str]:
    return select(LoanEvent.reason).where(LoanEvent.loan_id.in_(loans), LoanEvent.reason != "")


def seen_while_theirs(person_id: int) -> ColumnElement[bool]:
    """Sightings of a tablet after the person had it and before anybody else did."""
    return _after_theirs(person_id, Sighting.tablet_id, Sighting.at)


def _after_theirs(
    person_id: int, thing: InstrumentedAttribute[int], at: InstrumentedAttribute[datetime]
) -> ColumnElement[bool]:
    """Of a tablet, at a moment since the person had it and before anybody else did."""
    later = LoanTablet.__table__.alias("later")
    next_had = exists().where(
        later.c.tablet_id == LoanTablet.tablet_id, later.c.id > LoanTablet.id, later.c.from_at <= at
    )
    during = exists().where(
        Loan.id == LoanTablet.loan_id,
        Loan.person_id == person_id,
        LoanTablet.tablet_id == thing,
        LoanTablet.from_at <= at,
        ~next_had,
    )
    theirs = select(LoanTablet.tablet_id).join(Loan, Loan.id == LoanTablet.loan_id).where(Loan.person_id == person_id)
    return and_(thing.in_(theirs), during)

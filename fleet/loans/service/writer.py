"""The one writer of a loan's state, and the locks that every change takes first: tablet, loan, SIM, person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Programme
from fleet.errors import Conflict, MoveRefused, there
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan, LoanEvent, LoanSim, LoanTablet
from fleet.loans.rules import BY_MOVE, ENDED, Facts, LoanMove, MissingLanguage, refusals
from fleet.machine import SAY_WHY
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.people import service as people
from fleet.people.models import Person
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import BY_MOVE as TABLET_MOVES
from fleet.tablets.rules import Move
from fleet.tags import service as tags
from fleet.users.actor import Actor
from labels.paper.texts import languages

LONGEST_OFFLINE = timedelta(hours=72)
"""A phone may tell of something this long after it happened; an older or future story counts from when it is told."""


class WrongTablet(Conflict):
    """The tablet in hand is not the one this loan has."""

    code = "wrong_tablet"


class IdUsedBefore(Conflict):
    """A client id was sent before, for something else."""

    code = "id_used_before"


@dataclass(frozen=True)
class Locked:
    """A loan and all that belongs to it, locked for one change (or only looked at)."""

    loan: Loan
    person: Person
    programme: Programme
    hub: Organisation
    tablet: Tablet | None = None
    tablet_link: LoanTablet | None = None
    sim_link: LoanSim | None = None
    swap_tablet: Tablet | None = None
    """The one that is kept for a swap."""


@dataclass(frozen=True)
class Asked:
    """What one move asks for beyond what is on record."""

    due_on: date | None = None
    has_bundle: bool | None = None
    agreement_accepted: bool = False
    cap_overridden: bool = False


def get_loan(session: Session, loan_id: int) -> Loan:
    """Raises `NotFound`."""
    return _known(queries.loan(session, loan_id), loan_id)


def _known(found: Loan | None, loan_id: int) -> Loan:
    return there(found, f"There is no loan number {loan_id}.", next_step="Look for it in the list of loans.")


def lock(
    session: Session, loan_id: int, *, tablet_id: int | None = None, reserve_tablet_id: int | None = None
) -> Locked:
    """Lock the loan's tablets (the one it has and the one kept for a swap), the loan, its SIM and its person.

    `tablet_id` is the tablet in somebody's hand: raises `WrongTablet` when the loan has another one.
    `reserve_tablet_id` is one that the loan is about to get. Raises `NotFound`, or `Conflict` when the loan's tablet
    changed between looking and locking.
    """
    swap_id = get_loan(session, loan_id).swap_tablet_id
    seen = queries.open_tablet(session, loan_id)
    seen_id = seen.tablet_id if seen else None
    wanted = sorted({each for each in (seen_id, swap_id, reserve_tablet_id) if each is not None})
    held = {each: tablets.lock_tablet(session, each) for each in wanted}
    loan = queries.loan_locked(session, loan_id)
    link = queries.open_tablet(session, loan_id)
    if loan is None or (link.tablet_id if link else None, loan.swap_tablet_id) != (seen_id, swap_id):
        raise Conflict(
            "Somebody else changed this loan a moment before you. Nothing of yours was half done.",
            next_step="Reload the page to see how it stands, then decide again.",
        )
    if tablet_id is not None:
        _refuse_another_tablet(session, loan, link, tablet_id)
    sim_link = queries.open_sim(session, loan_id)
    if sim_link is not None:
        bundles.lock_sim(session, sim_link.sim_id)
    return Locked(
        loan=loan,
        person=people.lock_person(session, loan.person_id),
        programme=cohorts.get_programme(session, loan.programme_id),
        hub=partners.get_organisation(session, loan.hub_id),
        tablet=held[link.tablet_id] if link else None,
        tablet_link=link,
        sim_link=sim_link,
        swap_tablet=held[swap_id] if swap_id is not None else None,
    )


def lock_alone(session: Session, loan_id: int) -> Loan:
    """The loan's own row and nothing that belongs to it. Whoever locks more uses `lock`. Raises `NotFound`."""
    return _known(queries.loan_locked(session, loan_id), loan_id)


def lock_both(session: Session, tablet_id: int) -> Tablet:
    """A tablet, locked together with the other one of its swap, lower number first as `lock` does. Raises
    `NotFound`."""
    wanted = sorted({tablet_id, *queries.swapped_with(session, tablet_id)})
    return {each: tablets.lock_tablet(session, each) for each in wanted}[tablet_id]


def look(session: Session, loan: Loan) -> Locked:
    """The same as `lock` brings together, for reading: nothing is locked."""
    link = queries.open_tablet(session, loan.id)
    return Locked(
        loan=loan,
        person=people.get_person(session, loan.person_id),
        programme=cohorts.get_programme(session, loan.programme_id),
        hub=partners.get_organisation(session, loan.hub_id),
        tablet=tablets.get_tablet(session, link.tablet_id) if link else None,
        tablet_link=link,
        sim_link=queries.open_sim(session, loan.id),
        swap_tablet=tablets.get_tablet(session, loan.swap_tablet_id) if loan.swap_tablet_id is not None else None,
    )


def _refuse_another_tablet(session: Session, loan: Loan, link: LoanTablet | None, tablet_id: int) -> None:
    if link is not None and link.tablet_id == tablet_id:
        return
    tablets.get_tablet(session, tablet_id)
    in_hand = label_of(session, tablet_id)
    if link is None:
        raise WrongTablet(
            f"Nothing was changed. Loan {loan.id} has no tablet, so {in_hand} cannot be the one.",
            next_step="Check the number on the label.",
        )
    raise WrongTablet(
        f"Nothing was changed. {in_hand} is not the tablet for this loan.",
        next_step=f"Put it back and take {label_of(session, link.tablet_id)}.",
        details={"tablet_id": tablet_id, "expected_tablet_id": link.tablet_id},
    )


def label_of(session: Session, tablet_id: int) -> str:
    """What stands on the tablet: its code, or its number where it has no label yet."""
    return tags.codes_of(session, [tablet_id]).get(tablet_id, f"Tablet {tablet_id}")


def begin(
    session: Session,
    loan_id: int,
    kinds: tuple[str, ...],
    happening: Happening,
    *,
    tablet_id: int | None = None,
    reserve_tablet_id: int | None = None,
) -> Locked | None:
    """`lock`, unless this very act was told before: then None, and whoever asked answers with the loan as it is."""
    if told_before(session, loan_id, kinds, happening):
        return None
    held = lock(session, loan_id, tablet_id=tablet_id, reserve_tablet_id=reserve_tablet_id)
    return None if told_before(session, loan_id, kinds, happening) else held


def told_before(session: Session, loan_id: int, kinds: tuple[str, ...], happening: Happening) -> bool:
    """Whether this very act was told before. Raises `IdUsedBefore` when its id belongs to another act."""
    if happening.client_id is None:
        return False
    event = queries.event_by_client_id(session, happening.client_id)
    if event is None:
        return False
    if event.loan_id != loan_id or event.kind not in kinds:
        raise IdUsedBefore(
            "Nothing was changed. This id was used before, for something else.",
            next_step="Send it again with an id of its own.",
            details={"loan_id": event.loan_id, "kind": event.kind},
        )
    return True


def told_of_tablet(session: Session, kinds: tuple[str, ...], happening: Happening) -> Loan | None:
    """The loan to which this very act was told before, for acts that name a tablet and no loan."""
    event = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if event is None:
        return None
    told_before(session, event.loan_id, kinds, happening)
    return get_loan(session, event.loan_id)


def happened_at(happening: Happening) -> datetime:
    """When it happened, by the phone's story where that can be believed."""
    told = happening.client_at
    if told is None or not happening.now - LONGEST_OFFLINE <= told <= happening.now:
        return happening.now
    return told


def local_day(held: Locked, moment: datetime) -> date:
    """The calendar day at the loan's hub."""
    return local_date(moment, ZoneInfo(held.hub.time_zone))


def facts_of(session: Session, held: Locked, asked: Asked, *, now: datetime) -> Facts:
    """What the guards look at."""
    loan, policy = held.loan, held.programme.policy
    today = local_day(held, now)
    has_bundle = asked.has_bundle
    if has_bundle is None:
        has_bundle = held.sim_link is not None and bundles.has_data(session, held.sim_link.sim_id, today)
    return Facts(
        state=loan.state,
        today=today,
        safe_at_home=loan.safe_at_home,
        needs_asked=held.person.needs_asked,
        person_alive=held.person.deceased_on is None,
        contact_stopped=loan.stopped_at is not None,
        bundle_needed=policy.bundle_required,
        has_bundle=has_bundle,
        other_open_loans=queries.count_open_of_person(session, loan.person_id, besides=loan.id),
        open_loans_allowed=policy.open_loans_per_person,
        asked_due_on=asked.due_on,
        due_on=loan.due_on,
        agreement_accepted=asked.agreement_accepted,
        extensions=queries.count_extensions(session, loan.id) if loan.due_version > 1 else 0,
        extensions_allowed=policy.max_extensions,
        cap_overridden=asked.cap_overridden,
        gifts_allowed=policy.gifts_allowed,
        swap_arranged=loan.swap_tablet_id is not None,
        papers_missing=_papers_missing(session, held),
    )


def _papers_missing(session: Session, held: Locked) -> bool:
    """Whether no paper is in the language that the person reads, while nobody decided for English."""
    read = held.person.language_read
    if read in languages():
        return False
    kept = queries.language_answer(session, held.loan.id)
    answer = kept.answer if kept is not None and kept.language == read else None
    return answer is not MissingLanguage.ENGLISH


def make(
    session: Session,
    held: Locked,
    name: LoanMove,
    *,
    actor: Actor,
    happening: Happening,
    asked: Asked | None = None,
    words: str = "",
) -> LoanEvent:
    """Make one move of the table: the only place where a loan's state changes. Raises `MoveRefused`."""
    row = BY_MOVE[name]
    facts = facts_of(session, held, asked or Asked(), now=happening.now)
    reasons = refusals(name, facts, actor.roles)
    if row.needs_reason and not happening.reason.strip():
        reasons += (SAY_WHY,)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. Loan {held.loan.id} was not moved to “{row.words.lower()}”.",
            reasons=reasons,
            next_step="Settle what is listed, then try again.",
        )
    held.loan.state = row.target
    if row.target in ENDED:
        held.loan.closed_at = happening.now
    link = held.tablet_link
    return note(
        session,
        held.loan,
        kind=name.value,
        words=words or row.words,
        actor=actor,
        happening=happening,
        tablet_id=link.tablet_id if link is not None and link.to_at is None else None,
    )


def note(
    session: Session,
    loan: Loan,
    *,
    kind: str,
    words: str,
    actor: Actor,
    happening: Happening,
    tablet_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> LoanEvent:
    """Add to a loan's log."""
    link = queries.open_tablet(session, loan.id) if tablet_id is None else None
    event = LoanEvent(
        loan_id=loan.id,
        kind=kind,
        words=words,
        reason=happening.reason.strip(),
        state=loan.state,
        tablet_id=link.tablet_id if link else tablet_id,
        details={**happening.details, **(details or {})},
        **actor.signature(),
        **happening.told(),
    )
    session.add(event)
    loan.changed_at = happening.now
    session.flush()
    return event


def move_tablet(
    session: Session, tablet_id: int, name: Move, *, loan: Loan, actor: Actor, settings: Settings, happening: Happening
) -> None:
    """Move the loan's tablet along with the loan. Raises what `tablets.service.move` raises, and `IdUsedBefore`."""
    tablets.move(
        session,
        tablet_id,
        name,
        actor=actor,
        settings=settings,
        happening=happening,
        holder=_holder(name, loan, actor),
    )
    if tablets.get_tablet(session, tablet_id).stage is not TABLET_MOVES[name].target:
        raise IdUsedBefore(
            "Nothing was changed. This id was used before, for something else that happened to the tablet.",
            next_step="Send it again with an id of its own.",
        )


def _holder(name: Move, loan: Loan, actor: Actor) -> str | None:
    if name in (Move.LOAD, Move.COLLECT):
        return f"{actor.role.value} {actor.user_id or ''}".strip()
    return f"loan {loan.id}" if name in (Move.HAND_OVER, Move.HUB_HAND_OVER, Move.UNDO_HAND_IN) else None


def move_sim(
    session: Session,
    held: Locked,
    name: SimMove,
    *,
    actor: Actor,
    happening: Happening,
    on: date | None = None,
    rest_days: int = 0,
) -> None:
    """Move the loan's SIM along with the loan, when it has one that stands where the move begins."""
    if held.sim_link is None:
        return
    sim = bundles.get_sim(session, held.sim_link.sim_id)
    if bundles.can_begin(sim, name):
        told = replace(happening, client_id=None)
        bundles.move(session, sim.id, name, actor=actor, happening=told, on=on, rest_days=rest_days)


def let_go(held: Locked, now: datetime) -> None:
    """The loan no longer has its tablet and SIM."""
    for link in (held.tablet_link, held.sim_link):
        if link is not None:
            link.to_at = now

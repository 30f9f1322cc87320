"""What the guards of a loan's moves look at, gathered from its row, its person and its programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.cohorts.rules import LoanPolicy
from fleet.loans import queries
from fleet.loans.models import Loan, LoanEvent
from fleet.loans.queries.claims import open_claim
from fleet.loans.rules import Facts, LoanKind, LoanMove, LoanState, MissingLanguage, looks_at
from fleet.loans.rules.needed import NOBODY_NEEDS_IT, Need
from fleet.loans.service.writer.locks import Locked, local_day
from labels.paper.texts import languages


@dataclass(frozen=True)
class Asked:
    """What one move asks for beyond what is on record."""

    due_on: date | None = None
    has_bundle: bool | None = None
    agreement_accepted: bool = False
    cap_overridden: bool = False
    with_its_venue: bool = False
    longest_until: date | None = None
    need: Need = NOBODY_NEEDS_IT
    lacking: tuple[str, ...] = ()
    fit_overridden: bool = False
    nobody_had_it: bool = False


def facts_of(session: Session, held: Locked, asked: Asked, *, now: datetime, move: LoanMove | None = None) -> Facts:
    """What the guards look at; for one `move`, without what has to be asked for and its guards do not look at."""
    loan, policy = held.loan, held.programme.policy
    today = local_day(held, now)
    has_bundle = asked.has_bundle
    if has_bundle is None and held.sim_link is not None and looks_at(move, "has_bundle"):
        has_bundle = bundles.has_data(session, held.sim_link.sim_id, today)
    last = _undoable(session, loan, move)
    return Facts(
        state=loan.state,
        today=today,
        safe_at_home=loan.safe_at_home,
        needs_asked=held.person.needs_asked,
        person_alive=held.person.deceased_on is None,
        contact_stopped=loan.stopped_at is not None,
        bundle_needed=loan.kind is LoanKind.DATA or (policy.bundle_required and loan.kind is LoanKind.TABLET),
        has_bundle=bool(has_bundle),
        other_open_loans=_other_open(session, loan) if looks_at(move, "other_open_loans") else 0,
        open_loans_allowed=policy.open_loans_per_person,
        asked_due_on=asked.due_on,
        due_on=loan.due_on,
        agreement_accepted=asked.agreement_accepted,
        extensions=queries.count_extensions(session, loan.id) if loan.due_version > 1 else 0,
        extensions_allowed=policy.max_extensions,
        cap_overridden=asked.cap_overridden,
        gifts_allowed=policy.gifts_allowed,
        swap_arranged=loan.swap_tablet_id is not None,
        papers_missing=looks_at(move, "papers_missing") and _papers_missing(session, held),
        kind=loan.kind,
        with_its_venue=asked.with_its_venue,
        longest_until=asked.longest_until,
        extend_from=_extend_from(loan, policy),
        needed_for=asked.need.words,
        need_met_on=asked.need.met_on,
        lacking=asked.lacking,
        fit_overridden=asked.fit_overridden,
        last_move=LoanMove(last.kind) if last is not None else None,
        last_move_ago=now - last.at if last is not None else timedelta(),
        nobody_had_it=asked.nobody_had_it,
    )


def _undoable(session: Session, loan: Loan, move: LoanMove | None) -> LoanEvent | None:
    """The last move, where the loan stands as after one that can be taken back."""
    if not looks_at(move, "last_move") or loan.state not in (LoanState.ACTIVE, LoanState.COLLECTED):
        return None
    return last_move(session, loan) if open_claim(session, loan.id) is None else None


def last_move(session: Session, loan: Loan) -> LoanEvent | None:
    """The last thing in a loan's log that is a move of its table."""
    return queries.latest_event(session, loan.id, *LoanMove)


def _extend_from(loan: Loan, policy: LoanPolicy) -> date | None:
    if loan.due_on is None or policy.extend_from_days is None:
        return None
    return loan.due_on - timedelta(days=policy.extend_from_days)


def _other_open(session: Session, loan: Loan) -> int:
    """A custodian has as many tablets as their place was lent; a card besides a tablet is no second tablet."""
    if loan.kind is LoanKind.VENUE:
        return 0
    return queries.count_open_of_person(session, loan.person_id, loan.kind, besides=loan.id)


def _papers_missing(session: Session, held: Locked) -> bool:
    """Whether no paper is in the language that the person reads, while nobody decided for English."""
    read = held.person.language_read
    if read in languages():
        return False
    kept = queries.language_answer(session, held.loan.id)
    answer = kept.answer if kept is not None and kept.language == read else None
    return answer is not MissingLanguage.ENGLISH

"""What somebody should know about a loan before anything else on its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimKind
from fleet.loans import queries, service
from fleet.loans.models import Loan
from fleet.loans.rules import TO_BE_BROUGHT, WITH_A_TABLET, LoanKind, lacking, said
from fleet.loans.seeing import Gathered
from fleet.people.models import Need, Person
from fleet.people.words import language_words
from fleet.tags import service as tags


def card_left_behind(session: Session, gathered: Gathered) -> tuple[str, ...]:
    """That the card of this loan lies in the tablet that was swapped out, and not in the one they have."""
    if gathered.sim is None or gathered.loan.closed_at is not None:
        return ()
    had = [link.tablet_id for link in queries.tablets_had(session, gathered.loan.id) if link.to_at is not None]
    left = queries.came_back_with_a_card(session, had)
    codes = tags.codes_of(session, list(left))
    inside = gathered.sim.kind is SimKind.ESIM
    to_do = "it cannot be taken out, so they are without data" if inside else "take it out and bring it to them"
    return tuple(
        f"Their SIM came back in {codes.get(tablet_id, f'Tablet {tablet_id}')}: {to_do}."
        for tablet_id, (loan_id, _) in left.items()
        if loan_id == gathered.loan.id
    )


def unsuited(session: Session, gathered: Gathered, person: Person, needs: Sequence[Need]) -> tuple[str, ...]:
    """What its tablet lacks of what they need by now, which may be told to those who know their settings."""
    loan, tablet = gathered.loan, gathered.tablet
    if tablet is None or loan.closed_at is not None or loan.kind is LoanKind.VENUE:
        return ()
    lacks = lacking(service.set_ups(session, [tablet])[tablet.id], service.wanted_by(person, needs))
    if not lacks:
        return ()
    mend = "Keep another for them, or have it set up again" if loan.state in TO_BE_BROUGHT else "Swap it"
    return (f"Their tablet is not as they need it: {'; '.join(lacks)}. {mend}, unless they do well with it as it is.",)


def month_over(gathered: Gathered, today: date) -> tuple[str, ...]:
    """That the taster month of a loan that is still to begin has gone by."""
    cohort, loan = gathered.cohort, gathered.loan
    if cohort is None or cohort.ends_on >= today or loan.state not in service.BEFORE_IT_BEGINS:
        return ()
    return (f"{cohort.name} ended on {said(cohort.ends_on)}. Put them into another cohort, or into none.",)


def claimed(session: Session, loan: Loan) -> tuple[str, ...]:
    """That they say they gave it back, and until when it is looked for."""
    claim = service.open_claim(session, loan.id)
    if claim is None:
        return ()
    return (f"They say that they gave it back. It is looked for until {said(claim.search_until)}.",)


def unanswered(session: Session, loan: Loan) -> tuple[str, ...]:
    """While a loan runs or is being prepared: that its papers have no text in the person's language."""
    if loan.closed_at is not None or loan.kind not in WITH_A_TABLET:
        return ()
    language = service.paper_state(session, loan).language
    if language.language is not None:
        return ()
    return (
        f"There are no papers in {language_words(language.missing)} yet. Open its papers and say what is to be done.",
    )

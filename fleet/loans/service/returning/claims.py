"""Claimed returned, which is neither returned nor lost (rule R19): the tablet is looked for until a day, and what
became of the claim is written down. What is not sent meanwhile is the chasing's."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans.models import ReturnClaim
from fleet.loans.queries import claims, open_tablet
from fleet.loans.rules import WITH_THE_PERSON, ClaimOutcome, said
from fleet.loans.rules.claims import SAID
from fleet.loans.service.writer.locks import get_loan, lock
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import told_before
from fleet.loans.words import CLAIM_WORDS
from fleet.users.actor import Actor

CLAIMED = "claimed_returned"
SETTLED = "claim_settled"


def claim_returned(session: Session, loan_id: int, *, until: date, actor: Actor, happening: Happening) -> ReturnClaim:
    """The person says that they gave it back: it is looked for until a day, that day included. Claimed once more while
    it is looked for, the later day counts. Raises `Conflict` for a loan whose tablet nobody has."""
    loan = lock(session, loan_id).loan
    if loan.state not in WITH_THE_PERSON:
        raise Conflict(
            f"Nothing was written down. Nobody has the tablet of loan {loan_id}.",
            next_step="Read the loan's page: it says where the tablet is.",
        )
    claim = claims.open_claim(session, loan_id)
    if claim is None:
        link = open_tablet(session, loan_id)
        claim = ReturnClaim(
            loan_id=loan_id,
            tablet_id=link.tablet_id if link is not None else None,
            search_until=until,
            made_at=happening.now,
            made_by=actor.name,
        )
        session.add(claim)
    claim.search_until = until
    words = f"They say that they gave it back: it is looked for until {said(until)}"
    note(session, loan, kind=CLAIMED, words=words, actor=actor, happening=happening)
    session.flush()
    return claim


def settle_claim(
    session: Session, loan_id: int, outcome: ClaimOutcome, *, actor: Actor, happening: Happening
) -> ReturnClaim:
    """Somebody says how the search ended; `happening.reason` may say more. What is found, comes back or is lost is
    written down as that, and ends the claim by itself. Raises `BadInput`, `Conflict` when no claim is open."""
    loan = lock(session, loan_id).loan
    if told_before(session, loan_id, (SETTLED,), happening):
        return claims.claims_of_loan(session, loan_id)[0]
    if outcome not in SAID:
        sentence = "Take it back or record it as lost: that ends the search by itself."
        raise BadInput("Nothing was written down.", fields={"outcome": sentence})
    claim = claims.open_claim(session, loan_id)
    if claim is None:
        raise Conflict(
            f"Nothing was written down. Nobody looks for the tablet of loan {loan_id}.",
            next_step="Read the loan's page to see how it stands.",
        )
    claim.outcome, claim.note = outcome, happening.reason.strip()
    claim.settled_at, claim.settled_by = happening.now, actor.name
    words = f"The search ended: {CLAIM_WORDS[outcome].lower()}"
    note(session, loan, kind=SETTLED, words=words, actor=actor, happening=happening)
    session.flush()
    return claim


def claims_of(session: Session, loan_id: int) -> tuple[ReturnClaim, ...]:
    """Every claim of a loan, newest first. Raises `NotFound`."""
    return tuple(claims.claims_of_loan(session, get_loan(session, loan_id).id))

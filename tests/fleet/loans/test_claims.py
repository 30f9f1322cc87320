"""Claimed returned: what became of it is a record of its own, whichever way it ends."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan, ReturnClaim
from fleet.loans.rules import ClaimOutcome, LoanState
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending, lost_by_two

UNTIL = date(2026, 6, 15)


def claimed(lending: Lending, until: date = UNTIL) -> Loan:
    loan = lending.loan_at(LoanState.ACTIVE)
    claim(lending, loan.id, until)
    return loan


def claim(lending: Lending, loan_id: int, until: date = UNTIL) -> ReturnClaim:
    with lending.database.write() as session:
        actor, happening = lending.actor(Role.COORDINATOR), lending.happening()
        return loans.claim_returned(session, loan_id, until=until, actor=actor, happening=happening)


def settle(lending: Lending, loan_id: int, outcome: ClaimOutcome, reason: str = "") -> ReturnClaim:
    with lending.database.write() as session:
        happening = Happening(now=lending.clock(), reason=reason)
        actor = lending.actor(Role.COORDINATOR)
        return loans.settle_claim(session, loan_id, outcome, actor=actor, happening=happening)


def outcomes(lending: Lending, loan_id: int) -> list[ClaimOutcome | None]:
    return [each.outcome for each in lending.read(loans.claims_of, loan_id)]


def test_what_happens_to_the_tablet_ends_the_search_by_itself(lending: Lending) -> None:
    back, found, lost = claimed(lending), claimed(lending), claimed(lending)
    lending.clock.advance(days=3)
    lending.do(loans.scan_in, tablet_id=lending.tablet_id(back.id), role=Role.TECHNICIAN)
    tablet_id = lending.tablet_id(found.id)
    lending.do(loans.came_unseen, tablet_id=tablet_id, came_on=date(2026, 6, 1), reason="Stood on our shelf")
    lending.do(lost_by_two, lost.id, reason="Looked for two weeks")
    assert outcomes(lending, back.id) == [ClaimOutcome.CAME_BACK]
    assert outcomes(lending, found.id) == [ClaimOutcome.FOUND_WITH_US]
    assert outcomes(lending, lost.id) == [ClaimOutcome.LOST]
    (ended,) = lending.read(loans.claims_of, back.id)
    assert (ended.settled_at, ended.settled_by) == (lending.clock(), lending.actor(Role.TECHNICIAN).name)


def test_a_scan_that_is_taken_back_takes_up_the_search_again(lending: Lending) -> None:
    loan = claimed(lending)
    lending.clock.advance(days=1)
    tablet_id = lending.tablet_id(loan.id)
    lending.do(loans.scan_in, tablet_id=tablet_id, role=Role.TECHNICIAN)
    lending.do(loans.undo_scan_in, tablet_id=tablet_id, reason="Another one", role=Role.TECHNICIAN)
    assert outcomes(lending, loan.id) == [None]


@ON_SQLITE
def test_somebody_says_how_it_ended_and_why(lending: Lending) -> None:
    loan = claimed(lending)
    claim(lending, loan.id, date(2026, 6, 22))
    (looked_for,) = lending.read(loans.claims_of, loan.id)
    assert looked_for.search_until == date(2026, 6, 22)
    with pytest.raises(BadInput):
        settle(lending, loan.id, ClaimOutcome.LOST)
    settle(lending, loan.id, ClaimOutcome.WITH_THEM, "It was behind the sofa")
    words = [event.words for event in lending.read(queries.events, loan.id)]
    assert words[0] == "The search ended: they have it still"
    assert words[1] == "They say that they gave it back: it is looked for until Monday 22 June 2026"
    with pytest.raises(Conflict):
        settle(lending, loan.id, ClaimOutcome.WITHDRAWN)
    claim(lending, loan.id)
    assert outcomes(lending, loan.id) == [None, ClaimOutcome.WITH_THEM]


@ON_SQLITE
def test_nobody_looks_for_a_tablet_that_nobody_has(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.COLLECTED)
    with pytest.raises(Conflict):
        claim(lending, loan.id)

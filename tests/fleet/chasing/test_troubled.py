"""One loan with which something is wrong: it is counted and logged by its number, and the others hear from us."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from fleet.chasing import service
from fleet.chasing.channels.base import Channel, Outgoing
from fleet.chasing.rules import ChaseState
from fleet.chasing.service import Ticked
from fleet.chasing.service.apart import apart
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.partners.models import Organisation
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing

DUE = date(2026, 6, 29)
MARKED = "Marked Person"


class Cracked:
    """A way out that breaks in a way nobody thought of, for one borrower."""

    def __init__(self, behind: Channel, loan: Loan, chasing: Chasing) -> None:
        self.behind, self.loan, self.chasing = behind, loan, chasing

    def deliver(self, message: Outgoing) -> None:
        entry = self.chasing.entries(self.loan)
        if entry and message.reference == entry[-1].reference:
            raise ValueError(MARKED)
        self.behind.deliver(message)

    def has_left(self, reference: str, channel: str) -> bool | None:
        return self.behind.has_left(reference, channel)


def three_loans(chasing: Chasing) -> list[Loan]:
    made = [chasing.loan(DUE) for _ in range(3)]
    chasing.at(DUE)
    return made


def test_a_message_that_breaks_does_not_keep_the_others_from_leaving(chasing: Chasing) -> None:
    first, *others = three_loans(chasing)
    cracked = Cracked(service.outbox(chasing.settings), first, chasing)
    with capture_logs() as logged:
        assert chasing.tick(cracked) == Ticked(sent=2, troubled=1)
    assert [chasing.ledger(loan)[-1][1] for loan in others] == [ChaseState.SENT] * 2
    (told,) = [line for line in logged if line["event"] == "chasing_failed_for_one"]
    assert (told["loan"], told["error"]) == (first.id, "ValueError")
    assert MARKED not in str(logged)
    assert logged[-1]["troubled"] == 1


def test_a_message_that_breaks_every_time_is_given_to_a_person(chasing: Chasing) -> None:
    loan = three_loans(chasing)[0]
    cracked = Cracked(service.outbox(chasing.settings), loan, chasing)
    for _ in range(8):
        chasing.tick(cracked)
        chasing.clock.advance(minutes=11)
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.TO_DO)


BROKEN = pytest.mark.parametrize(
    "broken", [{"time_zone": "Nowhere/At_All"}, {"nation": "XXX"}], ids=["no such time zone", "no such nation"]
)


def belongs_to_a_broken_hub(chasing: Chasing, loan: Loan, broken: dict[str, str]) -> None:
    with chasing.database.write() as session:
        kind = session.get_one(Organisation, loan.hub_id).kind
        made = Organisation(kind=kind, name="A hub that is nowhere", covers=[], created_at=chasing.clock(), **broken)
        session.add(made)
        session.flush()
        session.execute(update(Loan).where(Loan.id == loan.id).values(hub_id=made.id))


@BROKEN
def test_a_loan_that_cannot_be_planned_does_not_keep_the_others_from_being_planned(
    chasing: Chasing, broken: dict[str, str]
) -> None:
    first, *others = three_loans(chasing)
    belongs_to_a_broken_hub(chasing, first, broken)
    assert [each.loan_id for each in chasing.planned(DUE)] == [loan.id for loan in others]
    assert chasing.tick() == Ticked(sent=2, troubled=1)
    assert chasing.ledger(first) == []


def test_what_is_no_longer_needed_is_withdrawn_though_one_loan_breaks(chasing: Chasing) -> None:
    made = three_loans(chasing)
    chasing.at(date(2026, 7, 6))
    assert chasing.tick().tasks == 3
    for loan in made:
        chasing.lending.do(loans.stop_for_death, loan.id)
    belongs_to_a_broken_hub(chasing, made[0], {"time_zone": "Nowhere/At_All"})
    assert chasing.tick() == Ticked(withdrawn=2, troubled=1)


@ON_SQLITE
def test_a_file_that_cannot_be_taken_out_of_the_outbox_does_not_end_the_tick(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick()
    (written,) = chasing.outbox()
    written.unlink()
    written.mkdir()
    chasing.lending.do(loans.stop_for_death, loan.id)
    assert chasing.tick() == Ticked(troubled=1)


def test_a_database_that_is_gone_is_nobodys_own_trouble() -> None:
    def breaks(*, gone: bool) -> None:
        raise OperationalError("SELECT 1", {}, Exception("away"), connection_invalidated=gone)

    troubled: list[int] = []
    with pytest.raises(OperationalError), apart(troubled, 1):
        breaks(gone=True)
    with apart(troubled, 2):
        breaks(gone=False)
    assert troubled == [2]

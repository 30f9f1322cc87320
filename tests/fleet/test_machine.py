"""What machines say when they refuse names the thing, where it stands, and who may do it: never an identifier."""

from __future__ import annotations

from fleet.loans.rules import LoanState
from fleet.machine import Offer, done_by, stands_elsewhere
from fleet.users.rules import Role


def test_a_move_from_elsewhere_says_where_the_thing_stands_and_where_it_should() -> None:
    wanted = (LoanState.ACTIVE, LoanState.RETURN_ARRANGED)
    said = stands_elsewhere("The loan", LoanState.OUT_FOR_DELIVERY, wanted)
    assert said == "The loan is out for delivery, and this is done to one that is active or return arranged."


def test_whoever_may_not_do_it_is_told_who_may_and_never_that_it_is_the_system() -> None:
    assert (
        done_by(frozenset({Role.TECHNICIAN, Role.HUB_ADMIN, Role.SYSTEM}))
        == "This is done by a hub admin or technician."
    )


def test_an_offer_is_allowed_once_nothing_speaks_against_it() -> None:
    assert Offer("a row", ()).allowed
    assert not Offer("a row", ("It is held.",)).allowed

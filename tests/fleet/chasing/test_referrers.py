"""Who referred somebody is shown where a coordinator rings them, and nobody is sent to a referrer who is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fleet.partners.models import OrganisationKind
from fleet.partners.service import add_organisation
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

DUE = date(2026, 6, 29)


@ON_SQLITE
def test_the_referrer_is_shown_with_a_number_to_ring_and_nobody_asks_one_who_is_none(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    with chasing.database.write() as session:
        practice = add_organisation(
            session,
            kind=OrganisationKind.REFERRER,
            name="Sample Practice",
            help_phone="020 7946 0111",
            email="team@practice.example",
            now=chasing.clock(),
        )
    referred = chasing.loan(DUE, details={"referrer_id": practice.id})
    alone = chasing.loan(DUE)
    chasing.at(date(2026, 7, 13))
    assert chasing.tick().tasks == 2
    assert chasing.entries(referred)[-1].note.startswith("Ask the referrer whether all is well.")
    assert chasing.entries(alone)[-1].note.startswith("Nobody referred them. Ask them whether all is well.")
    browser = browser_as(Role.COORDINATOR)
    pages = ("/chasing", "/requests", *(f"{place}{referred.id}" for place in ("/loans/", "/chasing/loans/")))
    for page in (*pages, f"/people/{referred.person_id}"):
        assert "Sample Practice, 020 7946 0111, team@practice.example" in browser.get(page).text, page
    assert "Ring the referrer" in browser.get("/chasing").text
    assert "Nobody referred them" in browser.get(f"/chasing/loans/{alone.id}").text

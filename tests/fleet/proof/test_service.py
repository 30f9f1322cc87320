"""Statements and lives over the database: each reader gets their own, and nobody gets a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.clock import local_date
from fleet.database.session import Database
from fleet.happening import Happening
from fleet.intake import service as intake
from fleet.intake import sources
from fleet.intake.models import DonationBatch
from fleet.loans.rules import LoanKind, LoanState
from fleet.loans.words import KIND_WORDS
from fleet.partners import service as partners
from fleet.partners.models import Organisation, OrganisationKind
from fleet.proof import queries, service
from fleet.proof.rules import Fate, HowItEnded
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.labels.reading import texts
from tests.lending import Lending
from tests.people import Browser, FakeClock
from tests.stock import certified


@pytest.fixture
def lending(
    database: Database, hub: Organisation, clock: FakeClock, settings: Settings, actor: Callable[..., Actor]
) -> Lending:
    return Lending(database, hub.id, clock, settings, {Role.TECHNICIAN: actor(Role.TECHNICIAN)})


@pytest.fixture
def batch(lending: Lending) -> DonationBatch:
    with lending.database.write() as session:
        giver = partners.add_organisation(
            session, kind=OrganisationKind.DONOR, name="Sample giver", now=lending.clock()
        )
        today = local_date(lending.clock())
        new = sources.NewBatch(donor_id=giver.id, received_on=today)
        return sources.add_batch(session, new, today=today, actor=lending.actor(Role.TECHNICIAN), now=lending.clock())


def give(lending: Lending, batch: DonationBatch, count: int) -> list[Tablet]:
    """So many tablets of this donation, still to come."""
    with lending.database.write() as session:
        serials = [f"GIFT{batch.id:03d}{number:03d}" for number in range(count)]
        source = intake.Source(batch_id=batch.id)
        happening = Happening(lending.clock())
        return intake.expect(session, serials, source=source, actor=lending.actor(Role.TECHNICIAN), happening=happening)


def stand(lending: Lending, tablet: Tablet, stage: Stage) -> None:
    with lending.database.write() as session:
        tablets.get_tablet(session, tablet.id).stage = stage


def test_a_statement_counts_each_gift_once_and_names_its_certificate(
    lending: Lending, batch: DonationBatch, settings: Settings
) -> None:
    stages = [Stage.ON_LOAN] * 3 + [Stage.REPAIR, Stage.RECYCLED, Stage.GIFTED, Stage.LOST, Stage.EXPECTED]
    given = give(lending, batch, len(stages))
    for tablet, stage in zip(given, stages, strict=True):
        stand(lending, tablet, stage)
    lending.tablet(Stage.ON_LOAN)  # nobody's gift
    number = certified(lending.database, given[0], lending.clock)
    with lending.database.read() as session:
        coordinator = lending.actor(Role.COORDINATOR)
        found = service.statement_of(session, batch.donor_id, actor=coordinator, now=lending.clock())
        pdf = service.statement_pdf(session, found, settings=settings)
    assert found.numbers.given == 7
    assert found.numbers.by_fate[Fate.IN_USE] == 3
    assert found.numbers.sentence == (
        "7 given: 3 in use, 1 being repaired, 1 given to somebody for good, 1 lost, 1 recycled. "
        "1 more is still to come."
    )
    text = " ".join(" ".join(texts(pdf)).split()).replace("\ufffe", "-")
    assert found.numbers.sentence in text
    assert number in text
    assert all(tablet.serial in text for tablet in given)


@ON_SQLITE
def test_a_giver_reads_about_their_own_gifts_alone(
    lending: Lending, batch: DonationBatch, browser_as: Callable[..., Browser]
) -> None:
    (mine,), other = give(lending, batch, 1), lending.tablet(Stage.READY)
    with lending.database.write() as session:
        stranger = partners.add_organisation(
            session, kind=OrganisationKind.DONOR, name="Another giver", now=lending.clock()
        )
    giver = browser_as(Role.DONOR, organisation_id=batch.donor_id)
    assert mine.serial in giver.get("/statements").text
    assert giver.get(f"/statements/{batch.donor_id}/pdf").content.startswith(b"%PDF")
    assert giver.get(f"/api/v1/donors/{batch.donor_id}/statement?donation={batch.id}").json()["still_to_come"] == 1
    assert giver.get(f"/api/v1/tablets/{mine.id}/life").json()["serial"] == mine.serial
    for path in (
        f"/statements/{stranger.id}",
        f"/statements/{stranger.id}/pdf",
        f"/tablets/{other.id}/life",
        f"/statements/{batch.donor_id}?donation=999",
    ):
        assert giver.get(path).status_code == 404, path
    nobody = browser_as(Role.DONOR)
    assert nobody.get("/statements").status_code == 404
    staff = browser_as(Role.HUB_ADMIN).get("/statements").text
    assert "Sample giver" in staff
    assert "1 more is still to come." in staff


def test_a_life_tells_the_loans_in_order_and_whom_it_was_with_to_nobody(lending: Lending) -> None:
    person = lending.person(first_name="Marked", last_name="Borrower")
    loan = lending.loan_at(LoanState.CLOSED_RETURNED, person=person)
    with lending.database.read() as session:
        link = queries.loans_of_tablet(session, 1)[0][0]
        tablet_id = link.tablet_id
    number = certified(lending.database, lending.read(tablets.get_tablet, tablet_id), lending.clock)
    lending.clock.advance(days=1)
    roles = {role: lending.actor(role) for role in (Role.TECHNICIAN, Role.EVALUATOR)}
    with lending.database.read() as session:
        hub = service.life_of(session, tablet_id, actor=roles[Role.TECHNICIAN], now=lending.clock())
        outside = service.life_of(session, tablet_id, actor=roles[Role.EVALUATOR], now=lending.clock())
    assert [(each.number, each.how) for each in hub.loans] == [(1, HowItEnded.BACK)]
    assert hub.loans[0].days is not None
    assert hub.loans[0].kind == KIND_WORDS[LoanKind.TABLET]
    assert hub.wipes[-1].certificate == number
    assert hub.sentence.startswith("Lent once, ")
    assert (outside.serial, outside.loans[0].days) == ("", None)
    assert outside.loans[0].began == f"{lending.clock():%B %Y}"
    for life in (hub, outside):
        told = str(life)
        assert "Marked" not in told
        assert "Borrower" not in told
        assert f"loan {loan.id}" not in told


@ON_SQLITE
def test_one_that_is_still_out_is_counted_up_to_today(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(loan.id)
    lending.clock.advance(days=9)
    with lending.database.read() as session:
        life = service.life_of(session, tablet_id, actor=lending.actor(Role.COORDINATOR), now=lending.clock())
    assert life.loans[0].how is HowItEnded.STILL_OUT
    assert life.loans[0].days == 10
    assert life.days_lent == 10

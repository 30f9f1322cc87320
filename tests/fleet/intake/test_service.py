"""The intake table: what is booked in, what is refused and why, what is held at once, and where triage sends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from fleet.database.session import Database
from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.happening import Happening
from fleet.intake import queries, service, sources
from fleet.intake.rules import Answer, BatteryLook, QuickLook, Route, StolenResult
from fleet.intake.scanning import NotReadable
from fleet.intake.service import Kind, Source
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation
from fleet.settings import Settings
from fleet.tablets import queries as tablet_queries
from fleet.tablets.models import Tablet
from fleet.tablets.rules import FINAL, DataState, Grade, HoldKind, Stage
from fleet.tablets.service import SerialAlreadyHere, get_tablet
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import FakeClock

Stock = Callable[..., Tablet]
NO_SOURCE = Source()
FINE = QuickLook(Answer.NO, Answer.NO, BatteryLook.OK)


@dataclass(frozen=True)
class Table:
    """The intake table with one technician at it; every act is committed by itself."""

    database: Database
    technician: Actor
    settings: Settings
    clock: FakeClock
    hub: Organisation

    def happening(self, client_id: str | None = None) -> Happening:
        return Happening(self.clock(), client_id=client_id)

    def scan(self, text: str, *, source: Source = NO_SOURCE, client_id: str | None = None, note: str = "") -> Tablet:
        with self.database.write() as session:
            return service.book_in(
                session,
                text,
                source=source,
                kind=Kind(serial_note=note),
                actor=self.technician,
                settings=self.settings,
                happening=self.happening(client_id),
            )

    def look(self, tablet: Tablet, look: QuickLook = FINE) -> None:
        with self.database.write() as session:
            service.record_look(session, tablet.id, look, actor=self.technician, happening=self.happening())

    def check(self, tablet: Tablet, result: StolenResult = StolenResult.CLEAR) -> None:
        with self.database.write() as session:
            service.record_stolen_check(
                session,
                tablet.id,
                provider="Sample register",
                result=result,
                ref="R-1",
                actor=self.technician,
                happening=self.happening(),
            )

    def triage(self, tablet: Tablet, grade: Grade, route: Route, reason: str = "Light marks") -> Tablet:
        with self.database.write() as session:
            return service.triage(
                session,
                tablet.id,
                grade=grade,
                route=route,
                reason=reason,
                actor=self.technician,
                settings=self.settings,
                happening=self.happening(),
            )

    def now(self, tablet: Tablet) -> Tablet:
        with self.database.read() as session:
            return get_tablet(session, tablet.id)

    def holds(self, tablet: Tablet) -> list[HoldKind]:
        with self.database.read() as session:
            return [hold.kind for hold in tablet_queries.open_holds(session, tablet.id)]


@pytest.fixture
def table(
    database: Database, actor: Callable[..., Actor], settings: Settings, clock: FakeClock, hub: Organisation
) -> Table:
    return Table(database, actor(Role.TECHNICIAN), settings, clock, hub)


def a_batch(table: Table) -> int:
    with table.database.write() as session:
        donor = add_organisation(session, kind=OrganisationKind.DONOR, name="Sample Giver", now=table.clock())
        new = sources.NewBatch(donor_id=donor.id, received_on=table.clock().date(), expected_count=2)
        made = sources.add_batch(session, new, today=table.clock().date(), actor=table.technician, now=table.clock())
        return made.id


def test_a_scanned_serial_is_received_into_its_batch(table: Table) -> None:
    batch = a_batch(table)
    tablet = table.scan("S/N: R52N80ABCDE", source=Source(batch_id=batch))
    assert (tablet.serial, tablet.stage, tablet.data) == ("R52N80ABCDE", Stage.RECEIVED, DataState.UNKNOWN)
    with table.database.read() as session:
        assert [found.id for found in queries.tablets_of(session, batch_id=batch)] == [tablet.id]


def test_an_expected_tablet_is_received_and_not_added_twice(table: Table) -> None:
    with table.database.write() as session:
        expected = service.expect(
            session,
            ["R52N80ABCDE", "", "R52N80ABCDF"],
            source=Source(),
            actor=table.technician,
            happening=table.happening(),
        )
    assert len(expected) == 2
    assert table.scan("r52n80abcde").id == expected[0].id
    assert table.now(expected[1]).stage is Stage.EXPECTED


@pytest.mark.parametrize(
    ("stage", "what_to_do"),
    [
        (Stage.READY, "open that one"),
        (Stage.ON_LOAN, "open the loan"),
        (Stage.LOST, "press “Found”"),
        (Stage.RECEIVED, "nothing needs booking in"),
    ],
)
def test_a_serial_in_the_fleet_is_refused_with_where_it_is_and_what_to_do(
    table: Table, stock: Stock, stage: Stage, what_to_do: str
) -> None:
    known = stock(stage)
    with pytest.raises(SerialAlreadyHere, match=f"tablet {known.id}") as refused:
        table.scan(known.serial.lower())
    assert what_to_do in refused.value.next_step
    assert refused.value.details == {"tablet_id": known.id}
    with table.database.read() as session:
        assert queries.intake_of(session, known.id) is None


def test_a_second_tablet_with_a_makers_repeated_serial_is_told_apart_by_a_note(table: Table, stock: Stock) -> None:
    known = stock(Stage.READY, serial="0123456789ABCDEF")
    second = table.scan("0123456789ABCDEF", note="blue case")
    assert second.id != known.id
    with pytest.raises(SerialAlreadyHere):
        table.scan("0123456789ABCDEF", note="blue case")


def test_a_tablet_that_left_the_fleet_may_be_given_again(table: Table, stock: Stock) -> None:
    gone = stock(Stage.GIFTED)
    assert table.scan(gone.serial).id != gone.id


def test_our_own_label_names_a_tablet_too(table: Table, stock: Stock) -> None:
    expected = stock(Stage.EXPECTED)
    with table.database.write() as session:
        code = tags.make_tags(session, [expected.id], actor=table.technician, happening=table.happening())[0].code
    assert table.scan(f"HTTPS://T.EXAMPLE/T/{code[:4]}-{code[4:]}").id == expected.id
    with pytest.raises(SerialAlreadyHere):
        table.scan(code.lower())


@pytest.mark.parametrize(
    ("scan", "said"),
    [
        ("", "Scan the barcode marked S/N"),
        ("ab", "This is no serial"),
        ("490154203237518", "This is an IMEI"),
        ("K7F3-QY", "does not check"),
        ("K7F3-QX", "not one of ours"),
        ("https://shop.example/offers", "address of something else"),
    ],
)
def test_a_scan_that_cannot_be_used_says_what_to_scan_instead(table: Table, scan: str, said: str) -> None:
    with pytest.raises(NotReadable) as refused:
        table.scan(scan)
    assert said in refused.value.fields["scan"]


def test_the_same_scan_sent_twice_by_a_client_books_in_once(table: Table) -> None:
    first = table.scan("R52N80ABCDE", client_id="bench-0001")
    assert table.scan("R52N80ABCDE", client_id="bench-0001").id == first.id


@pytest.mark.parametrize("battery", [look for look in BatteryLook if look is not BatteryLook.OK])
def test_a_bad_battery_is_held_for_safety_at_once(table: Table, battery: BatteryLook) -> None:
    tablet = table.scan("R52N80ABCDE")
    table.look(tablet, QuickLook(Answer.NO, Answer.NO, battery))
    assert table.holds(tablet) == [HoldKind.SAFETY]


def test_a_locked_tablet_is_held_for_identity_and_stays_out_of_the_wipe_queue(table: Table) -> None:
    tablet = table.scan("R52N80ABCDE")
    table.look(tablet, QuickLook(Answer.YES, Answer.YES, BatteryLook.OK))
    table.check(tablet)
    table.triage(tablet, Grade.A, Route.USABLE)
    assert table.holds(tablet) == [HoldKind.IDENTITY]
    assert table.now(tablet).stage is Stage.TRIAGED


@pytest.mark.parametrize(
    ("grade", "route", "stage"),
    [
        (Grade.A, Route.USABLE, Stage.AWAITING_WIPE),
        (Grade.C, Route.REPAIR, Stage.REPAIR),
        (Grade.X, Route.RECYCLE, Stage.RETIRED),
        (Grade.X, Route.PARTS, Stage.RETIRED),
    ],
)
def test_triage_sends_a_tablet_where_its_route_leads(table: Table, grade: Grade, route: Route, stage: Stage) -> None:
    tablet = table.scan("R52N80ABCDE")
    table.look(tablet)
    table.check(tablet)
    table.triage(tablet, grade, route)
    assert (table.now(tablet).stage, table.now(tablet).grade) == (stage, grade)


def test_triage_names_everything_that_is_missing_and_changes_nothing(table: Table) -> None:
    tablet = table.scan("R52N80ABCDE")
    with pytest.raises(MoveRefused) as refused:
        table.triage(tablet, Grade.X, Route.USABLE, reason="")
    assert len(refused.value.reasons) == 4
    assert (table.now(tablet).stage, table.now(tablet).grade) == (Stage.RECEIVED, None)


def test_a_stolen_tablet_is_held_and_cannot_be_waived_through(table: Table, actor: Callable[..., Actor]) -> None:
    tablet = table.scan("R52N80ABCDE")
    table.look(tablet)
    table.check(tablet, StolenResult.HIT)
    assert table.holds(tablet) == [HoldKind.IDENTITY]
    with pytest.raises(Conflict), table.database.write() as session:
        service.waive_stolen_check(
            session, tablet.id, reason="Known giver", actor=actor(Role.COORDINATOR), happening=table.happening()
        )
    with pytest.raises(MoveRefused, match="not finished"):
        table.triage(tablet, Grade.A, Route.USABLE)


def test_a_coordinator_waives_the_stolen_check_with_a_reason(table: Table, actor: Callable[..., Actor]) -> None:
    tablet = table.scan("R52N80ABCDE")
    table.look(tablet)
    coordinator = actor(Role.COORDINATOR)
    with pytest.raises(BadInput), table.database.write() as session:
        service.waive_stolen_check(session, tablet.id, reason=" ", actor=coordinator, happening=table.happening())
    with table.database.write() as session:
        service.waive_stolen_check(
            session,
            tablet.id,
            reason="Bought by the giver, invoice seen",
            actor=coordinator,
            happening=table.happening(),
        )
    assert table.triage(tablet, Grade.B, Route.USABLE).stage is Stage.AWAITING_WIPE


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in FINAL])
def test_a_hazard_holds_a_tablet_from_any_stage(
    table: Table, stock: Stock, actor: Callable[..., Actor], stage: Stage
) -> None:
    tablet = stock(stage)
    with table.database.write() as session:
        service.report_hazard(
            session, tablet.serial, seen="Hot and swollen", actor=actor(Role.COURIER), happening=table.happening()
        )
    assert table.holds(tablet) == [HoldKind.SAFETY]
    assert table.now(tablet).stage is stage


def test_a_serial_that_fails_leaves_no_half_of_the_list_behind(table: Table, stock: Stock) -> None:
    known = stock(Stage.READY)
    with pytest.raises(SerialAlreadyHere), table.database.write() as session:
        service.expect(
            session,
            ["R52N80ABCDE", known.serial],
            source=Source(),
            actor=table.technician,
            happening=table.happening(),
        )
    with table.database.read() as session:
        assert tablet_queries.live_tablets_with_serial(session, "R52N80ABCDE") == []


def test_a_batch_says_what_is_wrong_with_it(table: Table) -> None:
    today = table.clock().date()
    new = sources.NewBatch(
        donor_id=table.hub.id,
        received_on=today + timedelta(days=1),
        declared=frozenset({"owns_it", "nonsense"}),
    )
    with pytest.raises(BadInput) as refused, table.database.write() as session:
        sources.add_batch(session, new, today=today, actor=table.technician, now=table.clock())
    assert set(refused.value.fields) == {"donor_id", "received_on", "declared", "declared_by"}


def test_a_lot_says_what_is_wrong_with_it(table: Table) -> None:
    new = sources.NewLot(supplier="", invoice_ref=" ", bought_on=table.clock().date(), cost_pence=-1, funder_id=999)
    with pytest.raises(BadInput) as refused, table.database.write() as session:
        sources.add_lot(session, new, today=table.clock().date(), actor=table.technician, now=table.clock())
    assert set(refused.value.fields) == {"supplier", "invoice_ref", "cost_pence", "funder_id"}

"""The one writer: refuses in words, records everything, and does the same thing once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from fleet.database.session import Database
from fleet.errors import Conflict, MoveRefused
from fleet.happening import Happening
from fleet.partners.models import Organisation
from fleet.settings import Settings
from fleet.tablets import queries, service
from fleet.tablets.models import Tablet
from fleet.tablets.rules import DataState, HoldKind, Move, Stage
from fleet.tablets.service import SerialAlreadyHere
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import FakeClock


def test_a_move_is_recorded_with_who_what_when_and_from_where(
    database: Database, settings: Settings, clock: FakeClock, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    technician, tablet = actor(Role.TECHNICIAN), stock(Stage.TRIAGED)
    phone_time = clock().replace(year=1970)
    happening = Happening(now=clock(), source="phone", client_at=phone_time, client_id="scan-0001")
    with database.write() as session:
        service.move(session, tablet.id, Move.QUEUE_WIPE, actor=technician, settings=settings, happening=happening)
    with database.read() as session:
        event = queries.events(session, tablet.id)[0]
    assert (event.kind, event.stage, event.actor_name, event.role) == (
        "queue_wipe",
        Stage.AWAITING_WIPE,
        technician.name,
        "technician",
    )
    assert (event.at, event.client_at, event.source) == (clock(), phone_time, "phone")


def test_the_same_client_id_twice_changes_nothing_and_gets_the_same_answer(
    database: Database, settings: Settings, clock: FakeClock, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    technician, tablet = actor(Role.TECHNICIAN), stock(Stage.TRIAGED)
    happening = Happening(now=clock(), client_id="scan-0001")
    answers = []
    for _ in range(2):
        with database.write() as session:
            event = service.move(
                session, tablet.id, Move.QUEUE_WIPE, actor=technician, settings=settings, happening=happening
            )
            answers.append(event.id)
    assert answers[0] == answers[1]
    with database.read() as session:
        assert queries.event_count(session, tablet.id) == 1


def test_a_refusal_changes_nothing_and_lists_every_reason(
    database: Database, settings: Settings, clock: FakeClock, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    tablet = stock(Stage.PROVISIONED, battery_percent=10, kit_checked_at=None)
    with pytest.raises(MoveRefused) as refused, database.write() as session:
        service.move(
            session,
            tablet.id,
            Move.MAKE_READY,
            actor=actor(Role.TECHNICIAN),
            settings=settings,
            happening=Happening(now=clock()),
        )
    assert len(refused.value.reasons) == 2
    with database.read() as session:
        assert service.get_tablet(session, tablet.id).stage is Stage.PROVISIONED
        assert queries.event_count(session, tablet.id) == 0


def test_two_people_press_the_same_button_and_one_is_told_so(
    database: Database, settings: Settings, clock: FakeClock, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    tablet, people = stock(Stage.TRIAGED), [actor(Role.TECHNICIAN) for _ in range(2)]
    together, outcomes = threading.Barrier(2), []

    def press(who: Actor) -> None:
        together.wait()
        try:
            with database.write() as session:
                service.press(
                    session,
                    tablet.id,
                    Move.QUEUE_WIPE,
                    actor=who,
                    settings=settings,
                    happening=Happening(now=clock()),
                )
            outcomes.append("done")
        except MoveRefused as refused:
            outcomes.append(refused.reasons[0])

    threads = [threading.Thread(target=press, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["It is awaiting wipe, and this is done to one that is triaged.", "done"]
    with database.read() as session:
        assert queries.event_count(session, tablet.id) == 1


def test_a_serial_that_lives_in_the_fleet_is_refused_with_where_it_is(
    database: Database, clock: FakeClock, hub: Organisation, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    known = stock(Stage.READY, serial="R52N90ABCDE")
    with pytest.raises(SerialAlreadyHere, match=f"tablet {known.id}, ready"), database.write() as session:
        service.expect_tablet(
            session,
            hub_id=hub.id,
            serial="r52n90abcde",
            actor=actor(Role.TECHNICIAN),
            happening=Happening(now=clock()),
        )
    with database.read() as session:
        assert len(queries.live_tablets_with_serial(session, "R52N90ABCDE")) == 1


def test_a_recycled_tablets_serial_may_come_back(
    database: Database, clock: FakeClock, hub: Organisation, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    stock(Stage.RECYCLED, serial="R52N90ABCDE")
    with database.write() as session:
        again = service.expect_tablet(
            session,
            hub_id=hub.id,
            serial="R52N90ABCDE",
            actor=actor(Role.TECHNICIAN),
            happening=Happening(now=clock()),
        )
    assert again.stage is Stage.EXPECTED


def test_makers_who_repeat_serials_are_told_apart_by_a_note(
    database: Database, clock: FakeClock, hub: Organisation, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    stock(Stage.READY, serial="0123456789ABCDEF")
    with database.write() as session:
        second = service.expect_tablet(
            session,
            hub_id=hub.id,
            serial="0123456789ABCDEF",
            serial_note="second of two",
            actor=actor(Role.TECHNICIAN),
            happening=Happening(now=clock()),
        )
    assert second.data is DataState.UNKNOWN


def test_a_safety_hold_can_be_placed_from_any_stage_and_lifted_once(
    database: Database, clock: FakeClock, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    courier, technician = actor(Role.COURIER), actor(Role.TECHNICIAN)
    for stage in (Stage.ON_LOAN, Stage.IN_TRANSIT_OUT, Stage.READY, Stage.WIPING):
        tablet = stock(stage)
        seen = Happening(now=clock(), reason="It is hot and swollen.")
        with database.write() as session:
            service.place_hold(session, tablet.id, HoldKind.SAFETY, actor=courier, happening=seen)
            service.place_hold(session, tablet.id, HoldKind.SAFETY, actor=courier, happening=seen)
        with database.read() as session:
            assert [hold.kind for hold in queries.open_holds(session, tablet.id)] == [HoldKind.SAFETY]
        settled = Happening(now=clock(), reason="Battery replaced.")
        with database.write() as session:
            service.lift_hold(session, tablet.id, HoldKind.SAFETY, actor=technician, happening=settled)
        with pytest.raises(Conflict, match="lifted already"), database.write() as session:
            service.lift_hold(session, tablet.id, HoldKind.SAFETY, actor=technician, happening=settled)


def test_moves_that_belong_to_another_room_are_not_pressed_on_the_tablets_page(
    database: Database, settings: Settings, clock: FakeClock, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    tablet = stock(Stage.WIPING)
    with pytest.raises(MoveRefused, match="recorded where that work is done"), database.write() as session:
        service.press(
            session,
            tablet.id,
            Move.WIPE_PASSED,
            actor=actor(Role.TECHNICIAN),
            settings=settings,
            happening=Happening(now=clock()),
        )


def test_a_tablet_that_cannot_be_wiped_leaves_by_a_destruction_order(
    database: Database, settings: Settings, clock: FakeClock, stock: Callable[..., Tablet], actor: Callable[..., Actor]
) -> None:
    technician, coordinator = actor(Role.TECHNICIAN), actor(Role.COORDINATOR)
    tablet = stock(Stage.AWAITING_WIPE)
    dead = Happening(now=clock(), reason="The board is dead.")

    def press(name: Move, who: Actor) -> None:
        with database.write() as session:
            service.press(session, tablet.id, name, actor=who, settings=settings, happening=dead)

    press(Move.RETIRE, technician)
    with pytest.raises(MoveRefused, match="Nothing was changed"):
        press(Move.RELEASE_FOR_RECYCLING, coordinator)
    with database.write() as session:
        service.order_destruction(session, tablet.id, actor=coordinator, happening=dead)
    press(Move.RELEASE_FOR_RECYCLING, coordinator)
    with pytest.raises(MoveRefused, match="recorded where that work is done"):
        press(Move.RECYCLE, coordinator)
    with database.write() as session:
        service.move(session, tablet.id, Move.RECYCLE, actor=coordinator, settings=settings, happening=dead)
    with database.read() as session:
        assert service.get_tablet(session, tablet.id).stage is Stage.RECYCLED
        assert service.get_tablet(session, tablet.id).data is DataState.DIRTY


def test_a_serial_is_looked_up_by_an_index_in_whatever_letters(database: Database) -> None:
    """Every scan at the desk, the bench and intake asks this: never of all tablets."""
    on_sqlite = database.engine.dialect.name == "sqlite"
    with database.engine.connect() as connection:
        if not on_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
        statement = queries._LIVE_WITH_SERIAL.params(serial="sample0001")
        written = statement.compile(database.engine, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"{explain} {written}").all()
    assert "ix_tablet_serial_lower" in str(plan)

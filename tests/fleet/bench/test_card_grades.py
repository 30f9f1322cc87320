"""A tablet that waits for its triage asks for one scan: a grade card, then the tablet; and one scan takes it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.bench import service
from fleet.bench.models import Scan
from fleet.bench.rules import RunState
from fleet.bench.scan_words import ScanOutcome
from fleet.bench.service.autopilot import next_in_slot
from fleet.bench.steering import Picture, Standing, next_thing
from fleet.intake import queries as intake_queries
from fleet.intake import service as intake
from fleet.intake.rules import Answer, BatteryLook, QuickLook, StolenResult
from fleet.tablets import service as tablets
from fleet.tablets.rules import Grade, HoldKind, Stage
from fleet.users.rules import Role
from tests.fleet.bench.piloting import Pilot
from tests.fleet.bench.workbench import Place, Workbench
from tests.people import Browser

NO_TRIAGE = {"grade": None, "accounts_answered": False}


def received(workbench: Workbench, *, checked: bool = True, personality: str = "samsung-tab-a9-14") -> Place:
    place = workbench.place(personality, stage=Stage.RECEIVED, **NO_TRIAGE)
    workbench.trust(place)
    if checked:
        check(workbench, place)
    return place


def check(workbench: Workbench, place: Place, result: StolenResult = StolenResult.CLEAR) -> None:
    with workbench.database.write() as session:
        actor, happening = workbench.technician, workbench.happening()
        intake.record_stolen_check(
            session,
            place.tablet.id,
            provider="Sample Register",
            result=result,
            ref="1",
            actor=actor,
            happening=happening,
        )


@pytest.fixture
def scan(workbench: Workbench) -> Callable[[str], Scan]:
    def once(text: str) -> Scan:
        with workbench.database.write() as session:
            return service.scan(
                session,
                workbench.bench.id,
                text,
                actor=workbench.technician,
                settings=workbench.settings,
                now=workbench.clock(),
            )

    return once


def test_one_card_and_one_scan_take_a_received_tablet_all_the_way(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench)
    pilot = Pilot(workbench)
    pilot.switch_on()
    view = pilot.work(place)
    assert (view.word, view.first, view.picture) == ("Hands", "Waits for a grade", Picture.GRADE)
    assert view.second == "Scan a grade card, then the tablet. Its facts suggest A."
    scan("GRADE-B")
    graded = scan(place.tablet.serial)
    assert graded.outcome is ScanOutcome.APPLIED
    assert "has grade B: marked." in graded.said
    view = pilot.work(place)
    assert (view.word, view.first) == ("Ready", "Take it out")
    tablet = workbench.tablet(place)
    assert (tablet.grade, tablet.stage) == (Grade.B, Stage.PROVISIONED)
    with workbench.database.read() as session:
        record = intake_queries.intake_of(session, tablet.id)
        assert record is not None
        assert (record.accounts_left, record.condition) == (Answer.UNKNOWN, "Body marked.")
        assert record.triaged_by == workbench.technician.name


def test_nobody_grades_before_the_stolen_check_is_written_down(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench, checked=False)
    pilot = Pilot(workbench)
    pilot.switch_on()
    assert pilot.work(place).first == "Was it stolen?"
    scan("GRADE-A")
    refused = scan(place.tablet.serial)
    assert refused.outcome is ScanOutcome.BLOCKED
    assert "Record the stolen check first" in refused.said
    with workbench.database.read() as session:
        record = intake_queries.intake_of(session, place.tablet.id)
        assert record is None or record.looked_at is None, "a refused scan writes nothing down"
    assert workbench.tablet(place).stage is Stage.RECEIVED


def test_a_tablet_that_the_register_knows_is_held_and_takes_no_grade(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench, checked=False)
    check(workbench, place, StolenResult.HIT)
    scan("GRADE-A")
    refused = scan(place.tablet.serial)
    assert refused.outcome is ScanOutcome.BLOCKED
    assert "The stolen check found it" in refused.said


def test_a_card_that_is_kinder_than_the_facts_is_answered_with_the_facts(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench, personality="lenovo-tab-m10-9")
    Pilot(workbench).switch_on()
    Pilot(workbench).watch()
    scan("GRADE-A")
    graded = scan(place.tablet.serial)
    assert graded.outcome is ScanOutcome.APPLIED
    assert graded.next_step.startswith("It runs Android 9, and the oldest we lend is")
    assert workbench.tablet(place).stage is Stage.TRIAGED, "the wipe waits for the coordinator's waiver"
    workbench.settings = workbench.settings.model_copy(update={"os_floor_release": 9})
    assert scan("MODE-UNDO").outcome is ScanOutcome.APPLIED
    graded = scan(place.tablet.serial)
    assert graded.next_step.startswith("Its facts suggest C: It has 2 GB of memory")


def test_undo_takes_the_grade_back_and_stops_the_wipe_that_began_with_it(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench)
    pilot = Pilot(workbench)
    pilot.switch_on()
    pilot.watch()
    scan("GRADE-A")
    scan(place.tablet.serial)
    with workbench.database.write() as session:
        slot = service.get_slot(session, place.row.id)
        bench = service.get_bench(session, slot.bench_id)
        coming = next_in_slot(session, slot, bench, settings=workbench.settings, now=workbench.clock())
        assert coming is not None
        assert coming.act == "wipe"
    run = workbench.start_wipe(place)
    back = scan("MODE-UNDO")
    assert back.outcome is ScanOutcome.APPLIED
    assert "waits for a grade" in back.said
    assert (workbench.tablet(place).grade, workbench.tablet(place).stage) == (None, Stage.RECEIVED)
    assert workbench.run(run).cancelled_by == workbench.technician.name
    assert scan("MODE-UNDO").outcome is ScanOutcome.NOT_FOUND
    scan("GRADE-C")
    assert scan(place.tablet.serial).outcome is ScanOutcome.APPLIED


def test_a_grade_stands_once_its_reset_page_is_open_or_ten_minutes_are_over(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench)
    scan("GRADE-A")
    scan(place.tablet.serial)
    assert workbench.turn(workbench.start_wipe(place)).state is RunState.WAITING_HANDS
    assert "cannot be called back" in scan("MODE-UNDO").said
    workbench.clock.advance(seconds=601)
    assert "more than ten minutes ago" in scan("MODE-UNDO").said


def test_a_second_scan_says_that_it_has_its_grade_and_another_card_changes_nothing(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench)
    scan("GRADE-B")
    scan(place.tablet.serial)
    assert scan(place.tablet.serial).outcome is ScanOutcome.ALREADY
    scan("GRADE-A")
    assert scan(place.tablet.serial).outcome is ScanOutcome.BLOCKED
    assert workbench.tablet(place).grade is Grade.B


def test_a_held_tablet_is_graded_and_waits_with_its_reason(workbench: Workbench, scan: Callable[[str], Scan]) -> None:
    place = received(workbench)
    with workbench.database.write() as session:
        happening = workbench.happening(reason="Somebody says it is theirs.")
        tablets.place_hold(session, place.tablet.id, HoldKind.IDENTITY, actor=workbench.technician, happening=happening)
    scan("GRADE-B")
    graded = scan(place.tablet.serial)
    assert (graded.outcome, workbench.tablet(place).stage) == (ScanOutcome.APPLIED, Stage.TRIAGED)
    assert "It is held (identity)" in graded.next_step


def test_a_tablet_whose_facts_say_that_it_is_past_use_asks_for_a_person() -> None:
    coming = next_thing(Standing(Stage.RECEIVED, suggested="X", unusable="Its battery is spent."))
    assert (coming.act, coming.first) == (None, "It may be past use")
    assert coming.second.startswith("Its battery is spent.")


def test_the_cards_page_and_the_sheet_lead_to_the_grade_cards(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = received(workbench)
    technician = browser_as(Role.TECHNICIAN)
    cards = technician.get("/bench/cards").text
    assert all(code in cards for code in ("GRADE-A", "GRADE-B", "GRADE-C"))
    assert "neither swollen, hot nor leaking" in cards
    technician.submit(f"/bench/slots/{place.row.id}/look")
    workbench.look_as_asked()
    sheet = technician.get(f"/bench/{workbench.bench.id}?open={place.row.id}").text
    assert "Waits for a grade" in sheet
    assert f'href="/intake/{place.tablet.id}"' in sheet


def test_undo_stops_no_run_where_the_grade_could_not_be_taken_back(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench)
    scan("GRADE-A")
    scan(place.tablet.serial)
    assert workbench.finish(workbench.start_wipe(place), place).state is RunState.PASSED
    provision = workbench.start_provision(place)
    with workbench.database.write() as session:
        service.get_run(session, provision.id).worker = "worker one"
    refused = scan("MODE-UNDO")
    assert refused.outcome is ScanOutcome.BLOCKED
    assert workbench.run(provision).cancelled_by is None


def test_what_a_card_said_of_the_body_is_taken_back_with_its_grade_and_a_persons_own_look_is_not(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench)
    scan("GRADE-A")
    scan(place.tablet.serial)
    scan("MODE-UNDO")
    assert not workbench.tablet(place).accounts_answered
    scan("GRADE-C")
    scan(place.tablet.serial)
    with workbench.database.read() as session:
        record = intake_queries.intake_of(session, place.tablet.id)
        assert record is not None
        assert record.condition == "Body works, with a fault we accept."
    looked = received(workbench)
    look = QuickLook(Answer.NO, Answer.NO, BatteryLook.OK, "A scratch on its back.")
    with workbench.database.write() as session:
        actor, happening = workbench.technician, workbench.happening()
        intake.record_look(session, looked.tablet.id, look, actor=actor, happening=happening)
    workbench.clock.advance(seconds=1)
    scan(looked.tablet.serial)
    scan("MODE-UNDO")
    assert workbench.tablet(looked).accounts_answered
    with workbench.database.read() as session:
        record = intake_queries.intake_of(session, looked.tablet.id)
        assert record is not None
        assert (record.condition, record.looked_by) == ("A scratch on its back.", workbench.technician.name)


def test_a_wipe_that_rests_after_its_reset_page_was_opened_is_not_called_back(
    workbench: Workbench, scan: Callable[[str], Scan]
) -> None:
    place = received(workbench)
    scan("GRADE-A")
    scan(place.tablet.serial)
    run = workbench.start_wipe(place)
    assert workbench.turn(run).state is RunState.WAITING_HANDS
    with workbench.database.write() as session:
        service.pause_run(session, run.id, actor=workbench.technician, happening=workbench.happening())
    assert workbench.run(run).state is RunState.PAUSED
    assert "cannot be called back" in scan("MODE-UNDO").said
    assert (workbench.run(run).state, workbench.tablet(place).stage) == (RunState.PAUSED, Stage.WIPING)

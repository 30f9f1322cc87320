"""Mode cards at the desk: each scan is one act, answered once, said in words, taken back where that is possible."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fleet.bundles import queries as bundle_queries
from fleet.bundles import service as bundles
from fleet.bundles.rules import SimKind
from fleet.deliveries import queries as delivery_queries
from fleet.deliveries.rules import Action, JobState
from fleet.desk.rules import CARDS, DeskMode, DeskOutcome, card_of
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, StopReason
from fleet.tablets import service as tablets
from fleet.tablets.rules import Custody, DataState, HoldKind, Stage
from fleet.tags.rules.codes import check_character
from fleet.users.rules import Role
from tests.delivering import DONE_AT_THE_DOOR
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.desk.conftest import AtTheDesk


def test_a_card_is_read_however_it_is_typed_and_no_two_share_a_code() -> None:
    assert card_of(" desk put away ") == card_of("DESK-PUT-AWAY")
    assert card_of("DESK-NOTHING") is None
    assert len({card.code for card in CARDS}) == len(CARDS)
    assert {card.mode for card in CARDS if card.mode} == set(DeskMode)


@pytest.mark.parametrize(
    ("stage", "after", "words"),
    [
        (Stage.IN_TRANSIT_BACK, Stage.RETURNED, "is back."),
        (Stage.LOST, Stage.RETURNED, "was LOST, and is found."),
        (Stage.EXPECTED, Stage.RECEIVED, "is received."),
    ],
)
def test_receiving_takes_in_whatever_came_and_a_second_scan_says_already(
    desk: AtTheDesk, stage: Stage, after: Stage, words: str
) -> None:
    tablet, code = desk.tablet(stage)
    assert desk.said("DESK-RECEIVE", code) == (
        "applied",
        f"{code} {words}" + " It holds somebody's data." * (stage is Stage.LOST),
    )
    assert desk.again(tablet.id).stage is after
    outcome, said = desk.said(code)
    assert outcome == "already"
    assert "at the hub already" in said


@ON_SQLITE
def test_the_old_label_of_a_swap_says_swapped_out_and_what_to_do(desk: AtTheDesk) -> None:
    delivering = desk.delivering
    job = delivering.swap(delivering.run())
    own, other = delivering.code(job.tablet_id), delivering.other_code(job)
    delivering.tell_one(delivering.fact(Action.LOAD, job, code=other))
    done = replace(DONE_AT_THE_DOOR, second_code=other, sim_in_tray=False)
    delivering.tell_one(delivering.fact(Action.SWAP, job, minutes=1, details=done))
    found = desk.scan("DESK-FIND", own)
    assert found.said == f"{own}: coming back. Swapped out: {other} stays instead."
    assert found.next_step == "It holds somebody's data: bring it to the hub and scan it in there."
    assert desk.said("DESK-RECEIVE", own) == ("applied", f"{own} is back. Swapped out: {other} stays instead.")
    assert "Swapped" not in desk.scan("DESK-FIND", other).said


def test_receiving_closes_no_loan_that_is_not_back_and_hands_in_one_that_is(desk: AtTheDesk) -> None:
    active = without_sim(desk, LoanState.ACTIVE)
    tablet_id = desk.lending.tablet_id(active.id)
    code = desk.delivering.code(tablet_id)
    assert desk.said("DESK-RECEIVE", code) == ("applied", f"{code} is back.")
    assert desk.lending.read(loans.get_loan, active.id).returned_on is not None
    assert desk.said("DESK-CLEAN", code) == ("applied", f"{code} is cleaned.")
    assert desk.said(code) == ("already", f"{code} is cleaned already.")
    assert desk.lending.read(loans.get_loan, active.id).state is LoanState.CLOSED_RETURNED
    ready, other = desk.tablet(Stage.READY)
    assert desk.said(other)[0] == "blocked"
    assert desk.again(ready.id).stage is Stage.READY


def test_what_was_on_its_way_to_somebody_who_died_is_put_away(desk: AtTheDesk) -> None:
    stopped, other = (desk.lending.loan_at(LoanState.OUT_FOR_DELIVERY) for _ in range(2))
    one, two = (desk.delivering.code(desk.lending.tablet_id(each.id)) for each in (stopped, other))
    desk.lending.do(loans.stop_contact, stopped.id, StopReason.DIED)
    told = desk.scan("DESK-RECEIVE", one)
    assert (told.said, told.next_step) == (f"{one} is back, not delivered. Nobody waits for it.", "Put it away.")
    assert desk.scan(two).said == f"{two} is back, not delivered. It stays kept for its loan."


def test_what_was_received_by_mistake_stands_as_before_and_its_loan_runs_on(desk: AtTheDesk) -> None:
    lending = desk.lending
    lent = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(lent.id)
    code = desk.delivering.code(tablet_id)
    desk.scan("DESK-RECEIVE", code)
    assert lending.read(loans.get_loan, lent.id).state is LoanState.COLLECTED
    assert desk.said("MODE-UNDO") == ("applied", f"Taken back: {code} is on loan as before.")
    loan, tablet = lending.read(loans.get_loan, lent.id), desk.again(tablet_id)
    assert (loan.state, loan.returned_on, loan.due_on) == (LoanState.ACTIVE, None, lent.due_on)
    assert (tablet.stage, tablet.custody, tablet.holder) == (Stage.ON_LOAN, Custody.PARTICIPANT, f"loan {lent.id}")
    assert desk.said("MODE-UNDO") == ("not_found", "There is nothing of yours here to take back.")
    assert desk.said("DESK-RECEIVE", code)[0] == "applied", "and it may come back on another day"
    with lending.database.read() as session:
        link = loans.open_sim(session, lent.id)
        assert link is not None
        assert [each.kind for each in bundle_queries.events(session, link.sim_id)][:3] == [
            "suspend",
            "activate",
            "suspend",
        ]


def test_a_courier_s_tablet_received_by_mistake_is_with_the_courier_again(desk: AtTheDesk) -> None:
    lending = desk.lending
    coming, going = lending.loan_at(LoanState.COLLECTED), lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    for loan, stage, state in (
        (coming, Stage.IN_TRANSIT_BACK, LoanState.COLLECTED),
        (going, Stage.IN_TRANSIT_OUT, LoanState.OUT_FOR_DELIVERY),
    ):
        tablet_id = lending.tablet_id(loan.id)
        had, code = desk.again(tablet_id).holder, desk.delivering.code(tablet_id)
        desk.scan("DESK-RECEIVE", code)
        assert desk.again(tablet_id).custody is Custody.HUB
        assert desk.said("MODE-UNDO")[0] == "applied"
        tablet, after = desk.again(tablet_id), lending.read(loans.get_loan, loan.id)
        assert (tablet.stage, tablet.custody, tablet.holder) == (stage, Custody.COURIER, had)
        assert (after.state, after.attempts) == (state, 0)


def test_an_expected_tablet_is_expected_again_and_a_found_one_stays_found(desk: AtTheDesk) -> None:
    expected, lost = desk.lending.tablet(Stage.EXPECTED), desk.tablet(Stage.LOST)[1]
    desk.scan("DESK-RECEIVE", expected.serial)
    assert desk.said("MODE-UNDO")[0] == "applied"
    assert (desk.again(expected.id).stage, desk.again(expected.id).custody) == (Stage.EXPECTED, Custody.DONOR)
    desk.scan("DESK-RECEIVE", lost)
    stays = desk.scan("MODE-UNDO")
    assert (stays.outcome, "it was lost, and it is found" in stays.said) == (DeskOutcome.BLOCKED, True)


def test_a_tablet_cleaned_by_mistake_waits_again_and_so_does_its_loan(desk: AtTheDesk) -> None:
    lending = desk.lending
    lent = without_sim(desk, LoanState.COLLECTED)
    tablet_id = lending.tablet_id(lent.id)
    code = desk.delivering.code(tablet_id)
    desk.scan("DESK-RECEIVE", code, "DESK-CLEAN", code)
    assert lending.read(loans.get_loan, lent.id).state is LoanState.CLOSED_RETURNED
    other = replace(desk, actor=lending.actor(Role.HUB_ADMIN))
    assert other.said("MODE-UNDO")[0] == "not_found", "it is not theirs to take back"
    assert desk.said("MODE-UNDO") == ("applied", f"Taken back: {code} waits to be looked over and cleaned.")
    loan, tablet = lending.read(loans.get_loan, lent.id), desk.again(tablet_id)
    assert (loan.state, loan.closed_at, lending.tablet_id(loan.id)) == (LoanState.COLLECTED, None, tablet_id)
    assert (tablet.stage, tablet.data, tablet.kit_checked_at) == (Stage.RETURNED, DataState.DIRTY, None)
    assert desk.said("DESK-CLEAN", code)[0] == "applied"
    lending.clock.advance(minutes=11)
    assert desk.said("MODE-UNDO")[0] == "blocked", "after ten minutes it stands"
    assert lending.read(loans.get_loan, lent.id).state is LoanState.CLOSED_RETURNED


def without_sim(desk: AtTheDesk, state: LoanState) -> Loan:
    """A loan to somebody who has internet at home."""
    lending = desk.lending
    loan = lending.loan_at(LoanState.APPROVED, lending.programme(bundle_required=False))
    lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id)
    for step in (LoanState.OUT_FOR_DELIVERY, LoanState.ACTIVE, LoanState.RETURN_ARRANGED, LoanState.COLLECTED):
        lending.step(loan.id, step)
        if step is state:
            break
    return lending.read(loans.get_loan, loan.id)


@ON_SQLITE
def test_no_loan_closes_at_the_desk_before_somebody_looked_for_its_sim(desk: AtTheDesk) -> None:
    """Rule R28."""
    lent = desk.lending.loan_at(LoanState.COLLECTED)
    tablet_id = desk.lending.tablet_id(lent.id)
    code = desk.delivering.code(tablet_id)
    stopped = desk.scan("DESK-RECEIVE", code, "DESK-CLEAN", code)
    assert (stopped.outcome, stopped.href) == (DeskOutcome.BLOCKED, f"/returns/{tablet_id}")
    assert "a SIM should be in it" in stopped.said
    assert desk.lending.read(loans.get_loan, lent.id).state is LoanState.COLLECTED
    link = desk.lending.read(loans.open_sim, lent.id)
    assert link is not None
    with desk.lending.database.write() as session:
        bundles.get_sim(session, link.sim_id).kind = SimKind.MIFI
    assert "a MiFi should be with it" in desk.scan("DESK-CLEAN", code).said


def test_what_has_gone_on_since_is_not_taken_back(desk: AtTheDesk) -> None:
    lending = desk.lending
    lent = lending.loan_at(LoanState.COLLECTED)
    tablet_id = lending.tablet_id(lent.id)
    desk.scan("DESK-RECEIVE", desk.delivering.code(tablet_id))
    lending.inspect(tablet_id)
    stays = desk.scan("MODE-UNDO")
    assert (stays.outcome, "more has happened to it since" in stays.said) == (DeskOutcome.BLOCKED, True)
    assert desk.again(tablet_id).stage is Stage.CLEANED


def test_a_tablet_is_put_away_moved_and_taken_back_to_where_it_lay(desk: AtTheDesk) -> None:
    tablet, code = desk.tablet(Stage.READY)
    left, right = desk.shelf("A1"), desk.shelf("A2")
    assert desk.said("DESK-PUT-AWAY", code) == ("blocked", f"Where do you put {code}?")
    assert desk.said(desk.label(left), code) == ("applied", f"{code} lies on A1.")
    assert desk.said(code) == ("already", f"{code} lies on A1 already.")
    assert desk.said(desk.label(right), code) == ("applied", f"{code} lies on A2. It lay on A1.")
    assert desk.lies_on(tablet.id) == right.id
    assert desk.said("MODE-UNDO") == ("applied", f"Taken back: {code} lies on A1 again.")
    assert desk.lies_on(tablet.id) == left.id
    assert desk.said("MODE-UNDO")[0] == "not_found"
    away, out = desk.tablet(Stage.ON_LOAN)
    assert desk.said(out)[0] == "blocked"
    assert desk.lies_on(away.id) is None
    hot, label = desk.tablet(Stage.RECEIVED)
    with desk.lending.database.write() as session:
        swollen = desk.lending.happening(reason="Its battery is swollen")
        tablets.place_hold(session, hot.id, HoldKind.SAFETY, actor=desk.actor, happening=swollen)
    assert desk.said(label) == ("blocked", f"{label} is dangerous: Its battery is swollen")


@ON_SQLITE
def test_what_was_away_lies_on_no_shelf_until_it_is_put_away_again(desk: AtTheDesk) -> None:
    tablet, code = desk.tablet(Stage.IN_TRANSIT_BACK)
    shelf = desk.shelf("A1")
    desk.scan("DESK-RECEIVE", code, "DESK-PUT-AWAY", desk.label(shelf), code)
    assert desk.lies_on(tablet.id) == shelf.id
    desk.lending.clock.advance(days=1)
    with desk.lending.database.write() as session:
        row = session.merge(desk.again(tablet.id))
        row.left_hub_at = desk.lending.clock()
    assert desk.lies_on(tablet.id) is None


def test_loading_tells_the_courier_s_run_and_can_be_taken_back(desk: AtTheDesk) -> None:
    run = desk.delivering.run()
    job = desk.delivering.delivery(run)
    code = desk.delivering.code(job.tablet_id)
    outcome, said = desk.said("DESK-LOAD", code)
    assert outcome == "applied"
    assert said == f"{code}. Loaded. {desk.delivering.courier.name} takes it."
    assert desk.delivering.again(job).state is JobState.LOADED
    assert desk.again(job.tablet_id).custody is Custody.COURIER
    assert desk.said(code)[0] == "already"
    with desk.lending.database.read() as session:
        told = delivery_queries.scans_of_job(session, job.id)[0]
    assert (told.courier_id, told.source) == (desk.delivering.courier.user_id, "desk")
    assert desk.actor.name in told.courier_name
    outcome, said = desk.said("MODE-UNDO")
    assert (outcome, desk.again(job.tablet_id).stage) == ("applied", Stage.ALLOCATED)
    _, stray = desk.tablet(Stage.READY)
    assert desk.said(stray) == ("blocked", f"{stray} is on no courier's run.")


@ON_SQLITE
def test_a_kit_is_complete_but_for_what_is_ticked(desk: AtTheDesk) -> None:
    tablet, code = desk.tablet(Stage.RETURNED)
    assert desk.said(
        "DESK-CHECK-KIT",
        code,
    ) == ("applied", f"{code}: its kit is complete.")
    assert desk.again(tablet.id).kit_checked_at is not None
    assert desk.said(code)[0] == "already"
    assert desk.said(code, missing=("charger", "cable")) == ("applied", f"{code}: missing charger, cable.")
    assert desk.again(tablet.id).kit_checked_at is None
    desk.scan(code)
    assert desk.said("MODE-UNDO")[0] == "applied"
    assert desk.again(tablet.id).kit_checked_at is None


@ON_SQLITE
def test_a_mode_ends_by_itself_by_the_card_and_belongs_to_one_person_on_one_device(desk: AtTheDesk) -> None:
    tablet, code = desk.tablet(Stage.RETURNED)
    desk.scan("DESK-CLEAN")
    beside = AtTheDesk(desk.lending, desk.delivering, desk.actor, device="desk-2")
    colleague = AtTheDesk(desk.lending, desk.delivering, desk.lending.actor(Role.COORDINATOR))
    for other in (beside, colleague):
        assert other.scan(code).mode is DeskMode.FIND
    desk.lending.clock.advance(minutes=10, seconds=1)
    assert desk.said(code) == ("applied", f"{code}: returned.")
    assert desk.again(tablet.id).stage is Stage.RETURNED
    assert desk.said("DESK-CLEAN", "DESK-STOP") == ("applied", "Stopped. A scan only finds again.")
    assert desk.said("DESK-STOP")[0] == "already"
    assert desk.scan(code).mode is DeskMode.FIND


@ON_SQLITE
def test_a_refusal_leaves_nothing_behind_and_says_why(desk: AtTheDesk) -> None:
    coordinator = AtTheDesk(desk.lending, desk.delivering, desk.lending.actor(Role.COORDINATOR))
    tablet, code = desk.tablet(Stage.RETURNED)
    made = coordinator.scan("DESK-CLEAN", code)
    assert (made.outcome.value, "technician" in made.said) == ("blocked", True)
    assert desk.again(tablet.id).kit_checked_at is None
    for text in ("K7F3-QX", "K7F3-QY", "NOTHING OF OURS", "", "MODE-WIPE", "SHELF-K7F3-QX", "SHELF-NO"):
        assert desk.scan("DESK-RECEIVE", text).outcome.value in ("not_found", "blocked")
    assert desk.said("DESK-PUT-AWAY", desk.tablet(Stage.LOST)[1])[1].endswith(
        "is LOST by our books. You have found it."
    )
    gone = desk.lending.tablet(Stage.RECYCLED)
    assert "left our stock" in desk.said(gone.serial)[1]


def test_the_same_scan_told_twice_is_answered_the_same_and_done_once(desk: AtTheDesk) -> None:
    _, code = desk.tablet(Stage.IN_TRANSIT_BACK)
    desk.scan("DESK-RECEIVE")
    first = desk.scan(code, client_id="one")
    again = desk.scan(code, client_id="one")
    assert (again.id, again.outcome) == (first.id, first.outcome)
    other = AtTheDesk(desk.lending, desk.delivering, desk.lending.actor(Role.COORDINATOR))
    assert other.scan(code, client_id="one").id != first.id


@ON_SQLITE
@pytest.mark.parametrize("body", ["SN4K7", "SNX2Q", "SNAB3"])
def test_a_label_that_begins_like_the_mark_of_a_serial_is_a_label(
    desk: AtTheDesk, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleet.tags.claiming.new_code", lambda: body + check_character(body))
    tablet, code = desk.tablet(Stage.EXPECTED)
    assert code.startswith("SN")
    assert desk.said("DESK-RECEIVE", code) == ("applied", f"{code} is received.")
    assert desk.again(tablet.id).stage is Stage.RECEIVED

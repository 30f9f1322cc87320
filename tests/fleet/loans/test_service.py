"""A loan's whole life through the services: the straight path, every refusal, and every ending."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimState
from fleet.errors import BadInput, MoveRefused
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import DeclineReason, HandedTo, LoanState, SafeAtHome, StopReason
from fleet.loans.seeing import gather
from fleet.people import service as people
from fleet.tablets import service as tablets
from fleet.tablets.rules import Custody, DataState, HoldKind, Stage
from fleet.users.rules import Role
from tests.lending import Lending, lost_by_two


def sim_state(lending: Lending, loan_id: int) -> SimState:
    """Where the loan's last SIM stands."""
    link = lending.read(queries.last_sim, loan_id)
    assert link is not None
    return lending.read(bundles.get_sim, link.sim_id).state


def stage(lending: Lending, tablet_id: int) -> Stage:
    return lending.read(tablets.get_tablet, tablet_id).stage


def again(lending: Lending, loan: Loan) -> Loan:
    return lending.read(loans.get_loan, loan.id)


def test_the_straight_path_goes_from_asking_to_giving_back(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    tablet_id = lending.tablet_id(loan.id)
    packed_at = lending.clock()
    lending.do(loans.dispatch, loan.id, role=Role.TECHNICIAN)
    assert sim_state(lending, loan.id) is SimState.INSTALLED
    lending.clock.advance(hours=1)
    lending.do(loans.load, loan.id, tablet_id=tablet_id, role=Role.COURIER)
    active = lending.hand_over(loan.id)
    assert (active.state, active.due_on) == (LoanState.ACTIVE, date(2026, 6, 29))
    assert active.dispatched_at == packed_at
    assert sim_state(lending, loan.id) is SimState.ACTIVATED
    lending.clock.advance(days=27)
    lending.do(loans.arrange_return, loan.id)
    collected = lending.do(loans.collect, loan.id, tablet_id=tablet_id, role=Role.COURIER)
    assert collected.returned_on == date(2026, 6, 28)
    assert sim_state(lending, loan.id) is SimState.SUSPENDED
    lending.do(loans.arrive_back, tablet_id=tablet_id, role=Role.TECHNICIAN)
    closed = lending.inspect(tablet_id, kit_missing="case")
    assert closed is not None
    assert (closed.state, closed.kit_missing) == (LoanState.CLOSED_RETURNED, "case")
    tablet = lending.read(tablets.get_tablet, tablet_id)
    assert (tablet.stage, tablet.data, tablet.custody) == (Stage.CLEANED, DataState.DIRTY, Custody.HUB)
    assert lending.read(loans.open_loan_of_tablet, tablet_id) is None


def test_every_step_of_the_path_leaves_an_event_with_its_actor(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.CLOSED_RETURNED)
    told = [event.kind for event in reversed(lending.read(queries.events, loan.id))]
    assert told == [
        *("request", "approve", "allocate", "load", "hand_over"),
        *("arrange_return", "collect", "arrive_back", "close_returned"),
    ]
    assert all(event.actor_name and event.role for event in lending.read(queries.events, loan.id))


def test_a_request_waits_until_both_questions_were_asked(lending: Lending) -> None:
    loan = lending.request(person=lending.person(needs=None), safe_at_home=None)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.approve, loan.id)
    assert len(refused.value.reasons) == 2
    lending.do(loans.answer_safe_at_home, loan.id, SafeAtHome.PLAIN)
    with pytest.raises(MoveRefused, match="approved"):
        lending.do(loans.approve, loan.id)
    assert again(lending, loan).state is LoanState.REQUESTED


def test_somebody_too_young_is_told_so_before_anything_is_kept(lending: Lending) -> None:
    programme = lending.programme(min_age=60)
    with pytest.raises(BadInput) as refused:
        lending.request(programme, lending.person(birth_year=1990))
    assert refused.value.fields == {"birth_year": "This programme is for people of 60 and over."}
    with pytest.raises(BadInput, match="not made"):
        lending.request(programme, lending.person())


def test_declining_keeps_its_coded_reason(lending: Lending) -> None:
    loan = lending.request()
    lending.do(loans.put_on_waiting_list, loan.id)
    declined = lending.do(loans.decline, loan.id, DeclineReason.NOT_IN_AREA)
    assert (declined.state, declined.decline_reason) == (LoanState.DECLINED, DeclineReason.NOT_IN_AREA)


def test_a_technician_cannot_approve(lending: Lending) -> None:
    loan = lending.request()
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.approve, loan.id, role=Role.TECHNICIAN)
    assert refused.value.reasons == ("This is done by a coordinator.",)


@pytest.mark.parametrize("past", [date(2026, 5, 31), date(2026, 6, 1)])
def test_a_due_date_that_is_past_is_refused_and_nothing_is_kept(lending: Lending, past: date) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    tablet, sim = lending.tablet(), lending.sim()
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=sim.id, due_on=past)
    assert "choose a later day" in refused.value.reasons[0]
    assert stage(lending, tablet.id) is Stage.READY
    assert lending.read(bundles.get_sim, sim.id).state is SimState.IN_STOCK
    assert again(lending, loan).state is LoanState.APPROVED


def test_a_programme_with_data_refuses_a_loan_without(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    empty = lending.sim(months=None)
    for sim_id in (None, empty.id):
        with pytest.raises(MoveRefused) as refused:
            lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id, sim_id=sim_id)
        assert "choose a SIM that has a data bundle" in refused.value.reasons[0]


def test_a_programme_without_data_lends_without(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.APPROVED, lending.programme(bundle_required=False))
    tablet = lending.tablet()
    lending.do(loans.allocate, loan.id, tablet_id=tablet.id)
    lending.do(loans.load, loan.id, tablet_id=tablet.id, role=Role.COURIER)
    assert lending.hand_over(loan.id).state is LoanState.ACTIVE


def test_a_tablet_not_wiped_since_it_came_back_is_not_lent(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    now = lending.clock()
    stale = lending.tablet(certificate_at=now - timedelta(days=9), left_hub_at=now - timedelta(days=2))
    dirty = lending.tablet(Stage.CLEANED)
    for tablet in (stale, dirty):
        with pytest.raises(MoveRefused):
            lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=lending.sim().id)
    assert again(lending, loan).state is LoanState.APPROVED


def test_a_held_tablet_is_not_lent(lending: Lending) -> None:
    loan, tablet = lending.loan_at(LoanState.APPROVED), lending.tablet()
    with lending.database.write() as session:
        seen = lending.happening(reason="It is hot.")
        technician = lending.actor(Role.TECHNICIAN)
        tablets.place_hold(session, tablet.id, HoldKind.SAFETY, actor=technician, happening=seen)
    with pytest.raises(MoveRefused, match="Tablet"):
        lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=lending.sim().id)


def test_one_person_has_one_loan_at_a_time_unless_the_programme_says_more(lending: Lending) -> None:
    person = lending.person()
    strict, generous = lending.programme(), lending.programme(open_loans_per_person=2)
    lending.loan_at(LoanState.ALLOCATED, strict, person=person)
    second = lending.loan_at(LoanState.APPROVED, strict, person=person)
    with pytest.raises(MoveRefused) as refused:
        lending.step(second.id, LoanState.ALLOCATED)
    assert "allows 1 at a time" in refused.value.reasons[0]
    assert lending.loan_at(LoanState.ALLOCATED, generous, person=person).state is LoanState.ALLOCATED


def test_a_grant_for_one_person_is_not_passed_to_the_next(lending: Lending) -> None:
    sim = lending.sim(for_one_person=True)
    first = lending.loan_at(LoanState.APPROVED)
    lending.do(loans.allocate, first.id, tablet_id=lending.tablet().id, sim_id=sim.id)
    for step in (LoanState.OUT_FOR_DELIVERY, LoanState.ACTIVE, LoanState.COLLECTED, LoanState.CLOSED_RETURNED):
        lending.step(first.id, step)
    second = lending.loan_at(LoanState.APPROVED)
    with pytest.raises(MoveRefused):
        lending.do(loans.allocate, second.id, tablet_id=lending.tablet().id, sim_id=sim.id)


def test_undoing_an_allocation_puts_everything_back(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    tablet_id = lending.tablet_id(loan.id)
    undone = lending.do(loans.undo_allocation, loan.id, reason="Another one fits better")
    assert (undone.state, undone.doorstep_phrase) == (LoanState.APPROVED, "")
    assert stage(lending, tablet_id) is Stage.READY
    assert sim_state(lending, loan.id) is SimState.IN_STOCK
    lending.step(loan.id, LoanState.ALLOCATED)


def test_cancelling_an_allocated_loan_frees_its_tablet(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    tablet_id = lending.tablet_id(loan.id)
    with pytest.raises(MoveRefused, match="Nothing was changed"):
        lending.do(loans.cancel, loan.id)
    lending.do(loans.cancel, loan.id, reason="Changed their mind")
    assert stage(lending, tablet_id) is Stage.READY
    assert lending.read(loans.open_loan_of_tablet, tablet_id) is None


def test_a_loan_is_not_delivered_where_it_is_not_safe_but_may_be_fetched_at_the_hub(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED, safe_at_home=SafeAtHome.NO)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.load, loan.id, tablet_id=lending.tablet_id(loan.id), role=Role.COURIER)
    assert "hand it over at the hub instead" in refused.value.reasons[0]
    assert lending.hand_over(loan.id, role=Role.COORDINATOR).state is LoanState.ACTIVE


def test_the_wrong_tablet_at_the_door_is_refused_and_the_right_one_named(lending: Lending) -> None:
    mine = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    other = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    with pytest.raises(loans.WrongTablet) as refused:
        lending.do(
            loans.hand_over,
            mine.id,
            tablet_id=lending.tablet_id(other.id),
            handed_to=HandedTo.PARTICIPANT,
            agreement_accepted=True,
            role=Role.COURIER,
        )
    assert str(lending.tablet_id(mine.id)) in refused.value.next_step
    assert again(lending, mine).state is LoanState.OUT_FOR_DELIVERY


def test_without_the_agreement_nothing_is_handed_over(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    tablet_id = lending.tablet_id(loan.id)
    with pytest.raises(MoveRefused):
        lending.do(
            loans.hand_over,
            loan.id,
            tablet_id=tablet_id,
            handed_to=HandedTo.CARER,
            agreement_accepted=False,
            role=Role.COURIER,
        )
    assert stage(lending, tablet_id) is Stage.IN_TRANSIT_OUT
    assert again(lending, loan).due_on is None


def test_after_nobody_was_in_the_courier_may_try_again_or_bring_it_back(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    tablet_id = lending.tablet_id(loan.id)
    lending.do(loans.failed_attempt, loan.id, reason="Nobody in", role=Role.COURIER)
    with pytest.raises(MoveRefused, match="courier still has"):
        lending.do(loans.cancel, loan.id, reason="Gave up")
    lending.do(loans.load, loan.id, tablet_id=tablet_id, role=Role.COURIER)
    back = lending.do(loans.back_at_hub, tablet_id=tablet_id, reason="Nobody in again", role=Role.COURIER)
    assert back is not None
    assert (back.state, stage(lending, tablet_id)) == (LoanState.ALLOCATED, Stage.ALLOCATED)
    lending.clock.advance(days=1)
    lending.do(loans.load, loan.id, tablet_id=tablet_id, role=Role.COURIER)
    assert lending.hand_over(loan.id).state is LoanState.ACTIVE


def test_the_due_date_counts_from_the_hand_over_not_from_the_packing(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    lending.clock.advance(days=3)
    assert lending.hand_over(loan.id).due_on == date(2026, 7, 2)


def test_a_hand_over_told_late_counts_from_the_day_it_happened(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    happened = lending.clock()
    lending.clock.advance(days=2)
    active = lending.hand_over(loan.id, client_at=happened, client_id="phone-1-0001")
    assert (active.started_on, active.due_on) == (date(2026, 6, 1), date(2026, 6, 29))


@pytest.mark.parametrize("told", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)])
def test_a_phone_whose_clock_is_wrong_does_not_move_the_due_date(lending: Lending, told: datetime) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    assert lending.hand_over(loan.id, client_at=told).due_on == date(2026, 6, 29)


@pytest.mark.parametrize(
    ("handed_over", "due"),
    [
        (datetime(2027, 2, 28, 12, tzinfo=UTC), date(2027, 3, 30)),  # 28 March is a Sunday, 29 March Easter Monday
        (datetime(2027, 3, 27, 23, 30, tzinfo=UTC), date(2027, 4, 26)),  # the night before the clocks go forward
        (datetime(2027, 3, 28, 23, 30, tzinfo=UTC), date(2027, 4, 26)),  # 00:30 of Monday in London
        (datetime(2027, 10, 3, 12, tzinfo=UTC), date(2027, 11, 1)),  # 31 October is a Sunday, and the clocks go back
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), date(2027, 11, 29)),  # the hour that happens twice
    ],
)
def test_due_is_a_local_date_across_the_clock_changes(lending: Lending, handed_over: datetime, due: date) -> None:
    lending.clock.now = handed_over
    assert lending.loan_at(LoanState.ACTIVE).due_on == due


def test_a_cohort_ends_for_everybody_on_one_day(lending: Lending) -> None:
    programme = lending.programme()
    cohort = lending.cohort(programme, date(2026, 6, 1), date(2026, 6, 20))
    loan = lending.loan_at(LoanState.ACTIVE, programme, cohort_id=cohort.id)
    assert (loan.due_on, loan.original_due_on) == (date(2026, 6, 22), date(2026, 6, 22))


def test_a_day_asked_for_goes_before_the_policy_until_it_has_gone_by(lending: Lending) -> None:
    wanted = lending.loan_at(LoanState.ACTIVE, due_on=date(2026, 6, 10))
    assert wanted.due_on == date(2026, 6, 10)
    late = lending.loan_at(LoanState.OUT_FOR_DELIVERY, due_on=date(2026, 6, 3))
    lending.clock.advance(days=5)
    assert lending.hand_over(late.id).due_on == date(2026, 7, 6)


def test_a_calendar_month_is_clamped_to_the_months_last_day(lending: Lending) -> None:
    lending.clock.now = datetime(2028, 1, 31, 12, tzinfo=UTC)
    assert lending.loan_at(LoanState.ACTIVE, lending.programme(taster_months=1)).due_on == date(2028, 2, 29)


def test_an_extension_is_another_version_and_the_first_stays(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    longer = lending.do(loans.extend, loan.id, reason="The gatherings go on")
    assert (longer.original_due_on, longer.due_on) == (date(2026, 6, 29), date(2026, 7, 27))
    versions = lending.read(queries.due_versions, loan.id)
    assert [(each.number, each.due_on) for each in versions] == [(1, date(2026, 6, 29)), (2, date(2026, 7, 27))]


def test_extending_an_overdue_loan_keeps_how_late_it_was(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.clock.advance(days=38)
    assert [each.id for each in lending.read(loans.open_loans_overdue, date(2026, 7, 9))] == [loan.id]
    lending.do(loans.extend, loan.id, reason="Was ill")
    assert lending.read(loans.open_loans_overdue, date(2026, 7, 9)) == []
    assert [each.days_late_before for each in lending.read(queries.due_versions, loan.id)] == [0, 10]


def test_extensions_have_a_cap_that_a_coordinator_may_go_beyond(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(max_extensions=1))
    lending.do(loans.extend, loan.id, reason="First")
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.extend, loan.id, reason="Second")
    assert "programme allows 1" in refused.value.reasons[0]
    assert lending.do(loans.extend, loan.id, reason="Second", override_cap=True).due_version == 3


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 6, 15)])
def test_an_extension_to_an_earlier_day_is_refused(lending: Lending, day: date) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    with pytest.raises(MoveRefused):
        lending.do(loans.extend, loan.id, reason="A slip", due_on=day)
    assert again(lending, loan).due_version == 1


def test_a_bundle_that_ends_before_an_extended_loan_is_warned_of(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id, sim_id=lending.sim(months=1).id)
    lending.step(loan.id, LoanState.OUT_FOR_DELIVERY)
    lending.hand_over(loan.id)
    lending.do(loans.extend, loan.id, reason="The gatherings go on")

    with lending.database.read() as session:
        warnings = gather(session, loans.get_loan(session, loan.id), now=lending.clock()).warnings
    assert "top it up in time" in warnings[0]


def test_the_same_act_told_twice_changes_nothing_the_second_time(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    tablet_id = lending.tablet_id(loan.id)
    first = lending.hand_over(loan.id, client_id="scan-0001")
    lending.clock.advance(days=1)
    lending.do(loans.extend, loan.id, reason="Longer", client_id="extend-0001")
    assert lending.hand_over(loan.id, client_id="scan-0001").started_on == first.started_on
    lending.do(loans.extend, loan.id, reason="Longer", client_id="extend-0001")
    assert again(lending, loan).due_version == 2
    for _ in range(2):
        lending.do(loans.collect, loan.id, tablet_id=tablet_id, client_id="collect-001", role=Role.COURIER)
        lending.do(loans.arrive_back, tablet_id=tablet_id, client_id="arrive-0001", role=Role.TECHNICIAN)
        lending.inspect(tablet_id, client_id="inspect-001")
    assert again(lending, loan).state is LoanState.CLOSED_RETURNED


def test_an_id_used_for_another_act_is_refused(lending: Lending) -> None:
    first, second = lending.request(), lending.request()
    lending.do(loans.approve, first.id, client_id="act-000001")
    with pytest.raises(loans.IdUsedBefore):
        lending.do(loans.approve, second.id, client_id="act-000001")
    assert again(lending, second).state is LoanState.REQUESTED


def test_the_clock_stops_when_it_was_collected_and_not_when_that_was_told(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.clock.now = datetime(2026, 6, 29, 22, 50, tzinfo=UTC)  # 23:50 in London, on the last day
    collected_at = lending.clock()
    lending.clock.advance(hours=9)
    tablet_id = lending.tablet_id(loan.id)
    back = lending.do(loans.collect, loan.id, tablet_id=tablet_id, client_at=collected_at, role=Role.COURIER)
    assert back.returned_on == date(2026, 6, 29)


def test_a_tablet_that_is_not_clean_does_not_close_its_loan(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.COLLECTED)
    tablet_id = lending.tablet_id(loan.id)
    lending.do(loans.arrive_back, tablet_id=tablet_id, role=Role.TECHNICIAN)
    with pytest.raises(BadInput) as refused:
        lending.do(
            loans.inspect,
            tablet_id=tablet_id,
            condition=loans.Condition.GOOD,
            cleaned=False,
            role=Role.TECHNICIAN,
        )
    assert "cloth" in refused.value.fields["cleaned"]
    assert again(lending, loan).state is LoanState.COLLECTED


def test_a_sim_that_is_not_in_the_tray_is_lost_and_to_be_barred(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.COLLECTED)
    tablet_id = lending.tablet_id(loan.id)
    lending.do(loans.arrive_back, tablet_id=tablet_id, role=Role.TECHNICIAN)
    lending.inspect(tablet_id, sim_in_tray=False)
    assert sim_state(lending, loan.id) is SimState.LOST


def test_whatever_is_scanned_at_the_hub_ends_where_it_should(lending: Lending) -> None:
    handed_in = lending.loan_at(LoanState.ACTIVE)
    undelivered = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    collected = lending.loan_at(LoanState.COLLECTED)
    for loan in (handed_in, undelivered, collected):
        lending.do(loans.scan_in, tablet_id=lending.tablet_id(loan.id), role=Role.TECHNICIAN)
    assert [again(lending, loan).state for loan in (handed_in, undelivered, collected)] == [
        *(LoanState.COLLECTED, LoanState.ALLOCATED, LoanState.COLLECTED)
    ]
    assert stage(lending, lending.tablet_id(handed_in.id)) is Stage.RETURNED


def test_lost_and_found_corrects_the_loan_and_leaves_the_tablet_to_be_wiped(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(loan.id)
    lost = lending.do(lost_by_two, loan.id, reason="Moved away, nobody knows where")
    assert (lost.state, stage(lending, tablet_id)) == (LoanState.CLOSED_LOST, Stage.LOST)
    assert sim_state(lending, loan.id) is SimState.LOST
    found = lending.do(loans.found, tablet_id=tablet_id, role=Role.TECHNICIAN)
    assert found is not None
    assert found.state is LoanState.CLOSED_RETURNED
    tablet = lending.read(tablets.get_tablet, tablet_id)
    assert (tablet.stage, tablet.data) == (Stage.RETURNED, DataState.DIRTY)
    assert lending.inspect(tablet_id) is None
    assert stage(lending, tablet_id) is Stage.CLEANED


def test_a_tablet_the_courier_lost_is_not_the_persons_loss(lending: Lending) -> None:
    going, coming = lending.loan_at(LoanState.OUT_FOR_DELIVERY), lending.loan_at(LoanState.COLLECTED)
    assert lending.do(lost_by_two, going.id, reason="Van stolen").state is LoanState.APPROVED
    assert lending.do(lost_by_two, coming.id, reason="Van stolen").state is LoanState.CLOSED_RETURNED
    lending.step(going.id, LoanState.ALLOCATED)


def test_a_gift_needs_a_programme_that_allows_it(lending: Lending) -> None:
    strict = lending.loan_at(LoanState.ACTIVE)
    with pytest.raises(MoveRefused):
        lending.do(loans.mark_gifted, strict.id, authority="Sample Trustee")
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(gifts_allowed=True))
    tablet_id = lending.tablet_id(loan.id)
    lending.do(loans.mark_gifted, loan.id, authority="Sample Trustee")
    assert (stage(lending, tablet_id), sim_state(lending, loan.id)) == (Stage.GIFTED, SimState.KEPT_BY_PARTICIPANT)


def test_death_stops_everything_at_once_on_every_loan(lending: Lending) -> None:
    programme = lending.programme(open_loans_per_person=5)
    person = lending.person()
    out = lending.loan_at(LoanState.ACTIVE, programme, person=person)
    kept = lending.loan_at(LoanState.ALLOCATED, programme, person=person)
    asked = lending.request(programme, person)
    kept_tablet = lending.tablet_id(kept.id)
    lending.do(loans.stop_for_death, out.id, client_id="stop-00001")
    lending.do(loans.stop_for_death, out.id, client_id="stop-00001")
    assert lending.read(people.get_person, person.id).deceased_on == date(2026, 6, 1)
    assert [again(lending, each).state for each in (out, kept, asked)] == [
        *(LoanState.ACTIVE, LoanState.CANCELLED, LoanState.CANCELLED)
    ]
    assert stage(lending, kept_tablet) is Stage.READY
    assert lending.read(loans.open_loans_overdue, date(2027, 1, 1)) == []
    tablet_id = lending.tablet_id(out.id)
    assert lending.do(loans.collect, out.id, tablet_id=tablet_id, role=Role.COURIER).state is LoanState.COLLECTED


def test_a_person_who_moved_into_care_is_never_overdue(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.do(loans.stop_contact, loan.id, StopReason.MOVED_TO_CARE)
    assert lending.read(loans.open_loans_overdue, date(2027, 1, 1)) == []
    with pytest.raises(MoveRefused):
        lending.do(loans.extend, loan.id, reason="Longer")


def test_overdue_begins_when_the_days_of_grace_are_over(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    patient = lending.loan_at(LoanState.ACTIVE, lending.programme(grace_days=7))
    for today, late in (
        (date(2026, 7, 1), []),
        (date(2026, 7, 2), [loan.id]),
        (date(2026, 7, 7), [loan.id, patient.id]),
    ):
        assert [each.id for each in lending.read(loans.open_loans_overdue, today)] == late
    due = lending.read(loans.loans_due_between, date(2026, 6, 29), date(2026, 6, 29))
    assert [each.id for each in due] == [loan.id, patient.id]


def test_a_tablet_is_lent_again_only_after_another_wipe(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.CLOSED_RETURNED)
    tablet_id = lending.read(queries.tablets_had, loan.id)[0].tablet_id
    following = lending.loan_at(LoanState.APPROVED)
    with pytest.raises(MoveRefused):
        lending.do(loans.allocate, following.id, tablet_id=tablet_id, sim_id=lending.sim().id)
    lending.wipe_and_make_ready(tablet_id)
    kept = lending.do(loans.allocate, following.id, tablet_id=tablet_id, sim_id=lending.sim().id)
    assert kept.state is LoanState.ALLOCATED

"""Facts from a courier's phone: applied once, answered the same again, refused in words, and never lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fleet.deliveries.facts import Details
from fleet.deliveries.rules import Action, Answer, JobEnd, JobState
from fleet.deliveries.service import Answered
from fleet.happening import Happening
from fleet.loans import queries as loan_queries
from fleet.loans import service as loans
from fleet.loans.rules import HandedTo, LoanState
from fleet.tablets import queries as tablet_queries
from fleet.tablets.rules import Custody, DataState, HoldKind, Stage
from fleet.tablets.service import place_hold
from fleet.users.rules import Role
from tests.delivering import Delivering


def test_a_tablet_goes_from_the_hub_to_the_door_by_two_scans(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    loaded = delivering.tell_one(delivering.fact(Action.LOAD, job))
    assert (loaded.answer, loaded.replayed) == (Answer.APPLIED, False)
    assert delivering.tablet_of(job).custody is Custody.COURIER
    handed = delivering.tell_one(delivering.fact(Action.HAND_OVER, job))
    assert handed.answer is Answer.APPLIED
    assert "lent until Monday 29 June 2026" in handed.sentence
    assert delivering.loan_of(job).state is LoanState.ACTIVE
    assert delivering.tablet_of(job).stage is Stage.ON_LOAN
    assert delivering.again(job).state is JobState.HANDED_OVER


def test_a_tablet_comes_back_by_two_scans_with_what_was_seen(delivering: Delivering) -> None:
    job = delivering.collection(delivering.run())
    seen = Details(condition="worn", sim_in_tray=False)
    assert delivering.tell_one(delivering.fact(Action.COLLECT, job, details=seen)).answer is Answer.APPLIED
    loan = delivering.loan_of(job)
    assert (loan.state, loan.condition, loan.sim_in_tray) == (LoanState.COLLECTED, "worn", False)
    assert delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job)).answer is Answer.APPLIED
    assert delivering.tablet_of(job).stage is Stage.RETURNED
    stop = delivering.again(job)
    assert (stop.state, stop.ended) == (JobState.CLOSED, JobEnd.COLLECTED)


def test_the_same_id_twice_gets_the_same_answer_and_changes_nothing(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    fact = delivering.fact(Action.LOAD, job)
    first, second = delivering.tell_one(fact), delivering.tell_one(fact)
    assert second == replace(first, replayed=True)
    with delivering.lending.database.read() as session:
        assert tablet_queries.events(session, job.tablet_id)[0].kind == "load"
        assert [each.kind for each in tablet_queries.events(session, job.tablet_id)].count("load") == 1
    assert len(delivering.scans()) == 1


def test_a_refused_fact_told_again_is_refused_in_the_same_words(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    fact = delivering.fact(Action.LOAD, job, code="ZZZZ-ZZ")
    first, second = delivering.tell_one(fact), delivering.tell_one(fact)
    assert (first.answer, first.reason) == (Answer.REFUSED, "wrong_code")
    assert second == replace(first, replayed=True)


def test_two_threads_tell_the_same_fact_at_once_and_it_happens_once(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    fact = delivering.fact(Action.LOAD, job)
    together, answers = threading.Barrier(2), list[Answered]()

    def tell() -> None:
        together.wait()
        answers.append(delivering.tell_one(fact))

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.replayed for answer in answers) == [False, True]
    assert {(answer.answer, answer.sentence) for answer in answers} == {(Answer.APPLIED, answers[0].sentence)}
    with delivering.lending.database.read() as session:
        assert [each.kind for each in tablet_queries.events(session, job.tablet_id)].count("load") == 1


def test_an_id_used_for_something_else_is_refused_and_tells_nothing(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    fact = delivering.fact(Action.LOAD, job)
    delivering.tell_one(fact)
    for other in (replace(fact, action=Action.BACK_AT_HUB), replace(fact, code="B8D4-RW")):
        assert delivering.tell_one(other).reason == "id_used_before"
    answer = delivering.tell_one(fact, courier=delivering.another_courier())
    assert (answer.answer, answer.reason, answer.job_id) == (Answer.REFUSED, "id_used_before", None)


def test_scanning_twice_by_accident_is_known_already(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    delivering.tell_one(delivering.fact(Action.LOAD, job))
    again = delivering.tell_one(delivering.fact(Action.LOAD, job, minutes=0.1))
    assert (again.answer, again.replayed) == (Answer.ALREADY, False)
    assert "already" in again.sentence


def test_the_wrong_tablet_at_the_door_is_refused_in_large_words(delivering: Delivering) -> None:
    run = delivering.run()
    job, other = delivering.delivery(run), delivering.delivery(run)
    delivering.tell(delivering.fact(Action.LOAD, job), delivering.fact(Action.LOAD, other))
    right, wrong = delivering.code(job.tablet_id), delivering.code(other.tablet_id)
    details = replace(delivering.fact(Action.HAND_OVER, job).details, job=job.id)
    answer = delivering.tell_one(delivering.fact(Action.HAND_OVER, job, code=wrong, details=details))
    assert (answer.answer, answer.reason) == (Answer.REFUSED, "wrong_tablet")
    assert answer.sentence == f"This is {wrong}, for someone else. Put it back and scan {right}."
    assert delivering.tablet_of(other).stage is Stage.IN_TRANSIT_OUT


def test_what_is_no_code_of_ours_is_named_for_what_it_is(delivering: Delivering) -> None:
    run = delivering.run()
    job = delivering.delivery(run)
    right = delivering.code(job.tablet_id)
    swapped = right[1] + right[0] + right[2:] if right[0] != right[1] else right[:-1] + "2"
    for code, reason in ((swapped, "wrong_code"), ("https://example.org/menu", "wrong_code"), ("", "wrong_code")):
        answer = delivering.tell_one(delivering.fact(Action.LOAD, job, code=code))
        assert (answer.answer, answer.reason) == (Answer.REFUSED, reason), code
        assert answer.sentence
    for code in ("K7F3-QX", "https://another-hub.example/T/K7F3-QX"):
        answer = delivering.tell_one(delivering.fact(Action.LOAD, job, code=code))
        assert (answer.answer, answer.reason) == (Answer.REFUSED, "unknown_code"), code
    assert delivering.tell_one(delivering.fact(Action.LOAD, job, code=right.lower())).answer is Answer.APPLIED


def test_a_recycled_tablets_code_is_put_aside_and_looked_at(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    gone = delivering.lending.tablet(Stage.READY)
    code = delivering.code(gone.id)
    with delivering.lending.database.write() as session:
        session.merge(gone).stage = Stage.RECYCLED
    answer = delivering.tell_one(delivering.fact(Action.LOAD, job, code=code))
    assert (answer.answer, answer.reason) == (Answer.CONFLICT, "left_the_fleet")
    assert delivering.scans()[-1].needs_review


@pytest.mark.parametrize("with_a_run", [True, False])
def test_a_lost_tablet_that_a_courier_scans_is_found_and_looked_at(delivering: Delivering, with_a_run: bool) -> None:
    job = delivering.delivery(delivering.run(None if with_a_run else delivering.another_courier()))
    lost = delivering.lending.tablet(Stage.READY)
    code = delivering.code(lost.id)
    with delivering.lending.database.write() as session:
        session.merge(lost).stage = Stage.LOST
    finder = delivering.courier if with_a_run else delivering.another_courier()
    run = job.run_id if with_a_run else None
    answer = delivering.tell_one(delivering.fact(Action.LOAD, job, code=code, run=run), finder)
    assert (answer.answer, answer.reason) == (Answer.CONFLICT, "found")
    assert "you have found it" in answer.sentence
    assert delivering.scans()[-1].needs_review


def test_a_stop_of_another_courier_is_refused_without_a_word_about_it(delivering: Delivering) -> None:
    mine, other = delivering.courier, delivering.another_courier()
    delivering.delivery(delivering.run(mine))
    theirs = delivering.delivery(delivering.run(other))
    answers = [
        delivering.tell_one(delivering.fact(Action.LOAD, theirs), courier=mine),
        delivering.tell_one(delivering.fact(Action.LOAD, theirs, run=99_999), courier=mine),
    ]
    assert {(answer.answer, answer.reason) for answer in answers} == {(Answer.REFUSED, "no_run")}
    assert answers[0].sentence == answers[1].sentence
    unnamed = delivering.tell_one(delivering.fact(Action.LOAD, theirs, run=None), courier=mine)
    assert unnamed.reason == "wrong_tablet"
    assert delivering.tablet_of(theirs).stage is Stage.ALLOCATED


def test_a_hand_over_needs_the_word_who_took_it_and_the_agreement(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    delivering.tell_one(delivering.fact(Action.LOAD, job))
    for details, reason in (
        (Details(handed_to=HandedTo.CARER, agreement_accepted=True), "phrase_needed"),
        (Details(phrase_heard=True, agreement_accepted=True), "handed_to_needed"),
        (Details(phrase_heard=True, handed_to=HandedTo.CARER), "agreement_needed"),
    ):
        answer = delivering.tell_one(delivering.fact(Action.HAND_OVER, job, details=details))
        assert (answer.answer, answer.reason) == (Answer.REFUSED, reason)
    assert delivering.loan_of(job).state is LoanState.OUT_FOR_DELIVERY


def test_a_held_tablet_is_not_carried_out(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    seen = Happening(now=delivering.lending.clock(), reason="It is hot.")
    with delivering.lending.database.write() as session:
        place_hold(session, job.tablet_id, HoldKind.SAFETY, actor=delivering.courier, happening=seen)
    answer = delivering.tell_one(delivering.fact(Action.LOAD, job))
    assert (answer.answer, answer.reason) == (Answer.REFUSED, "not_to_be_carried")
    assert "held (safety)" in answer.sentence
    assert delivering.tablet_of(job).stage is Stage.ALLOCATED


def test_a_hand_over_that_the_books_do_not_allow_is_kept_for_a_person(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    delivering.lending.do(loans.cancel, job.loan_id, reason="Changed their mind")
    answer = delivering.tell_one(delivering.fact(Action.HAND_OVER, job))
    assert (answer.answer, answer.reason) == (Answer.CONFLICT, "does_not_fit")
    kept = delivering.scans()[-1]
    assert (kept.needs_review, kept.details["handed_to"]) == (True, "participant")


def test_a_phone_in_1970_is_believed_for_what_happened_and_not_for_when(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    long_ago = datetime(1970, 1, 1, 0, 4, tzinfo=UTC)
    facts = [
        delivering.fact(Action.LOAD, job, occurred_at=long_ago),
        delivering.fact(Action.HAND_OVER, job, occurred_at=long_ago + timedelta(minutes=40)),
    ]
    answers = delivering.tell(*reversed(facts))
    assert [(answer.answer, answer.clock_flagged) for answer in answers] == [(Answer.APPLIED, True)] * 2
    loan = delivering.loan_of(job)
    assert loan.started_on is not None
    assert loan.started_on.year == 2026
    assert {scan.occurred_at.year for scan in delivering.scans()} == {1970}


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)])
def test_a_phone_in_1970_may_tell_its_day_in_any_order(delivering: Delivering, order: tuple[int, ...]) -> None:
    job = delivering.delivery(delivering.run())
    begins = datetime(1970, 1, 1, tzinfo=UTC)
    actions = (Action.LOAD, Action.FAILED, Action.LOAD, Action.FAILED)
    facts = [
        delivering.fact(action, job, occurred_at=begins + timedelta(minutes=place))
        for place, action in enumerate(actions)
    ]
    for place in order:
        assert delivering.tell_one(facts[place]).clock_flagged
        delivering.at(minutes=1)
    assert (delivering.again(job).state, delivering.loan_of(job).attempts) == (JobState.FAILED, 2)


def test_a_phone_in_1970_that_knows_how_wrong_it_is_is_set_right(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    now = delivering.lending.clock()
    long_ago = datetime(1970, 1, 1, 0, 4, tzinfo=UTC)
    off = int((long_ago - (now - timedelta(hours=1))).total_seconds() * 1000)
    answer = delivering.tell_one(delivering.fact(Action.LOAD, job, occurred_at=long_ago, clock_offset_ms=off))
    assert (answer.answer, answer.clock_flagged) == (Answer.APPLIED, False)
    assert delivering.scans()[-1].effective_at == now - timedelta(hours=1)


def test_a_fact_from_next_year_counts_from_when_it_was_told(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    answer = delivering.tell_one(delivering.fact(Action.LOAD, job, minutes=60 * 24 * 365))
    assert (answer.answer, answer.clock_flagged) == (Answer.APPLIED, True)
    assert delivering.scans()[-1].effective_at == delivering.lending.clock()


def test_facts_told_a_day_late_count_from_the_day_they_happened(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    facts = [delivering.fact(Action.LOAD, job), delivering.fact(Action.HAND_OVER, job, minutes=50)]
    monday = delivering.lending.clock().date()
    delivering.at(days=1)
    assert [answer.answer for answer in delivering.tell(*facts)] == [Answer.APPLIED] * 2
    assert delivering.loan_of(job).started_on == monday


def test_a_late_collection_never_closes_a_newer_loan_of_the_same_tablet(delivering: Delivering) -> None:
    run = delivering.run()
    job = delivering.collection(run)
    late = delivering.fact(Action.COLLECT, job)
    lending = delivering.lending
    lending.step(job.of_loan, LoanState.COLLECTED)
    lending.step(job.of_loan, LoanState.CLOSED_RETURNED)
    with lending.database.write() as session:
        tablet = tablet_queries.tablet_locked(session, job.tablet_id)
        assert tablet is not None
        tablet.stage, tablet.certificate_at, tablet.verified_at = Stage.READY, lending.clock(), lending.clock()
        tablet.data, tablet.left_hub_at = DataState.CLEAN, None
    newer = lending.loan_at(LoanState.APPROVED)
    lending.do(loans.allocate, newer.id, tablet_id=job.tablet_id, sim_id=lending.sim().id)
    lending.step(newer.id, LoanState.OUT_FOR_DELIVERY)
    lending.step(newer.id, LoanState.ACTIVE)
    answer = delivering.tell_one(late)
    assert answer.answer is Answer.APPLIED
    assert "had it back already" in answer.sentence
    assert lending.read(loans.get_loan, newer.id).state is LoanState.ACTIVE
    assert delivering.tablet_of(job).stage is Stage.ON_LOAN


def test_nobody_in_then_back_at_the_hub_keeps_the_tablet_for_its_loan(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    answers = delivering.tell(
        delivering.fact(Action.LOAD, job, minutes=-60),
        delivering.fact(Action.FAILED, job, minutes=-30),
        delivering.fact(Action.BACK_AT_HUB, job),
    )
    assert [answer.answer for answer in answers] == [Answer.APPLIED] * 3
    loan, stop = delivering.loan_of(job), delivering.again(job)
    assert (loan.state, loan.attempts, stop.attempts) == (LoanState.ALLOCATED, 1, 1)
    assert (stop.state, stop.ended) == (JobState.CLOSED, JobEnd.BACK_AT_HUB)
    assert delivering.tablet_of(job).custody is Custody.HUB


def test_the_hub_and_the_courier_tell_of_one_attempt_and_it_counts_once(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    delivering.tell(delivering.fact(Action.LOAD, job, minutes=-60))
    delivering.lending.do(loans.scan_in, tablet_id=job.tablet_id, role=Role.TECHNICIAN)
    assert delivering.loan_of(job).attempts == 1
    told = delivering.tell(
        delivering.fact(Action.FAILED, job, minutes=-30), delivering.fact(Action.BACK_AT_HUB, job, minutes=-5)
    )
    assert [answer.answer for answer in told] == [Answer.APPLIED] * 2
    loan, stop, tablet = delivering.loan_of(job), delivering.again(job), delivering.tablet_of(job)
    assert (loan.state, loan.attempts, stop.ended) == (LoanState.ALLOCATED, 1, JobEnd.BACK_AT_HUB)
    assert (tablet.stage, tablet.custody) == (Stage.ALLOCATED, Custody.HUB)


def test_attempts_of_two_runs_are_counted_together_however_late_they_are_told(delivering: Delivering) -> None:
    first = delivering.delivery(delivering.run())
    delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, first, minutes=-60))
    second = delivering.job(delivering.run(), delivering.loan_of(first))
    delivering.tell(delivering.fact(Action.FAILED, second, minutes=-20))
    assert delivering.loan_of(first).attempts == 2
    delivering.tell(
        delivering.fact(Action.FAILED, first, minutes=-100), delivering.fact(Action.LOAD, first, minutes=-90)
    )
    assert (delivering.again(first).attempts, delivering.loan_of(first).attempts) == (2, 3)
    assert delivering.again(second).state is JobState.FAILED


def test_a_hand_over_told_again_for_the_day_before_counts_from_there_and_is_no_extension(
    delivering: Delivering,
) -> None:
    job, lending = delivering.delivery(delivering.run()), delivering.lending
    early = delivering.fact(Action.HAND_OVER, job)
    monday = lending.clock().date()
    delivering.at(days=1)
    delivering.tell_one(delivering.fact(Action.HAND_OVER, job))
    late_due = delivering.loan_of(job).due_on
    assert delivering.tell_one(early).answer is Answer.ALREADY
    loan = delivering.loan_of(job)
    assert (loan.started_on, loan.due_on, late_due) == (monday, date(2026, 6, 29), date(2026, 6, 30))
    with lending.database.read() as session:
        dates = [(version.due_on, version.reason) for version in loan_queries.due_versions(session, loan.id)]
        assert dates == [
            (date(2026, 6, 30), ""),
            (date(2026, 6, 29), "Handed over on Monday 1 June 2026, not on Tuesday 2 June 2026"),
        ]
        assert loan_queries.count_extensions(session, loan.id) == 0


def test_arriving_before_the_collection_was_told_waits_for_it(delivering: Delivering) -> None:
    job = delivering.collection(delivering.run())
    collected, arrived = delivering.fact(Action.COLLECT, job, minutes=-60), delivering.fact(Action.BACK_AT_HUB, job)
    early = delivering.tell_one(arrived)
    assert (early.answer, early.reason) == (Answer.CONFLICT, "collect_first")
    assert delivering.tell_one(collected).answer is Answer.APPLIED
    assert delivering.tablet_of(job).stage is Stage.RETURNED
    assert delivering.loan_of(job).condition == "good"
    assert delivering.tell_one(arrived).answer is Answer.APPLIED
    assert not any(scan.needs_review for scan in delivering.scans())


def test_the_hub_told_after_the_door_is_kept_for_a_person(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    delivering.tell(delivering.fact(Action.HAND_OVER, job, minutes=-60))
    answer = delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job))
    assert (answer.answer, answer.reason) == (Answer.CONFLICT, "contradicts")
    assert delivering.loan_of(job).state is LoanState.ACTIVE

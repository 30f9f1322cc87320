"""A tablet goes to somebody only as they need it: by what the bench made of it, or with a reason that is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.bench.models import Bench, Run, Slot
from fleet.bench.rules import RunKind, RunState
from fleet.errors import BadInput, MoveRefused
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, SetUp, Wanted, fit_words, kind_fits, lacking, rank
from fleet.people import service as people
from fleet.people.rules import NeedCode
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.lending import Lending
from tests.people import Browser

URDU_AND_ALOUD = Wanted(frozenset({NeedCode.SCREEN_READER, NeedCode.BSL}), "Urdu")


def test_a_clear_screen_is_begun_for_those_who_need_one() -> None:
    needs = frozenset({NeedCode.LARGE_TEXT})
    assert kind_fits("large-clear", needs)
    assert not kind_fits("standard", needs)
    assert kind_fits("standard", frozenset({NeedCode.BSL}))


def test_an_english_tablet_without_a_screen_reader_is_not_as_somebody_needs_it_who_reads_urdu() -> None:
    assert lacking(SetUp("large-clear"), URDU_AND_ALOUD) == (
        "it speaks English, they read Urdu",
        "no screen reader",
        "not set up for signing (BSL)",
    )
    assert fit_words(SetUp("large-clear"), URDU_AND_ALOUD).startswith("not as they need it: it speaks English")
    made = SetUp("standard", frozenset({NeedCode.SCREEN_READER, NeedCode.BSL}), "Urdu")
    assert (lacking(made, URDU_AND_ALOUD), fit_words(made, URDU_AND_ALOUD)) == ((), "as they need it")


def test_what_changes_no_setting_is_no_lack() -> None:
    """Somebody who wants a text on arrival has a tablet like anybody's."""
    wanted = Wanted(frozenset({NeedCode.TEXT_ON_ARRIVAL, NeedCode.KNOCK_AND_WAIT}))
    assert (lacking(SetUp("standard"), wanted), fit_words(SetUp("standard"), wanted)) == ((), "")


@pytest.mark.parametrize(("need", "served"), [(NeedCode.LARGE_TEXT, True), (NeedCode.STEADY_TOUCH, False)])
def test_large_and_clear_serves_large_words_and_not_a_slower_touch(need: NeedCode, *, served: bool) -> None:
    assert (lacking(SetUp("large-clear"), Wanted(frozenset({need}))) == ()) is served
    assert lacking(SetUp("standard"), Wanted(frozenset({need}))) != ()


def test_a_screen_reader_that_nobody_asked_for_is_in_the_way() -> None:
    aloud = SetUp("standard", frozenset({NeedCode.SCREEN_READER}))
    assert lacking(aloud, Wanted()) == ("it reads the screen aloud, which they did not ask for",)


def test_the_tablet_that_fits_best_comes_first() -> None:
    wanted = Wanted(frozenset({NeedCode.LARGE_TEXT, NeedCode.CAPTIONS}))
    made = SetUp("large-clear", frozenset({NeedCode.LARGE_TEXT, NeedCode.CAPTIONS}))
    clear, plain = SetUp("large-clear"), SetUp("standard")
    assert sorted([plain, clear, made], key=lambda each: rank(each, wanted)) == [made, clear, plain]
    assert sorted([clear, plain], key=lambda each: rank(each, Wanted())) == [plain, clear]


def made_into(lending: Lending, needs: list[str], language: str, profile: str = "standard") -> Tablet:
    """A ready tablet, and the run that made it so as its plan wrote it down."""
    tablet = lending.tablet(Stage.READY, profile=profile)
    with lending.database.write() as session:
        bench = Bench(hub_id=lending.hub_id, name=f"Bench {tablet.id}", created_at=lending.clock())
        session.add(bench)
        session.flush()
        slot = Slot(bench_id=bench.id, place="1", address=f"tcp:{tablet.id}")
        session.add(slot)
        session.flush()
        run = Run(kind=RunKind.PROVISION, state=RunState.PASSED, tablet_id=tablet.id, slot_id=slot.id)
        run.started_by, run.profile = "Test", profile
        run.plan = {"needs": needs, "language": language}
        run.created_at = run.changed_at = run.finished_at = lending.clock()
        session.add(run)
    return tablet


def reads_urdu_and_needs_it_aloud(lending: Lending) -> Loan:
    needs = frozenset({NeedCode.SCREEN_READER, NeedCode.TEXT_ON_ARRIVAL})
    person = lending.person(needs=needs, language_read="ur")
    return lending.loan_at(LoanState.APPROVED, lending.programme(bundle_required=False), person=person)


def test_a_tablet_that_lacks_what_somebody_needs_is_not_kept_for_them(lending: Lending) -> None:
    loan = reads_urdu_and_needs_it_aloud(lending)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.allocate, loan.id, tablet_id=lending.tablet(Stage.READY, profile="large-clear").id)
    assert refused.value.codes == ("set_up_as_needed",)
    assert "it speaks English, they read Urdu; no screen reader" in refused.value.reasons[0]
    made = made_into(lending, ["blind"], "ur")
    assert lending.do(loans.allocate, loan.id, tablet_id=made.id).state is LoanState.ALLOCATED


def test_it_is_given_as_it_is_only_with_a_reason_which_is_kept(lending: Lending) -> None:
    loan, plain = reads_urdu_and_needs_it_aloud(lending), lending.tablet(Stage.READY)
    with pytest.raises(BadInput) as unsaid:
        lending.do(loans.allocate, loan.id, tablet_id=plain.id, override_fit=True)
    assert "Say why" in unsaid.value.fields["reason"]
    lending.do(loans.allocate, loan.id, tablet_id=plain.id, override_fit=True, reason="Their daughter sets it up")
    said = lending.read(queries.latest_event, loan.id, "allocate")
    assert said is not None
    assert (said.words, said.reason) == (
        "Tablet allocated, though not set up as they need it",
        "Their daughter sets it up",
    )


@pytest.mark.parametrize(
    ("state", "mend"), [(LoanState.ALLOCATED, "Keep another for them"), (LoanState.ACTIVE, "Swap it")]
)
def test_a_need_told_after_the_tablet_was_kept_is_said_on_the_loan(
    lending: Lending, browser_as: Callable[..., Browser], state: LoanState, mend: str
) -> None:
    person = lending.person(needs=frozenset({NeedCode.KNOCK_AND_WAIT}))
    loan, browser = lending.loan_at(state, person=person), browser_as(Role.COORDINATOR)
    assert "not as they need it" not in browser.get(f"/loans/{loan.id}").text
    with lending.database.write() as session:
        known, by = people.get_person(session, person.id), lending.actor(Role.COORDINATOR)
        people.record_needs(session, known, {NeedCode.CAPTIONS}, actor=by, happening=Happening(now=lending.clock()))
    shown = browser.get(f"/loans/{loan.id}").text
    assert f"Their tablet is not as they need it: no captions and loud sound. {mend}" in shown


def test_a_swap_is_held_to_the_same(lending: Lending) -> None:
    person = lending.person(needs=frozenset({NeedCode.CAPTIONS}))
    loan = lending.loan_at(LoanState.ACTIVE, person=person)
    plain = lending.tablet(Stage.READY)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.arrange_swap, loan.id, tablet_id=plain.id, reason="It is broken")
    assert "no captions" in refused.value.reasons[0]
    lending.do(loans.arrange_swap, loan.id, tablet_id=plain.id, override_fit=True, reason="It is broken")

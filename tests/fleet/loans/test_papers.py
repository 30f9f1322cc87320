"""An agreement is kept word for word once accepted, and no paper leaves the printer in a language nobody chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimKind
from fleet.cohorts import service as cohorts
from fleet.database.session import Database
from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.gatherings import service as gatherings
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan, LoanAgreement
from fleet.loans.rules import LoanState, MissingLanguage
from fleet.loans.service.papers.agreements import text_problems
from fleet.loans.wording import Agreement, shipped
from fleet.people.models import Person
from fleet.people.rules import NeedCode, PrintFormat
from fleet.users.rules import Role
from labels.paper.guide import GuideValues
from labels.paper.texts import languages
from tests.fixtures.databases import ON_SQLITE
from tests.gatherings import MUSIC_MORNING
from tests.labels.reading import texts
from tests.lending import Lending
from tests.people import FakeClock

OWN = Agreement("en", "", 0, True, "Our rules", "You and $hub.", ("Keep it dry.", "Ring $phone."), "Say yes.")


def kept(lending: Lending, loan: Loan) -> LoanAgreement:
    found = lending.read(queries.agreement, loan.id)
    assert found is not None
    return found


def wanted(lending: Lending, **asked: Any) -> loans.Wanted:
    return loans.Wanted(lending.clock().date(), **asked)


def guide(lending: Lending, loan: Loan, **asked: Any) -> GuideValues:
    return lending.read(loans.guide_values, loan.id, settings=lending.settings, wanted=wanted(lending, **asked))


def add_text(lending: Lending, loan: Loan, text: Agreement) -> None:
    with lending.database.write() as session:
        loans.add_text(
            session, loan.programme_id, text, actor=lending.actor(Role.COORDINATOR), happening=lending.happening()
        )


def test_the_words_are_written_down_when_a_tablet_is_chosen_and_kept_when_it_is_handed_over(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    made = kept(lending, loan)
    assert (made.source, made.version, made.language, made.frozen_at) == ("Doorstep", 1, "en", None)
    assert "Test hub" in made.terms[0]
    lending.step(loan.id, LoanState.OUT_FOR_DELIVERY)
    lending.hand_over(loan.id)
    accepted = kept(lending, loan)
    assert accepted.frozen_at == lending.clock()
    assert (accepted.digest, accepted.terms) == (made.digest, made.terms)
    assert accepted.give_back_on == lending.read(loans.get_loan, loan.id).due_on


def test_the_database_itself_refuses_to_change_what_was_accepted(lending: Lending, database: Database) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    for change in (update(LoanAgreement).values(title="Something else"), delete(LoanAgreement)):
        with pytest.raises(DatabaseError, match="kept as it was"), database.write() as session:
            session.execute(change)
    assert kept(lending, loan).title == "What we agree"


def test_words_that_nobody_accepted_yet_can_be_made_again(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    add_text(lending, loan, OWN)
    assert kept(lending, loan).source == "Doorstep"
    made = lending.do(loans.make_again, loan.id, client_id="make-again-1")
    assert (made.version, made.title) == (1, "Our rules")
    assert lending.do(loans.make_again, loan.id, client_id="make-again-1").id == made.id
    events = [event.kind for event in lending.read(queries.events, loan.id)]
    assert events.count("agreement_made") == 1


def test_another_version_leaves_accepted_words_alone(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    before = kept(lending, loan).digest
    add_text(lending, loan, OWN)
    with pytest.raises(Conflict, match="was accepted, and is kept"):
        lending.do(loans.make_again, loan.id)
    assert kept(lending, loan).digest == before


@ON_SQLITE
def test_a_programme_has_its_own_words_by_language_and_version(lending: Lending) -> None:
    programme = lending.programme("Sample choir")
    first = lending.loan_at(LoanState.ALLOCATED, programme)
    add_text(lending, first, OWN)
    add_text(lending, first, replace(OWN, terms=("Keep it warm.",)))
    second = lending.loan_at(LoanState.ALLOCATED, programme)
    assert (kept(lending, second).source, kept(lending, second).version) == ("Sample choir", 2)
    assert kept(lending, second).terms == ["Keep it warm."]
    polish = lending.loan_at(LoanState.ALLOCATED, programme, person=lending.person(language_read="pl"))
    assert (kept(lending, polish).source, kept(lending, polish).language) == ("Doorstep", "pl")


@pytest.mark.parametrize("language", languages())
def test_an_agreement_is_shipped_in_every_language_that_has_papers(language: str) -> None:
    text, english = shipped(language), shipped("en")
    assert text is not None
    assert english is not None
    assert text_problems(text) == {}
    assert len(text.terms) == len(english.terms)
    for part, other in zip((text.lead, *text.terms), (english.lead, *english.terms), strict=True):
        assert [name in part for name in ("$hub", "$phone")] == [name in other for name in ("$hub", "$phone")]


@ON_SQLITE
def test_words_without_which_nothing_can_be_printed_are_asked_for(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    with pytest.raises(BadInput) as refused:
        add_text(lending, loan, Agreement("tw", "", 0, False, " ", "", ("", " "), ""))
    assert set(refused.value.fields) == {"language", "title", "lead", "terms", "accept"}


def test_a_missing_language_prints_nothing_until_somebody_answers(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED, person=lending.person(language_read="tw"))
    for asked in (None, "en"):
        with pytest.raises(loans.LanguageUnanswered, match="no papers in Twi yet"):
            guide(lending, loan, language=asked)
    with pytest.raises(loans.LanguageUnanswered):
        lending.read(loans.agreement_pdf, loan.id, wanted=wanted(lending))
    lending.do(loans.answer_missing_language, loan.id, MissingLanguage.WAIT)
    with pytest.raises(loans.LanguageUnanswered, match="decided to wait"):
        guide(lending, loan)
    lending.do(loans.answer_missing_language, loan.id, MissingLanguage.ENGLISH)
    assert guide(lending, loan).language == "en"
    said = [event.words for event in lending.read(queries.events, loan.id)]
    assert said[0] == "No papers in Twi yet: papers in English"


@ON_SQLITE
def test_an_answer_counts_for_the_language_it_was_given_for(lending: Lending) -> None:
    person = lending.person(language_read="tw")
    loan = lending.loan_at(LoanState.ALLOCATED, person=person)
    lending.do(loans.answer_missing_language, loan.id, MissingLanguage.ENGLISH)
    reads(lending, person, "ti")
    with pytest.raises(loans.LanguageUnanswered, match="Tigrinya"):
        guide(lending, loan)
    reads(lending, person, "ur")
    assert guide(lending, loan).language == "ur"
    with pytest.raises(Conflict, match="There are papers in Urdu"):
        lending.do(loans.answer_missing_language, loan.id, MissingLanguage.ENGLISH)


@ON_SQLITE
def test_no_loan_leaves_with_an_agreement_in_a_language_nobody_chose(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED, person=lending.person(language_read="tw"))
    ways: tuple[Callable[[], object], ...] = (
        lambda: lending.do(loans.dispatch, loan.id),
        lambda: lending.step(loan.id, LoanState.OUT_FOR_DELIVERY),
        lambda: lending.hand_over(loan.id, role=Role.COORDINATOR),
    )
    for answer in (None, MissingLanguage.WAIT):
        if answer is not None:
            lending.do(loans.answer_missing_language, loan.id, answer)
        for leave in ways:
            with pytest.raises(MoveRefused) as refused:
                leave()
            assert "There are no papers for this person yet" in refused.value.reasons[0]
    lending.do(loans.answer_missing_language, loan.id, MissingLanguage.ENGLISH)
    lending.hand_over(loan.id, role=Role.COORDINATOR)


@ON_SQLITE
def test_an_agreement_in_another_language_than_they_read_by_now_is_doubted(lending: Lending) -> None:
    person = lending.person()
    loan = lending.loan_at(LoanState.ALLOCATED, person=person)
    reads(lending, person, "cy")
    doubt = "The agreement was made in English, and they read Welsh: take the newest words."
    assert doubt in lending.read(loans.paper_state, loan).doubts
    lending.do(loans.make_again, loan.id)
    assert (kept(lending, loan).language, doubt in lending.read(loans.paper_state, loan).doubts) == ("cy", False)


def reads(lending: Lending, person: Person, language: str) -> None:
    with lending.database.write() as session:
        session.merge(person).language_read = language


@ON_SQLITE
@pytest.mark.parametrize(
    ("print_format", "needs", "points"),
    [
        (PrintFormat.PRINT_14, frozenset(), 14),
        (PrintFormat.PRINT_14, frozenset({NeedCode.LARGE_TEXT}), 18),
        (PrintFormat.PRINT_24, frozenset({NeedCode.LARGE_TEXT}), 24),
        (PrintFormat.EASY_READ, frozenset(), 18),
        (PrintFormat.BRAILLE, frozenset(), 18),
    ],
)
def test_the_text_is_as_large_as_they_need(
    lending: Lending, print_format: PrintFormat, needs: frozenset[NeedCode], points: int
) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED, person=lending.person(print_format=print_format, needs=needs))
    assert guide(lending, loan).points == points
    assert guide(lending, loan, points=24).points == 24
    with pytest.raises(BadInput):
        guide(lending, loan, points=9)


def test_the_guide_is_made_of_what_is_on_record(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, person=lending.person(first_name="Sample", last_name="Surname"))
    actor = lending.actor(Role.COORDINATOR)
    with lending.database.write() as session:
        entry = replace(MUSIC_MORNING, host_id=lending.hub_id)
        made = gatherings.propose(session, entry, actor=actor, happening=Happening(now=lending.clock()))
        cohorts.choose_gatherings(session, loan.programme_id, [made.id], actor=actor)
    values = guide(lending, loan)
    assert [(each.title, each.weekday) for each in values.meetings] == [("Music morning", 1)]
    assert (values.gb_each_month, values.video_hours, values.from_a_mifi) == (20, 14, False)
    link = lending.read(loans.open_sim, loan.id)
    assert link is not None
    with lending.database.write() as session:
        bundles.get_sim(session, link.sim_id).kind = SimKind.MIFI
    assert guide(lending, loan).from_a_mifi
    assert values.give_back_on == lending.read(loans.get_loan, loan.id).due_on
    pdf = lending.read(loans.guide_pdf, loan.id, settings=lending.settings, wanted=wanted(lending))
    said = " ".join(texts(pdf))
    assert "For Sample" in said
    for secret in ("Surname", "Sample Court", "N19", "07700", "Sample programme"):
        assert secret not in said


@ON_SQLITE
def test_the_day_to_give_it_back_is_printed_only_where_it_is_certain(lending: Lending, clock: FakeClock) -> None:
    today = clock().date()
    counted = lending.loan_at(LoanState.ALLOCATED, lending.programme(taster_days=28))
    assert guide(lending, counted).give_back_on is None
    assert guide(lending, counted, starts_on=date(2026, 6, 3)).give_back_on == date(2026, 7, 1)
    programme = lending.programme()
    cohort = lending.cohort(programme, today, today + timedelta(days=30))
    together = lending.loan_at(LoanState.ALLOCATED, programme, cohort_id=cohort.id)
    assert guide(lending, together).give_back_on == date(2026, 7, 1)


@ON_SQLITE
def test_doubts_are_said_before_anything_is_printed(lending: Lending) -> None:
    tablet_reader = lending.person(language_read="so", print_format=PrintFormat.AUDIO)
    loan = lending.loan_at(LoanState.ALLOCATED, person=tablet_reader)
    state = lending.read(loans.paper_state, loan)
    assert not state.reviewed
    assert "Nobody whose language it is has read our Somali texts yet." in state.doubts
    assert any("They read: audio." in doubt for doubt in state.doubts)
    assert any("Hold the picture" in doubt for doubt in state.doubts)


@ON_SQLITE
def test_a_loan_without_a_tablet_has_no_guide_and_no_agreement(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    with pytest.raises(Conflict, match="has no tablet"):
        guide(lending, loan)
    with pytest.raises(Conflict, match="has no agreement yet"):
        lending.read(loans.agreement_pdf, loan.id, wanted=wanted(lending))


@ON_SQLITE
def test_an_accepted_agreement_is_printed_as_it_was_after_the_loan_was_extended(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    before = lending.read(loans.agreement_pdf, loan.id, wanted=wanted(lending))
    lending.do(loans.extend, loan.id, reason="Asked for longer")
    assert lending.read(loans.agreement_pdf, loan.id, wanted=wanted(lending)) == before


@ON_SQLITE
def test_a_name_that_no_font_has_is_refused_with_what_to_do(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED, person=lending.person(first_name="明"))
    with pytest.raises(loans.NotPrinted, match="No font of ours has '明'"):
        lending.read(loans.guide_pdf, loan.id, settings=lending.settings, wanted=wanted(lending))

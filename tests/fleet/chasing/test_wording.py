"""What borrowers read: plain, kind and whole, in every language, and honest about who has read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import (
    MOVED,
    Acts,
    EasyRead,
    Moved,
    OwnText,
    ReadingEase,
    Rung,
    TextState,
    pieces,
    reading_ease,
)
from fleet.chasing.rules.reading import HARDEST, LONGEST_IDEA, LONGEST_SENTENCE, reading_grade, sentences
from fleet.chasing.wording import Blanks, Written, has_text, languages, messages, text_state, write
from fleet.loans.rules import MovedBecause
from labels.paper.texts import languages as paper_languages
from labels.paper.texts import paper_texts
from labels.script.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE

MOVE = Moved(date(2026, 6, 11), MovedBecause.COHORT)
BLANKS = Blanks(("Sample",), date(2026, 6, 12), "Sample hub", "020 7946 0000", moved=MOVE)
RUNGS = {rung.key: rung for rung in (MOVED, *default_ladder().rungs) if rung.by is Acts.SYSTEM}
NEVER_SAID = (
    *("overdue", "late", "failure", "fail", "invalid", "user", "terminate", "abort", "fine", "penalty", "debt"),
    *("owe", "must", "demand", "final", "warning", "immediately", "device", "loan"),
)
NOTIFY_TAKES = 918
"""Letters of a text message, at GOV.UK Notify."""
OTHERS = [each for each in languages() if each != "en"]


def in_english(rung: str, *, easy: bool = False) -> Written:
    return write(RUNGS[rung], "en", BLANKS, easy=easy)


def test_the_measure_tells_hard_from_easy() -> None:
    easy = "The cat sat on the mat. It was a good cat. We like the cat."
    hard = (
        "Notwithstanding previous correspondence, immediate repatriation of organisational equipment is obligatory "
        "in accordance with contractual stipulations regarding temporary possession."
    )
    assert reading_grade(easy) < HARDEST < reading_grade(hard)


@pytest.mark.parametrize("rung", RUNGS)
def test_a_child_of_ten_can_read_it_and_easy_read_is_easier(rung: str) -> None:
    plain, easy = in_english(rung), in_english(rung, easy=True)
    assert reading_grade(plain.body) <= HARDEST
    assert len(plain.subject) <= 60
    assert (plain.is_easy, easy.is_easy) == (False, True)
    assert reading_grade(easy.body.replace("\n", ".\n")) <= HARDEST / 2


@pytest.mark.parametrize("rung", RUNGS)
def test_it_blames_and_threatens_nobody(rung: str) -> None:
    for written in (in_english(rung), in_english(rung, easy=True)):
        said = set(re.findall(r"[a-z]+", f"{written.subject} {written.body}".lower()))
        assert said.isdisjoint(NEVER_SAID)


@pytest.mark.parametrize("rung", RUNGS)
def test_it_says_when_and_whom_to_ring_and_that_longer_may_be_asked_for(rung: str) -> None:
    for written in (in_english(rung), in_english(rung, easy=True)):
        assert "Friday 12 June" in written.body
        assert "ring us on 020 7946 0000" in written.body
        assert "longer" in written.body
        assert ("Is it back with us?" if written.is_easy else "Have you given it back") in written.body
        assert "$" not in written.subject + written.body


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("because", MovedBecause)
def test_a_day_that_we_moved_is_told_with_both_days_and_why(language: str, because: MovedBecause) -> None:
    blanks = replace(BLANKS, moved=replace(MOVE, because=because))
    why = messages(language).phrases[f"moved_{because.value}"].template
    for easy in (False, True):
        body = write(MOVED, language, blanks, easy=easy).body
        days = [paper_texts(language).near_day(day) for day in (MOVE.before, BLANKS.due_on)]
        assert all(each in body for each in (*days, why))


def test_without_a_phone_number_it_still_reads_well() -> None:
    written = write(RUNGS["due_day"], "en", Blanks(("Sample",), date(2026, 6, 12), "Sample hub", ""))
    assert "Please talk to us and" in written.body


def test_there_are_messages_in_every_language_that_has_papers() -> None:
    assert languages() == paper_languages()
    assert [each for each in languages() if messages(each).rtl] == ["ar", "ur"]
    assert [paper_texts(each).rtl for each in languages()] == [messages(each).rtl for each in languages()]


def test_what_nobody_has_read_says_so() -> None:
    assert text_state("en") is TextState.READY
    assert {text_state(each) for each in OTHERS} == {TextState.DRAFT}
    assert text_state("tw") is text_state("../en") is TextState.MISSING


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_all_that_english_says_with_the_same_blanks(language: str) -> None:
    known, english = messages(language), messages("en")
    assert blanks_of(known.phrases) == blanks_of(english.phrases)
    assert known.texts.keys() == english.texts.keys() == RUNGS.keys()
    for key, text in known.texts.items():
        assert text.easy is not None
        for body in (text.body, text.easy):
            moved = {"old_date", "why_moved"} if key == MOVED.key else set()
            assert set(body.get_identifiers()) == {"first_name", "due_date", "ring_us", "hub"} | moved
        assert text.body.template != english.texts[key].body.template


def blanks_of(phrases: Mapping[str, object]) -> dict[str, set[str]]:
    return {key: set(re.findall(r"\$(\w+)", getattr(each, "template", ""))) for key, each in phrases.items()}


@pytest.mark.parametrize("language", languages())
def test_sentences_are_short_and_easy_read_has_one_idea_a_line(language: str) -> None:
    for rung in RUNGS.values():
        plain, easy = write(rung, language, BLANKS), write(rung, language, BLANKS, easy=True)
        assert max(len(each.split()) for each in sentences(plain.body)) <= LONGEST_SENTENCE
        lines = [line for line in easy.body.splitlines() if line]
        assert len(lines) >= 8
        assert max(len(line.split()) for line in lines) <= LONGEST_IDEA


@pytest.mark.parametrize("language", languages())
def test_days_are_said_as_papers_say_them_and_a_phone_takes_the_message(language: str) -> None:
    day = paper_texts(language).near_day(BLANKS.due_on)
    for rung in RUNGS.values():
        written = write(rung, language, BLANKS)
        assert day in written.body
        assert len(written.body) <= NOTIFY_TAKES
        assert f"{FIRST_STRONG_ISOLATE}020 7946 0000{POP_ISOLATE}" in written.body or not written.rtl


@pytest.mark.parametrize("language", ["en", "so"])
def test_what_phones_write_with_small_letters_stays_cheap(language: str) -> None:
    for rung in RUNGS.values():
        sent = pieces(write(rung, language, BLANKS).body)
        assert (sent.coding, sent.outside) == ("GSM-7", "")
        assert sent.count <= 4


def test_several_names_and_tablets_are_listed_as_the_language_does() -> None:
    blanks = Blanks(("Ann", "Ben", "Cy"), date(2026, 6, 12), "Sample hub", "", also_due=(date(2026, 7, 1),))
    assert "Hello Ann, Ben and Cy" in write(RUNGS["due_day"], "en", blanks).body
    assert "Ann, Ben i Cy" in write(RUNGS["due_day"], "pl", blanks).body
    assert "środa, 1 lipca" in write(RUNGS["due_day"], "pl", blanks, easy=True).body
    assert write(RUNGS["due_day"], "pl", blanks).body.endswith("pozdrawiamy, Sample hub")


def test_a_name_in_arabic_letters_stays_in_its_place_in_english() -> None:
    written = write(RUNGS["due_day"], "en", Blanks(("سلمى",), date(2026, 6, 12), "Sample hub", ""))
    assert f"Hello {FIRST_STRONG_ISOLATE}سلمى{POP_ISOLATE}," in written.body


OWN = Rung("step_1", 5, 2, Acts.SYSTEM, "five days after", "Ring.", subject="Yours", body="Hello $first_name")
IN_POLISH = OwnText("pl", "Twój tablet", "Cześć $first_name", "A reader", "Po polsku, $first_name.", "A reader")


def test_a_programmes_own_words_are_english_where_it_has_no_others() -> None:
    assert has_text(OWN)
    written = write(OWN, "pl", BLANKS, easy=True)
    assert (written.language, written.body, written.is_own, written.is_easy) == ("en", "Hello Sample", True, False)


def test_a_programmes_own_easy_read_comes_before_ours_and_ours_before_plain_words() -> None:
    own_step, our_step = OWN, replace(OWN, key="due_day")
    own, ours, none = EasyRead.OWN, EasyRead.OURS, EasyRead.NONE
    for step, easy, wanted, body in (
        (our_step, "You have it, $first_name.", own, "You have it, Sample."),
        (own_step, "You have it, $first_name.", own, "You have it, Sample."),
        (our_step, "", ours, "Today is the day to give your tablet back."),
        (own_step, "", none, "Hello Sample"),
    ):
        written = write(replace(step, easy=easy), "en", BLANKS, easy=True)
        assert (written.easy, written.subject) == (wanted, "Yours")
        assert body in written.body
        plain = write(replace(step, easy=easy), "en", BLANKS)
        assert (plain.easy, plain.body) == (none, "Hello Sample")


@pytest.mark.parametrize("key", ["due_day", "step_1"])
def test_easy_read_that_nobody_has_read_is_passed_over_unless_drafts_are_asked_for(key: str) -> None:
    """Ours in Polish is a draft too, so that it does not stand in for one."""

    def in_easy_read(text: OwnText, *, with_drafts: bool) -> EasyRead:
        return write(replace(OWN, key=key, others=(text,)), "pl", BLANKS, easy=True, with_drafts=with_drafts).easy

    draft, without = replace(IN_POLISH, easy_read_by=""), replace(IN_POLISH, easy="")
    assert in_easy_read(IN_POLISH, with_drafts=False) is EasyRead.OWN
    assert in_easy_read(draft, with_drafts=False) is EasyRead.NONE
    assert in_easy_read(draft, with_drafts=True) is EasyRead.OWN
    assert in_easy_read(without, with_drafts=False) is EasyRead.NONE
    assert in_easy_read(without, with_drafts=True) is (EasyRead.OURS if key == "due_day" else EasyRead.NONE)


def test_how_hard_own_words_are_is_measured_as_ours_are() -> None:
    plain = reading_ease("We hope you like it. Please ring us.", english=True, easy=False)
    assert plain.is_plain
    assert plain.age in range(5, 10)
    hard = reading_ease("Notwithstanding correspondence, repatriation is obligatory.", english=True, easy=False)
    assert not hard.is_plain
    assert hard.age in range(15, 40)
    line = " ".join(["word"] * (LONGEST_IDEA + 1))
    assert (reading_ease(line, english=False, easy=False).is_plain, reading_ease(line, english=False, easy=True)) == (
        True,
        ReadingEase(None, LONGEST_IDEA + 1, is_plain=False),
    )
    assert reading_ease("", english=True, easy=True) == ReadingEase(5, 0, is_plain=True)

"""Letters take the forms that their neighbours ask for, each word from one face, and nothing is left out."""

from __future__ import annotations

import pytest

from labels.errors import TextNotPrintable
from labels.paper.texts import languages, paper_texts
from labels.script.faces import Family, face
from labels.script.shaping import Run, Writing, shaped

MISSING = 0
"""The number of a font's box for what it lacks."""


def forms(text: str, language: str, *, rtl: bool = False) -> list[int]:
    return [glyph.number for run in shaped(text, Writing(language, rtl)) for glyph in run.glyphs]


def run_with(text: str, runs: tuple[Run, ...]) -> Run:
    return next(run for run in runs if text in run.text)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
def test_no_word_of_any_language_has_a_letter_that_its_face_lacks(language: str, bold: bool) -> None:
    texts = paper_texts(language)
    said = [template.template for template in (*texts.words.values(), *texts.dates.patterns.values())]
    for text in (*said, *texts.dates.days, *texts.dates.months, *texts.dates.every):
        for run in shaped(text, texts.writing(bold=bold)):
            assert MISSING not in {glyph.number for glyph in run.glyphs}, (text, run.text)


def test_arabic_letters_join() -> None:
    joined, alone = forms("ببب", "ar", rtl=True), forms("ب", "ar", rtl=True)
    assert len(joined) == 3
    assert len({*joined, *alone}) == 4


def test_urdu_hangs_its_words_on_a_slope() -> None:
    assert {glyph.up for run in shaped("ٹیبلٹ", Writing("ur", rtl=True)) for glyph in run.glyphs} != {0.0}


@pytest.mark.parametrize(("language", "letter", "vowel"), [("bn", "ক", "ি"), ("gu", "ક", "િ"), ("pa", "ਕ", "ਿ")])
def test_the_vowel_that_is_written_before_its_consonant_stands_before_it(
    language: str, letter: str, vowel: str
) -> None:
    alone = forms(letter, language)[0]
    assert forms(letter + vowel, language)[-1] == alone
    assert len(forms(letter + vowel, language)) == 2


@pytest.mark.parametrize(("language", "three"), [("bn", "ক্ষ"), ("gu", "ક્ષ")])
def test_consonants_without_a_vowel_between_them_become_one(language: str, three: str) -> None:
    assert len(forms(three, language)) < len(three)


def test_a_code_is_of_one_piece_in_any_language() -> None:
    latin = face(Family.LATIN, bold=False)
    for language in languages():
        runs = shaped("K7F3-QX", paper_texts(language).writing())
        assert [(run.face, run.text) for run in runs] == [(latin, "K7F3-QX")]


def test_a_name_in_another_script_is_set_in_a_face_that_has_it() -> None:
    assert run_with("ગીત", shaped("Songs: ગીત", Writing("en"))).face.name == "NotoSansGujarati-Regular"


def test_a_letter_that_no_face_has_is_named() -> None:
    with pytest.raises(TextNotPrintable, match="'中'"):
        shaped("中文", Writing("en"))

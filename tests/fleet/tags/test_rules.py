"""The code on a label: what its check character catches, and how what people type is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.tags.rules import (
    ALPHABET,
    LENGTH,
    MOVES,
    TagMove,
    TagState,
    check_character,
    fits,
    looks_like_code,
    new_code,
    parse,
    refusals,
    shown,
)

CODES = st.text(alphabet=ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1).map(
    lambda body: body + check_character(body)
)


def test_the_alphabet_has_32_characters_and_none_of_the_four_that_are_misread_most() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("IO01") & set(ALPHABET)


@given(code=CODES, place=st.integers(0, LENGTH - 1), other=st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_caught(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert fits(wrong) is (wrong == code)


@given(code=CODES, left=st.integers(0, LENGTH - 1), right=st.integers(0, LENGTH - 1))
def test_every_exchange_of_two_characters_is_caught(code: str, left: int, right: int) -> None:
    letters = list(code)
    letters[left], letters[right] = letters[right], letters[left]
    wrong = "".join(letters)
    assert fits(wrong) is (wrong == code)


def test_no_single_slip_escapes_for_any_place_and_any_pair_of_characters() -> None:
    """The check is linear, so that it is enough to try every difference in every place."""
    nought = ALPHABET[0] * LENGTH
    assert fits(nought)
    for place in range(LENGTH):
        for other in ALPHABET[1:]:
            assert not fits(nought[:place] + other + nought[place + 1 :])
    for place in range(LENGTH - 1):
        for other in ALPHABET[1:]:
            swapped = [*nought]
            swapped[place] = swapped[place + 1] = other
            assert not fits("".join(swapped))


@pytest.mark.parametrize("code", ["K7F3-QX", "M2P9-TA", "B8D4-RW", "H3N6-YC"])
def test_the_codes_in_our_pictures_and_guides_are_real_ones(code: str) -> None:
    assert shown(parse(code).code) == code


@given(
    code=CODES, how=st.sampled_from(["{}-{}", "{} {}", "{}{}", " {}  -{} ", "{}–{}", "HTTPS://TABLETS.EXAMPLE/T/{}-{}"])
)
def test_a_code_is_read_however_it_is_typed(code: str, how: str) -> None:
    typed = how.format(code[:4], code[4:])
    for text in (typed, typed.lower()):
        assert looks_like_code(text)
        assert parse(text).code == code


@given(st.text(max_size=40))
def test_whatever_is_typed_gets_a_code_or_a_sentence(text: str) -> None:
    reading = parse(text)
    if reading.good:
        assert fits(reading.code)
        assert reading.code == parse(shown(reading.code)).code
    else:
        assert reading.problem.endswith((".", "?."))


def test_new_codes_check_and_differ() -> None:
    codes = {new_code() for _ in range(200)}
    assert all(fits(code) for code in codes)
    assert len(codes) > 195


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("7KF3-QX", "characters 1 and 2 (is it K7?)"),
        ("K7E3-QX", "character 3 (is it F, not E?)"),
        ("K7F3-OX", "No code has the letters I and O or the digits 0 and 1. Look again at character 5"),
        ("K7F3-Q", "this has 5"),
        ("K7F3-Q!", "Character 6 is '!'"),
        ("", "Type the code"),
    ],
)
def test_a_misread_code_says_what_to_look_at(typed: str, said: str) -> None:
    assert said in parse(typed).problem


def test_a_look_alike_misread_is_named() -> None:
    good = next(code for code in iter(new_code, "") if "5" in code[:5])
    place = good.index("5")
    misread = good[:place] + "S" + good[place + 1 :]
    assert f"character {place + 1} (is it 5, not S?)" in parse(misread).problem


def test_a_tag_is_attached_once_and_replaced_only_with_a_reason() -> None:
    assert refusals(TagMove.ATTACH, TagState.BLANK, reason="") == ()
    assert refusals(TagMove.ATTACH, TagState.ATTACHED, reason="")
    assert refusals(TagMove.ATTACH, TagState.REPLACED, reason="")
    assert refusals(TagMove.REPLACE, TagState.ATTACHED, reason="") == ("Say why, in a few words.",)
    assert refusals(TagMove.REPLACE, TagState.ATTACHED, reason="It came off.") == ()


def test_only_a_mistake_leads_back_to_blank_and_nothing_leads_out_of_void() -> None:
    back = [transition for transition in MOVES if transition.target is TagState.BLANK]
    assert [transition.move for transition in back] == [TagMove.TAKE_BACK]
    assert all(transition.needs_reason and transition.when for transition in back)
    assert all(transition.source is not TagState.VOID for transition in MOVES)


def test_a_blank_label_is_voided_only_with_a_reason_and_a_claimed_one_never() -> None:
    assert refusals(TagMove.MAKE_VOID, TagState.BLANK, reason="Left on the bus") == ()
    assert refusals(TagMove.MAKE_VOID, TagState.BLANK, reason=" ")
    assert refusals(TagMove.MAKE_VOID, TagState.ATTACHED, reason="Left on the bus")
    assert refusals(TagMove.ATTACH, TagState.VOID, reason="")

"""A layout carries all it promises at the sizes of the print rules, or refuses with a sentence."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.arranging import LEAST_QR, TEXT_EDGE
from labels.errors import LabelDoesNotFit, TextNotPrintable
from labels.fonts import Face, width_mm
from labels.frames import Frame, Part, PrintSize, TextLine
from labels.layouts import capacity, code_lines, frame_for
from labels.sheet import Sheet
from labels.sheets import preset, presets
from tests.labels.samples import ALPHABET, label, labels

QR_AND_WORDS = frozenset({Part.QR, Part.CODE, Part.FINDER})
CODES = st.text(ALPHABET, min_size=6, max_size=6).map(lambda letters: f"{letters[:4]}-{letters[4:]}")


def sheet_of(width: Decimal, height: Decimal) -> Sheet:
    zero = Decimal(0)
    return Sheet("own", "Own", width, height, 1, 1, width, height, width, height, zero, zero)


def lines_of(frame: Frame, code_text: str) -> list[TextLine]:
    return [*code_lines(code_text, frame.code), *frame.lines]


def test_the_usual_sheets_carry_the_qr_the_code_and_whom_to_ring() -> None:
    for name in ("L7160", "L7163", "L6011", "L4776", "5160"):
        for print_size in PrintSize:
            assert capacity(preset(name), print_size).carries == QR_AND_WORDS


def test_a_sheet_too_small_for_a_qr_says_that_it_is_text_only() -> None:
    can = capacity(preset("L4731"))
    assert can.carries == {Part.CODE}
    assert can.sentence == "Text only: the code. A QR code needs 20 mm each way."


def test_the_mini_label_carries_the_qr_and_the_code() -> None:
    assert capacity(preset("L7651")).carries == {Part.QR, Part.CODE}


def test_large_print_never_costs_a_label_its_qr() -> None:
    can = capacity(preset("L7651"), PrintSize.LARGE)
    assert not can.carries
    assert "38.1 x 21.2 mm (sheet L7651) cannot hold a code in 16 points" in can.sentence
    with pytest.raises(LabelDoesNotFit, match="Choose a sheet with larger labels"):
        frame_for(label("K7F3-QX"), preset("L7651"), PrintSize.LARGE)


@pytest.mark.parametrize("name", sorted(presets()))
@pytest.mark.parametrize("print_size", list(PrintSize))
def test_a_usual_code_is_at_least_as_large_as_its_print_size_asks(name: str, print_size: PrintSize) -> None:
    sheet = preset(name)
    if not capacity(sheet, print_size).carries:
        with pytest.raises(LabelDoesNotFit):
            frame_for(label("K7F3-QX"), sheet, print_size)
        return
    frame = frame_for(label("K7F3-QX"), sheet, print_size)
    least = 16 if print_size is PrintSize.LARGE else 12
    assert all(line.points >= least for line in code_lines("K7F3-QX", frame.code))


@settings(max_examples=80, deadline=None)
@given(
    st.decimals(10, 110, places=1),
    st.decimals(8, 110, places=1),
    CODES,
    st.sampled_from(["Sample", "Sample Tablet Library", "The Sample Association of Lenders and Borrowers"]),
    st.sampled_from(list(PrintSize)),
)
def test_on_labels_of_any_size_nothing_is_cut_and_nothing_overlaps(
    width: Decimal, height: Decimal, code_text: str, owner: str, print_size: PrintSize
) -> None:
    sheet = sheet_of(width, height)
    try:
        frame = frame_for(label(code_text, owner=owner), sheet, print_size)
        lines = lines_of(frame, code_text)
    except LabelDoesNotFit:
        return
    for line in lines:
        top, bottom = line.baseline - line.points * 0.26, line.baseline + line.points * 0.074
        assert line.left >= TEXT_EDGE - 1e-6
        assert line.left + width_mm(line.text, line.face, line.points) <= float(width) - TEXT_EDGE + 1e-6
        assert top >= 0
        assert bottom <= float(height)
        if frame.qr:
            right, under = frame.qr.left + frame.qr.side, frame.qr.top + frame.qr.side
            assert line.left >= right or top >= under - 0.5
    if frame.qr:
        assert frame.qr.side >= LEAST_QR
        assert frame.qr.left >= 0
        assert frame.qr.top >= 0
        assert frame.qr.left + frame.qr.side <= float(width)
        assert frame.qr.top + frame.qr.side <= float(height)
    assert [line.baseline for line in lines] == sorted(line.baseline for line in lines)


def test_a_label_says_whose_it_is_and_whom_to_ring_and_no_more() -> None:
    frame = frame_for(label("K7F3-QX"), preset("L7160"))
    said = " ".join(line.text for line in lines_of(frame, "K7F3-QX"))
    assert said == "K7F3-QX Property of Sample Tablet Library If found call 020 7946 0000"


def test_a_phone_number_is_never_broken_over_two_lines() -> None:
    frame = frame_for(label("K7F3-QX", phone="+44 20 7946 0000"), preset("L7160"))
    assert frame.lines[-1].text == "+44 20 7946 0000"
    assert frame.lines[-1].face is Face.BOLD


def test_labels_of_a_batch_share_one_frame() -> None:
    frames = {frame_for(one, preset("L7160")) for one in labels(50)}
    assert len(frames) == 1


def test_an_unusually_wide_code_shrinks_and_is_not_refused() -> None:
    for sheet in presets().values():
        frame = frame_for(label("WWWW-WW"), sheet)
        assert all(line.points >= 8 for line in code_lines("WWWW-WW", frame.code))


def test_a_code_far_too_wide_is_refused_with_its_size() -> None:
    frame = frame_for(label("WWWW-WW"), preset("L4731"))
    with pytest.raises(LabelDoesNotFit, match=r"The code W{14} would be \d\.\d points high, and 8 is the least"):
        list(code_lines("W" * 14, frame.code))


def test_an_owner_with_too_long_a_name_is_refused_with_what_to_change() -> None:
    owner = "The Very Long Named Association of Sample Lenders, Borrowers, Menders, Couriers, and Friends " * 3
    with pytest.raises(LabelDoesNotFit, match="Use a shorter form of the owner's name"):
        frame_for(label("K7F3-QX", owner=owner), preset("L6011"))


def test_a_welsh_name_is_printed_and_one_in_another_script_is_refused_by_its_letter() -> None:
    frame_for(label("K7F3-QX", owner="Llyfrgell Tŷ Dŵr"), preset("L7160"))
    with pytest.raises(TextNotPrintable, match=r"no 'ا' \(ARABIC LETTER ALEF\).*Latin, Greek and Cyrillic"):
        frame_for(replace(label("K7F3-QX"), owner_name="السلام"), preset("L7160"))

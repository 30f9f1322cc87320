"""What a Zebra would print of our ZPL is read by a decoder that is not ours, and no text breaks out of its field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.errors import LabelDoesNotFit, SheetInvalid
from labels.frames import PrintSize
from labels.kinds import LabelKind
from labels.layouts import SAMPLE_LOGO, SAMPLES, capacity
from labels.roll import Family, Roll
from labels.rolls import roll_of, rolls
from labels.zpl import render_zpl
from tests.labels.samples import ALPHABET, OWNER, label, labels
from tests.labels.zpl_printer import Printed, print_zpl

ZEBRA = [roll.at(dpi) for roll in rolls().values() if roll.family is Family.ZEBRA for dpi in (203, 300)]
ROLL_NAMES = [f"{roll.name} at {roll.dpi} dpi" for roll in ZEBRA]
CODES = st.text(ALPHABET, min_size=6, max_size=6).map(lambda letters: f"{letters[:4]}-{letters[4:]}")
FIRMWARE_SHIFT = 10
"""Dots by which some firmware sets a QR code lower."""


def everything_in_place(printed: Printed) -> None:
    """Nothing over the edge of the label or over anything else; a symbol may stand `FIRMWARE_SHIFT` lower."""
    areas = [*printed.symbols, *printed.words, *printed.pictures]
    for number, area in enumerate(areas):
        assert area.left >= 0, area
        assert area.top >= 0, area
        assert area.right <= printed.width, area
        assert area.bottom <= printed.height, area
        assert not any(area.overlaps(other) for other in areas[number + 1 :]), area


@pytest.mark.parametrize("roll", ZEBRA, ids=ROLL_NAMES)
@pytest.mark.parametrize("print_size", list(PrintSize))
def test_every_kind_is_read_back_in_place(roll: Roll, print_size: PrintSize) -> None:
    kinds = [kind for kind in LabelKind if capacity(roll, print_size, kind).carries]
    assert LabelKind.TABLET in kinds
    printed = print_zpl(render_zpl([SAMPLES[kind] for kind in kinds], roll, print_size=print_size))
    for kind, one in zip(kinds, printed, strict=True):
        assert (one.width, one.height) == (roll.dots_wide, roll.dots_high)
        assert one.decoded() == [SAMPLES[kind].wording().qr_text]
        everything_in_place(one)


@pytest.mark.parametrize("roll", ZEBRA, ids=ROLL_NAMES)
def test_the_symbol_is_twenty_millimetres_or_more_and_leaves_room_for_firmware_that_sets_it_lower(roll: Roll) -> None:
    (printed,) = print_zpl(render_zpl([label("K7F3-QX")], roll))
    (symbol,) = printed.symbols
    assert (symbol.right - symbol.left) * roll.dot >= 20
    quiet = (symbol.right - symbol.left) / 37 * 4
    assert quiet > FIRMWARE_SHIFT
    assert symbol.bottom - quiet + FIRMWARE_SHIFT <= printed.height


def test_what_stands_on_the_label_is_the_code_and_whom_to_ring() -> None:
    (printed,) = print_zpl(render_zpl([label("K7F3-QX")], roll_of("ZEBRA-50x30")))
    assert " ".join(area.text for area in printed.words) == f"K7F3-QX Property of {OWNER} If found call 020 7946 0000"


@settings(max_examples=40, deadline=None)
@given(
    CODES,
    st.text("AEMWgij ^~_\\,é'-^", min_size=1, max_size=30).filter(str.strip),
    st.sampled_from(["020 7946 0000", "+44 20 7946 0000"]),
    st.sampled_from(ZEBRA),
)
def test_no_text_breaks_out_of_its_field_or_its_place(code: str, owner: str, phone: str, roll: Roll) -> None:
    one = label(code, owner=owner, phone=phone)
    try:
        (printed,) = print_zpl(render_zpl([one], roll))
    except LabelDoesNotFit:
        return
    said = "".join(area.text for area in printed.words)
    whole = f"{code}Property of {owner}If found call{phone}"
    assert "".join(said.split()) == "".join(whole.split())
    assert printed.decoded() == [one.url]
    everything_in_place(printed)


def test_letters_that_a_printer_may_lack_are_sent_as_a_picture_and_the_rest_as_text() -> None:
    (printed,) = print_zpl(render_zpl([label("K7F3-QX", owner="Llyfrgell Tŷ Dŵr")], roll_of("ZEBRA-50x30")))
    said = " ".join(area.text for area in printed.words)
    assert "If found call" in said
    assert "ŷ" not in said
    assert printed.pictures
    everything_in_place(printed)


def test_a_logo_stands_clear_of_the_rest() -> None:
    (printed,) = print_zpl(render_zpl([label("K7F3-QX")], roll_of("ZEBRA-50x30"), logo=SAMPLE_LOGO))
    (logo,) = printed.pictures
    assert logo.right - logo.left > 20
    everything_in_place(printed)


def test_a_batch_is_one_label_after_another() -> None:
    wanted = labels(25)
    printed = print_zpl(render_zpl(iter(wanted), roll_of("ZEBRA-50x30")))
    assert [one.decoded() for one in printed] == [[each.url] for each in wanted]


def test_a_roll_of_another_printer_is_refused() -> None:
    with pytest.raises(SheetInvalid, match="QL-62 is not one for a printer that speaks ZPL"):
        render_zpl([label("K7F3-QX")], roll_of("QL-62"))

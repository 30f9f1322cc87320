"""Every kind of label carries what it may, looks right on every sheet, and cannot be given what it may not."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.arranging import LEAST_QR
from labels.errors import LabelDoesNotFit, LabelNotAllowed
from labels.fonts import width_mm
from labels.frames import Part, PrintSize, TextLine
from labels.kinds import (
    CODE_LABELS,
    KINDS,
    BlankLabel,
    ChargerLabel,
    Label,
    LabelKind,
    ModeCard,
    RunSheetLabel,
    ShelfLabel,
    SimEnvelopeLabel,
    TabletLabel,
)
from labels.layouts import SAMPLE_LOGO, SAMPLES, capacity, frame_for, lines_of
from labels.logo import Logo
from labels.roll import HEADS, Family, Roll
from labels.sheet_pdf import render_sheet
from labels.sheets import preset
from tests.labels.reading import decode, pictures
from tests.labels.samples import OWNER, PHONE, label

CODE = ("K7F3-QX", "HTTPS://TABLETS.EXAMPLE/T/K7F3-QX", OWNER, PHONE)
L7160 = preset("L7160")
SLACK = 1e-6
FINDER = f"Property of {OWNER} If found call {PHONE}"


def said(one: Label) -> str:
    return " ".join(line.text for line in lines_of(one.wording(), frame_for(one, L7160)))


def test_every_kind_has_a_sample_and_what_leaves_the_hub_says_whose_it_is() -> None:
    assert set(SAMPLES) == set(KINDS) == set(LabelKind)
    for kind, one in SAMPLES.items():
        carries = capacity(L7160, kind=kind).carries
        assert (Part.FINDER in carries) == KINDS[kind].leaves_hub == bool(one.wording().help_phone)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (TabletLabel(*CODE), f"K7F3-QX {FINDER}"),
        (BlankLabel(*CODE), f"K7F3-QX {FINDER}"),
        (ChargerLabel(*CODE), f"Charger K7F3-QX {FINDER}"),
        (SimEnvelopeLabel(*CODE), f"SIM for K7F3-QX {FINDER}"),
        (ShelfLabel("A-12"), "Shelf A-12"),
        (ShelfLabel("KXYZ-QX"), "Shelf KXYZ-QX"),
        (ModeCard("DESK-PUT-AWAY"), "Put away"),
        (ModeCard("DESK-CHECK-KIT"), "Check kit"),
        (ModeCard("MODE-WIPE"), "Wipe"),
        (ModeCard("GRADE-B"), "Grade B"),
        (RunSheetLabel(7, date(2026, 11, 25), 1, OWNER, PHONE), f"Run 7 Wed 25 Nov 2026 1 stop {FINDER}"),
    ],
)
def test_a_label_says_this_and_no_more(one: Label, words: str) -> None:
    assert said(one) == words


def test_one_sheet_of_every_kind_is_read_back() -> None:
    everything = list(SAMPLES.values())
    (picture,) = pictures(render_sheet(everything, L7160))
    assert sorted(found.text for found in decode(picture)) == sorted(each.wording().qr_text for each in everything)


def test_no_kind_has_a_field_for_a_person_an_address_a_programme_or_a_condition() -> None:
    allowed = {"code_text", "url", "owner_name", "help_phone", "mark", "scan_text", "run_number", "day", "stops"}
    assert {field.name for one in SAMPLES.values() for field in fields(one)} == allowed


@pytest.mark.parametrize("kind", sorted(CODE_LABELS))
@pytest.mark.parametrize("text", ["Sample One", "SAMPLE ONE", "07700 900001", "Ward 3, dementia", "", "k7f3-qx"])
def test_what_is_not_a_code_is_refused_where_a_code_belongs(kind: LabelKind, text: str) -> None:
    with pytest.raises(LabelNotAllowed, match="is not a code"):
        CODE_LABELS[kind](text, "HTTPS://TABLETS.EXAMPLE/T/K7F3-QX", OWNER, PHONE)


def test_a_label_that_would_lead_elsewhere_is_refused() -> None:
    with pytest.raises(LabelNotAllowed, match="does not end with its code"):
        TabletLabel("K7F3-QX", "HTTPS://TABLETS.EXAMPLE/T/M2P9-TA", OWNER, PHONE)


@pytest.mark.parametrize("mark", ["SAMPLE", "Sample's shelf", "A-B", "", "12345", "SAMP-ONE"])
def test_a_shelf_cannot_be_named_after_somebody(mark: str) -> None:
    with pytest.raises(LabelNotAllowed, match="is not a shelf's mark"):
        ShelfLabel(mark)


@pytest.mark.parametrize(
    "text", ["PUT AWAY", "MODE-", "DESK-", "GRADE-", "SAMPLE-ONE", "MODE-put-away", "^XA", "HTTPS://ELSEWHERE.EXAMPLE"]
)
def test_a_mode_card_that_no_scanner_knows_is_refused(text: str) -> None:
    with pytest.raises(LabelNotAllowed, match="is not a mode"):
        ModeCard(text)


@pytest.mark.parametrize(("number", "stops"), [(0, 3), (-1, 3), (3, -1), (3, 1000)])
def test_a_run_that_cannot_be_is_refused(number: int, stops: int) -> None:
    with pytest.raises(LabelNotAllowed, match="A run has a number from 1"):
        RunSheetLabel(number, date(2026, 11, 25), stops, OWNER, PHONE)


def test_a_mode_card_is_refused_where_its_qr_code_does_not_fit() -> None:
    assert not capacity(preset("L4731"), kind=LabelKind.MODE_CARD).carries
    with pytest.raises(LabelDoesNotFit, match="cannot hold a QR code of 20 mm beside what it does"):
        frame_for(ModeCard("MODE-WIPE"), preset("L4731"))


@pytest.mark.parametrize("kind", sorted(LabelKind))
@pytest.mark.parametrize("print_size", list(PrintSize))
def test_the_largest_words_keep_to_the_print_rules(kind: LabelKind, print_size: PrintSize) -> None:
    frame = frame_for(SAMPLES[kind], L7160, print_size)
    assert frame.qr
    assert frame.qr.side >= 20
    assert frame.code.points >= (16 if print_size is PrintSize.LARGE else 12)


def test_a_blank_label_looks_like_the_label_of_its_tablet() -> None:
    assert frame_for(BlankLabel(*CODE), L7160) == frame_for(label("K7F3-QX"), L7160)


def a_roll_of(width: Decimal, height: Decimal, dpi: int) -> Roll:
    dots = [max(1, int(float(side) * HEADS[dpi] / 25.4)) for side in (width, height)]
    return Roll("own", "Own", Family.ZEBRA, width, height, dots[0], dots[1], dpi)


@settings(max_examples=80, deadline=None)
@given(
    st.decimals(20, 110, places=1),
    st.decimals(10, 80, places=1),
    st.sampled_from(sorted(LabelKind)),
    st.sampled_from(list(PrintSize)),
    st.sampled_from([None, SAMPLE_LOGO, Logo(8, 1, 255), Logo(1, 6, 63)]),
    st.sampled_from(sorted(HEADS)),
)
def test_of_whatever_kind_and_size_nothing_leaves_the_label_or_touches_a_quiet_zone(
    width: Decimal, height: Decimal, kind: LabelKind, print_size: PrintSize, picture: Logo | None, dpi: int
) -> None:
    roll = a_roll_of(width, height, dpi)
    for stock in (roll, roll.as_sheet()):
        if not capacity(stock, print_size, kind, picture).carries:
            with pytest.raises(LabelDoesNotFit):
                frame_for(SAMPLES[kind], stock, print_size, picture)
            continue
        frame = frame_for(SAMPLES[kind], stock, print_size, picture)
        areas = [area_of(line) for line in lines_of(SAMPLES[kind].wording(), frame)]
        if frame.logo:
            areas.append(
                (
                    frame.logo.left,
                    frame.logo.top,
                    frame.logo.left + frame.logo.width,
                    frame.logo.top + frame.logo.height,
                )
            )
        if frame.qr:
            areas.append((frame.qr.left, frame.qr.top, frame.qr.left + frame.qr.side, frame.qr.top + frame.qr.side))
            assert frame.qr.side >= LEAST_QR
        for number, one in enumerate(areas):
            assert min(one[:2]) >= -SLACK
            assert one[2] <= float(stock.label_width) + SLACK
            assert one[3] <= float(stock.label_height) + SLACK
            assert not any(overlap(one, other) for other in areas[number + 1 :])


def area_of(line: TextLine) -> tuple[float, float, float, float]:
    """The capitals of a line, without the rare tails that reach under it: left, top, right, bottom in millimetres."""
    em = line.points * 25.4 / 72
    right = line.left + width_mm(line.text, line.face, line.points)
    return line.left, line.baseline - 0.73 * em, right, line.baseline


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    across = one[0] < other[2] - SLACK and other[0] < one[2] - SLACK
    return across and one[1] < other[3] - SLACK and other[1] < one[3] - SLACK

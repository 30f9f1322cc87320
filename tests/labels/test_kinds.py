"""Every kind of label carries what it may, looks right on every sheet, and cannot be given what it may not."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from labels.errors import LabelDoesNotFit, LabelNotAllowed
from labels.frames import Part, PrintSize
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
from labels.layouts import SAMPLES, capacity, frame_for, lines_of
from labels.sheet_pdf import render_sheet
from labels.sheets import preset
from tests.labels.reading import decode, pictures
from tests.labels.samples import OWNER, PHONE, label

CODE = ("K7F3-QX", "HTTPS://TABLETS.EXAMPLE/T/K7F3-QX", OWNER, PHONE)
L7160 = preset("L7160")
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
        (ModeCard("MODE-PUT-AWAY"), "Put away"),
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


@pytest.mark.parametrize("mark", ["SAMPLE", "Sample's shelf", "A-B", "", "12345"])
def test_a_shelf_cannot_be_named_after_somebody(mark: str) -> None:
    with pytest.raises(LabelNotAllowed, match="is not a shelf's mark"):
        ShelfLabel(mark)


@pytest.mark.parametrize("text", ["PUT AWAY", "MODE-", "MODE-put-away", "^XA", "HTTPS://ELSEWHERE.EXAMPLE"])
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

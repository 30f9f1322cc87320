"""What Brother and DYMO printers would print of our rasters is read by a decoder that is not ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image, ImageOps

from labels.errors import SheetInvalid
from labels.frames import PrintSize
from labels.kinds import LabelKind, ShelfLabel
from labels.layouts import SAMPLE_LOGO, SAMPLES, capacity
from labels.roll import Family, Roll
from labels.rolls import roll_of, rolls
from labels.thermal import PrinterLanguage, render_job, rolls_for
from tests.labels.raster_printers import Job, print_brother, print_dymo_450, print_dymo_550
from tests.labels.samples import label, labels

PRINTERS: dict[PrinterLanguage, Callable[[bytes], Job]] = {
    PrinterLanguage.BROTHER_QL: print_brother,
    PrinterLanguage.DYMO: print_dymo_450,
    PrinterLanguage.DYMO_550: print_dymo_550,
}
CASES = [(language, roll) for language in PRINTERS for roll in rolls_for(language)]
NAMES = [f"{language.value} {roll.name}" for language, roll in CASES]


def read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def symbol_corner(picture: Image.Image) -> tuple[int, int]:
    (found,) = zxingcpp.read_barcodes(picture)
    return found.position.top_left.x, found.position.top_left.y


def inked(picture: Image.Image) -> tuple[int, int, int, int]:
    """What is black, in dots from the first dot of the head and the first row."""
    box = ImageOps.invert(picture).getbbox()
    assert box
    return (box[0] - 20, box[1] - 20, box[2] - 20, box[3] - 20)


@pytest.mark.parametrize(("language", "roll"), CASES, ids=NAMES)
@pytest.mark.parametrize("print_size", list(PrintSize))
def test_every_kind_is_read_back(language: PrinterLanguage, roll: Roll, print_size: PrintSize) -> None:
    kinds = [kind for kind in LabelKind if capacity(roll, print_size, kind).carries]
    assert len(kinds) == len(LabelKind)
    job = PRINTERS[language](render_job([SAMPLES[kind] for kind in kinds], roll, language, print_size=print_size))
    assert [read(picture) for picture in job.labels] == [[SAMPLES[kind].wording().qr_text] for kind in kinds]
    assert job.torn_off


@pytest.mark.parametrize(("language", "roll"), CASES, ids=NAMES)
def test_ink_stays_on_the_label_and_modules_are_whole_dots(language: PrinterLanguage, roll: Roll) -> None:
    (picture,) = PRINTERS[language](render_job([label("WWWW-WW")], roll, language)).labels
    left, top, right, bottom = inked(picture)
    first = 720 - roll.first_dot - roll.across if roll.family is Family.BROTHER else roll.first_dot
    assert first <= left
    assert right <= first + roll.across
    assert top >= 0
    assert bottom <= roll.along
    (found,) = zxingcpp.read_barcodes(picture)
    corners = [found.position.top_left, found.position.top_right]
    side = max(abs(corners[0].x - corners[1].x), abs(corners[0].y - corners[1].y))
    assert abs(side / 29 - round(side / 29)) < 0.1
    assert round(side / 29) * 37 * roll.dot >= 20


@pytest.mark.parametrize(("language", "roll"), CASES, ids=NAMES)
def test_a_label_reads_from_left_to_right_and_is_not_mirrored(language: PrinterLanguage, roll: Roll) -> None:
    (picture,) = PRINTERS[language](render_job([label("K7F3-QX")], roll, language)).labels
    upright = picture.rotate(-90, expand=True) if roll.turned else picture
    x, y = symbol_corner(upright)
    assert x < upright.width / 2
    (found,) = zxingcpp.read_barcodes(upright)
    assert not found.orientation
    assert ImageOps.invert(upright.crop((upright.width // 2, 0, upright.width, upright.height))).getbbox()
    assert y >= 20


def test_brother_is_told_which_tape_must_be_loaded_and_how_long_each_label_is() -> None:
    tape = print_brother(render_job(labels(2), roll_of("QL-62"), PrinterLanguage.BROTHER_QL))
    assert (tape.media, tape.margins) == ([(0x0A, 62, 0)] * 2, [35, 35])
    die_cut = print_brother(render_job(labels(1), roll_of("QL-29x90"), PrinterLanguage.BROTHER_QL))
    assert (die_cut.media, die_cut.margins) == ([(0x0B, 29, 90)], [0])


def test_brothers_bytes_are_those_of_the_example_in_its_reference() -> None:
    job = render_job([label("K7F3-QX")], roll_of("QL-62"), PrinterLanguage.BROTHER_QL)
    settings = bytes.fromhex("1b6961 01 1b697a ce0a3e00 9d010000 0000 1b694d40 1b694101 1b694b08 1b69642300 4d00")
    assert job[:402] == bytes(400) + b"\x1b@"
    assert job[402 : 402 + len(settings)] == settings
    assert len(job) == 402 + len(settings) + 413 * 93 + 1


def test_a_550_is_never_sent_the_bytes_that_would_restart_it() -> None:
    job = render_job([SAMPLES[LabelKind.SHELF]], roll_of("DYMO-99012"), PrinterLanguage.DYMO_550)
    assert b"\x1b@" not in job


@pytest.mark.parametrize("language", PRINTERS)
def test_a_batch_is_one_job_and_no_labels_are_no_job(language: PrinterLanguage) -> None:
    (roll, *_) = rolls_for(language)
    wanted = labels(5)
    job = PRINTERS[language](render_job(iter(wanted), roll, language))
    assert [read(picture) for picture in job.labels] == [[one.url] for one in wanted]
    assert render_job([], roll, language) == b""


@pytest.mark.parametrize("language", list(PrinterLanguage))
def test_a_roll_of_another_printer_is_refused(language: PrinterLanguage) -> None:
    theirs = {roll.name for roll in rolls_for(language)}
    for roll in rolls().values():
        if roll.name not in theirs:
            with pytest.raises(SheetInvalid, match=f"Roll {roll.name} is not one for a"):
                render_job([label("K7F3-QX")], roll, language)


def test_the_logo_is_printed() -> None:
    one = [ShelfLabel("A-1")]
    plain, with_logo = (
        print_brother(render_job(one, roll_of("QL-62"), PrinterLanguage.BROTHER_QL, logo=logo)).labels[0]
        for logo in (None, SAMPLE_LOGO)
    )
    assert with_logo.histogram()[0] > plain.histogram()[0] + 1_000

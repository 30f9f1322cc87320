"""A logo is a small black and white PNG, drawn once in a PDF, or a sentence that says what is wrong with it."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from labels.errors import LabelDoesNotFit, LogoUnfit
from labels.frames import Part, PrintSize
from labels.kinds import LabelKind
from labels.layouts import SAMPLE_LOGO, SAMPLES, capacity, frame_for
from labels.logo import Logo, read_logo
from labels.sheet_pdf import render_sheet
from labels.sheets import preset
from tests.labels.reading import decode, pictures
from tests.labels.samples import label, labels

L7160 = preset("L7160")


def png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def drawn(mode: str = "1", size: tuple[int, int] = (120, 80)) -> Image.Image:
    """An L of black with white round it: 60 x 40 dots, the foot half as high as long."""
    picture = Image.new(mode, size, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((30, 20, 39, 59), fill="black")
    draw.rectangle((30, 50, 89, 59), fill="black")
    return picture


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_a_logo_is_what_is_black_without_the_white_round_it(mode: str) -> None:
    logo = read_logo(png(drawn().convert(mode)))
    assert (logo.width, logo.height, logo.aspect) == (60, 40, 1.5)
    first, *between, last = logo.runs()
    assert (first, len(between), last) == ((0, 0, 10), 38, (0, 39, 60))


def test_what_is_transparent_is_white() -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((10, 10, 19, 29), fill=(0, 0, 0, 255))
    logo = read_logo(png(picture))
    assert (logo.width, logo.height) == (10, 20)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (png(Image.new("L", (40, 40), 128)), "It has colours or greys"),
        (png(Image.new("RGB", (40, 40), (200, 30, 30))), "It has colours or greys"),
        (png(Image.new("1", (40, 40), 1)), "It is empty"),
        (png(Image.new("1", (601, 40), 0)), "601 x 40 dots, and a logo at most 600"),
        (png(drawn())[:16] + b"\x00\x01\x00\x00" * 2 + png(drawn())[24:], "65536 x 65536 dots, and a logo at most 600"),
        (png(Image.new("1", (600, 40), 0)), "more than 8 times longer one way"),
        (png(Image.effect_noise((400, 400), 200).convert("1")), "at most 16384"),
        (png(Image.frombytes("1", (400, 400), b"\xaa" * 20_000)), "seems to be dotted to look grey"),
        (b"GIF89a", "could not be read as a PNG"),
        (png(drawn())[:60], "could not be read as a PNG"),
        (bytes(20_000), "The file has 20000 bytes"),
    ],
)
def test_a_picture_that_is_no_logo_is_refused_with_what_to_do(data: bytes, why: str) -> None:
    with pytest.raises(LogoUnfit) as refused:
        read_logo(data)
    assert why in str(refused.value)
    assert str(refused.value).startswith("Nothing was printed. This logo cannot be used.")
    assert "Save the drawing as a PNG of black and white only" in str(refused.value)


def test_the_logo_stands_over_the_code_on_every_label_and_is_in_the_file_once() -> None:
    logo = read_logo(png(drawn()))
    paper = render_sheet(labels(30), L7160, logo=logo)
    assert paper.count(b"/Subtype /Form") == 1
    place = frame_for(label("K7F3-QX"), L7160, logo=logo).logo
    assert place
    first, second = pictures(paper)
    assert len(decode(first)) + len(decode(second)) == 30
    left, top = map(float, L7160.corner(1))
    scale = 300 / 25.4
    box = [int(side * scale) for side in (left + place.left, top + place.top, place.width, place.height)]
    cut = first.crop((box[0], box[1], box[0] + box[2], box[1] + box[3]))
    assert cut.getpixel((cut.width // 12, cut.height // 4)) == 0
    assert cut.getpixel((cut.width * 3 // 4, cut.height // 4)) == 255
    assert cut.getpixel((cut.width * 3 // 4, cut.height * 9 // 10)) == 0


def test_a_sheet_without_a_logo_is_as_it_was() -> None:
    assert b"/Subtype /Form" not in render_sheet(labels(2), L7160)


@pytest.mark.parametrize("kind", sorted(LabelKind))
def test_a_logo_never_costs_a_label_anything_it_would_say(kind: LabelKind) -> None:
    with_logo, without = (capacity(L7160, kind=kind, logo=logo).carries for logo in (SAMPLE_LOGO, None))
    assert with_logo - {Part.LOGO} == without


def test_a_label_too_small_for_a_logo_refuses_it_with_a_sentence() -> None:
    can = capacity(preset("L4731"), logo=SAMPLE_LOGO)
    assert not can.carries
    with pytest.raises(LabelDoesNotFit, match=r"cannot hold a logo beside what it must say\. Print without the logo"):
        frame_for(label("K7F3-QX"), preset("L4731"), logo=SAMPLE_LOGO)


def test_what_is_refused_without_a_logo_is_refused_for_the_same_reason_with_one() -> None:
    sheet, card = preset("L4731"), LabelKind.MODE_CARD
    assert capacity(sheet, kind=card, logo=SAMPLE_LOGO) == capacity(sheet, kind=card)


@pytest.mark.parametrize("logo", [Logo(8, 1, 255), Logo(1, 8, 255), SAMPLE_LOGO])
@pytest.mark.parametrize("print_size", list(PrintSize))
def test_a_logo_stays_clear_of_the_qr_code_and_the_words(logo: Logo, print_size: PrintSize) -> None:
    frame = frame_for(SAMPLES[LabelKind.CHARGER], L7160, print_size, logo)
    assert frame.logo
    assert frame.qr
    assert frame.logo.width / frame.logo.height == pytest.approx(logo.aspect)
    assert frame.logo.left >= frame.qr.left + frame.qr.side
    assert frame.logo.left + frame.logo.width <= float(L7160.label_width)
    assert frame.logo.top >= 0
    assert frame.logo.top + frame.logo.height <= frame.above[0].baseline - 0.7 * frame.above[0].points * 25.4 / 72

"""A QR symbol is qrcode's, in a mask at least as good, and another program reads it."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_H
from qrcode.util import lost_point

from labels.errors import AddressUnfit
from labels.qr import ADDRESS_LIMIT, QUIET_ZONE, Symbol, check_public_base, make_symbol, symbol_svg, tag_url
from tests.labels.samples import labels

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=90)


def of_qrcode(text: str, mask: int | None = None) -> QRCode[Any]:
    code = QRCode(error_correction=ERROR_CORRECT_H, mask_pattern=mask)
    code.add_data(text, optimize=0)
    code.make()
    return code


def picture(symbol: Symbol, pixels: int = 4) -> Image.Image:
    across = symbol.size + 2 * QUIET_ZONE
    drawn = Image.new("L", (across, across), 255)
    for x, y, length in symbol.runs():
        for column in range(x, x + length):
            drawn.putpixel((column + QUIET_ZONE, y + QUIET_ZONE), 0)
    return drawn.resize((across * pixels, across * pixels), Image.Resampling.NEAREST)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_symbol_has_the_modules_that_qrcode_draws_for_its_mask(text: str) -> None:
    symbol = make_symbol(text)
    theirs = of_qrcode(text, symbol.mask)
    assert symbol.version == theirs.version
    assert [list(row) for row in symbol.rows()] == [[bool(module) for module in row] for row in theirs.modules]


def test_the_mask_is_never_worse_than_the_one_qrcode_chooses() -> None:
    ours, theirs = [], []
    for label in labels(60):
        rows: list[list[bool | None]] = [list(row) for row in make_symbol(label.url).rows()]
        ours.append(lost_point(rows))
        theirs.append(lost_point(of_qrcode(label.url).modules))
    assert all(mine <= other for mine, other in zip(ours, theirs, strict=True))
    assert sum(ours) < sum(theirs)


@settings(max_examples=40, deadline=None)
@given(st.text("ABCDEFGHJKLMNPQRSTUVWXYZ23456789./:-", min_size=1, max_size=60))
def test_another_program_reads_the_symbol_back(text: str) -> None:
    (read,) = zxingcpp.read_barcodes(picture(make_symbol(text)))
    assert read.text == text
    assert read.ec_level == "H"


def test_a_tag_address_is_in_capitals_and_fits_version_three() -> None:
    url = tag_url("https://tablets.example", "k7f3-qx")
    assert url == "HTTPS://TABLETS.EXAMPLE/T/K7F3-QX"
    assert make_symbol(url).version == 3


def test_thirty_five_characters_fit_and_thirty_six_are_refused_with_both_numbers() -> None:
    host = "h" * (ADDRESS_LIMIT - len("https:///T/K7F3-QX"))
    longest = tag_url(f"https://{host}", "K7F3-QX")
    assert len(longest) == 35
    assert make_symbol(longest).version == 3
    with pytest.raises(AddressUnfit, match=r"36 characters long and a label's QR code holds 35 .* at most 25"):
        tag_url(f"https://{host}h", "K7F3-QX")


def test_a_base_is_checked_for_the_longest_code_before_any_label_is_made() -> None:
    check_public_base("http://127.0.0.1:8000")
    check_public_base("https://tablets.example/", code_length=7)
    with pytest.raises(AddressUnfit, match=r"Choose a public address of at most 25 characters"):
        check_public_base("https://tablets.a-rather-long-name.example")


@pytest.mark.parametrize(
    ("base", "why"),
    [
        ("tablets.example", "must begin with https://"),
        ("ftp://tablets.example", "must begin with https://"),
        ("https://", "must begin with https://"),
        ("https://tablets.example/app", "must end after the host name"),
        ("https://tablets.example?x=1", "must end after the host name"),
        ("https://user@tablets.example", "must end after the host name"),
        ("https://tab_lets.example", "letters, digits, dots and hyphens"),
        ("https://[::1]:8000", "letters, digits, dots and hyphens"),
        ("https://tŷ.example", "letters, digits, dots and hyphens"),
    ],
)
def test_an_unfit_base_is_refused_with_what_to_change(base: str, why: str) -> None:
    with pytest.raises(AddressUnfit, match="No label was printed") as refused:
        check_public_base(base)
    assert why in str(refused.value)


def test_runs_cover_the_dark_modules_and_nothing_else() -> None:
    symbol = make_symbol("HTTPS://TABLETS.EXAMPLE/T/K7F3-QX")
    covered = [[False] * symbol.size for _ in range(symbol.size)]
    for x, y, length in symbol.runs():
        assert not any(covered[y][x : x + length])
        covered[y][x : x + length] = [True] * length
    assert tuple(tuple(row) for row in covered) == symbol.rows()


def test_the_svg_is_one_dark_path_with_a_quiet_zone_and_a_name() -> None:
    symbol = make_symbol("HTTPS://TABLETS.EXAMPLE/T/K7F3-QX")
    tree = ElementTree.fromstring(symbol_svg(symbol, title='Label <K7F3-QX> & "more"'))
    space = "{http://www.w3.org/2000/svg}"
    assert tree.get("viewBox") == "0 0 37 37"
    assert tree.get("role") == "img"
    assert tree.get("aria-label") == tree.findtext(f"{space}title") == 'Label <K7F3-QX> & "more"'
    ground, dark = tree.findall(f"{space}path")
    assert ground.get("fill") == "#fff"
    starts = [tuple(map(int, part.split("h")[0].split())) for part in (dark.get("d") or "")[1:].split("M")]
    assert len(starts) == len(list(symbol.runs()))
    assert min(x for x, _ in starts) == min(y for _, y in starts) == QUIET_ZONE

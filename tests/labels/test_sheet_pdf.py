"""Every label of every sheet is read back by other people's programs, at the place where its sheet has it."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import BytesIO

import pytest

from labels.errors import LabelDoesNotFit, SheetInvalid
from labels.frames import Part, PrintSize
from labels.layouts import TabletLabel, capacity
from labels.sheet_pdf import render_sheet, write_sheet
from labels.sheets import preset, presets
from tests.labels.reading import Found, decode, metadata, page_sizes, pictures, texts
from tests.labels.samples import OWNER, PHONE, label, labels

WITH_QR = sorted(name for name, sheet in presets().items() if Part.QR in capacity(sheet).carries)


def found_on(paper: bytes) -> list[list[Found]]:
    return [decode(picture) for picture in pictures(paper)]


@pytest.mark.parametrize("name", WITH_QR)
@pytest.mark.parametrize("print_size", list(PrintSize))
def test_every_label_of_a_full_sheet_decodes_where_it_should_be(name: str, print_size: PrintSize) -> None:
    sheet = preset(name)
    if not capacity(sheet, print_size).carries:
        print_size = PrintSize.CLEAR
    wanted = labels(sheet.per_page + 1)
    first, second = found_on(render_sheet(wanted, sheet, print_size=print_size))
    assert {code.text for code in first + second} == {one.url for one in wanted}
    assert len(first) == sheet.per_page
    by_text = {code.text: code for code in first}
    for position, one in enumerate(wanted[:-1], start=1):
        left, top = map(float, sheet.corner(position))
        code = by_text[one.url]
        assert left < code.x < left + float(sheet.label_width)
        assert top < code.y < top + float(sheet.label_height)
        assert code.y == pytest.approx(top + float(sheet.label_height) / 2, abs=0.6)


@pytest.mark.parametrize("name", sorted(presets()))
def test_every_code_stands_on_its_sheet_in_letters(name: str) -> None:
    sheet = preset(name)
    wanted = labels(sheet.per_page + 1)
    said = "".join(texts(render_sheet(wanted, sheet))).replace("\n", "")
    for one in wanted:
        assert one.code_text in said.replace("\ufffe", "-")


def test_a_sheet_too_small_for_a_qr_has_none() -> None:
    (found,) = found_on(render_sheet(labels(10), preset("L4731")))
    assert found == []


def test_the_words_on_a_label_are_the_owner_and_the_phone_and_nothing_else() -> None:
    (said,) = texts(render_sheet([label("K7F3-QX")], preset("L7160")))
    assert " ".join(said.split()) == f"K7F3-QX Property of {OWNER} If found call {PHONE}"


@pytest.mark.parametrize("start_at", [1, 5, 21])
def test_a_part_used_sheet_is_filled_from_its_first_free_label(start_at: int) -> None:
    sheet = preset("L7160")
    wanted = labels(23)
    pages = found_on(render_sheet(wanted, sheet, start_at=start_at))
    assert len(pages[0]) == 21 - start_at + 1
    assert sum(map(len, pages)) == 23
    first = next(code for code in pages[0] if code.text == wanted[0].url)
    left, top = map(float, sheet.corner(start_at))
    assert left < first.x < left + 63.5
    assert top < first.y < top + 38.1


def test_a_nudge_moves_the_print() -> None:
    sheet = preset("L7160")
    ((here,),) = found_on(render_sheet([label("K7F3-QX")], sheet))
    ((there,),) = found_on(render_sheet([label("K7F3-QX")], sheet.nudged(Decimal(2), Decimal("-1.5"))))
    assert there.x - here.x == pytest.approx(2, abs=0.1)
    assert there.y - here.y == pytest.approx(-1.5, abs=0.1)


def test_the_symbol_is_at_least_twenty_millimetres_with_its_quiet_zone() -> None:
    sheet = preset("L7651")
    (picture,) = pictures(render_sheet([label("K7F3-QX")], sheet))
    dark = picture.crop((0, 0, round(30 / 25.4 * 300), picture.height)).point(lambda level: 255 * (level < 128))
    bounds = dark.getbbox()
    assert bounds
    symbol_mm = (bounds[3] - bounds[1]) * 25.4 / 300
    assert symbol_mm * 37 / 29 >= 19.9


@pytest.mark.parametrize(("name", "size"), [("L7160", (210.0, 297.0)), ("5160", (215.9, 279.4))])
def test_the_page_is_as_large_as_its_paper(name: str, size: tuple[float, float]) -> None:
    assert page_sizes(render_sheet(labels(40), preset(name))) == [size, size]


def test_equal_labels_make_equal_bytes() -> None:
    sheet = preset("L7160")
    assert render_sheet(labels(30), sheet) == render_sheet(iter(labels(30)), sheet)
    assert render_sheet(labels(30), sheet) != render_sheet(labels(30, seed=2), sheet)


def test_sheets_made_at_the_same_time_do_not_disturb_each_other() -> None:
    owners = [f"Sample {letter}ŵ Library" for letter in "ABCDEFGH"]
    batches = [[label(one.code_text, owner=owner) for one in labels(45)] for owner in owners]
    alone = [render_sheet(batch, preset("L7160")) for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda batch: render_sheet(batch, preset("L7160")), batches))
    assert together == alone


def test_the_file_has_a_title_a_language_and_only_embedded_fonts() -> None:
    paper = render_sheet(labels(2), preset("L7160"))
    assert metadata(paper)["Title"] == "Labels on L7160"
    assert b"/Lang (en-GB)" in paper
    assert b"/DisplayDocTitle true" in paper
    assert b"Helvetica" not in paper
    assert paper.count(b"/FontFile2") == 2


def test_no_labels_make_one_empty_page() -> None:
    paper = render_sheet([], preset("L7160"))
    assert texts(paper) == [""]


def test_nothing_is_written_when_the_start_is_impossible() -> None:
    out = BytesIO()
    with pytest.raises(SheetInvalid):
        write_sheet(labels(1), preset("L7160"), out, start_at=22)
    assert out.getvalue() == b""


def test_one_label_that_does_not_fit_stops_the_batch_with_a_sentence() -> None:
    batch = [*labels(3), label("K7F3-QX", owner="Sample" * 30)]
    with pytest.raises(LabelDoesNotFit, match="Nothing was printed"):
        render_sheet(batch, preset("L7160"))


class _Counting(BytesIO):
    """Takes a file and keeps only how long it is."""

    taken = 0

    def write(self, data: object) -> int:
        assert isinstance(data, bytes)
        self.taken += len(data)
        return len(data)


def test_a_finished_page_is_not_kept_in_memory() -> None:
    sheet = preset("L4776")
    held: list[int] = []

    def stream() -> Iterator[TabletLabel]:
        for number in range(24 * sheet.per_page):
            if number in (4 * sheet.per_page, 24 * sheet.per_page - 1):
                gc.collect()
                held.append(tracemalloc.get_traced_memory()[0])
            yield label(f"{number:04d}-QX")

    tracemalloc.start()
    write_sheet(stream(), sheet, _Counting())
    tracemalloc.stop()
    pages_between = 20
    assert (held[1] - held[0]) / pages_between < 12_000, "a page of twelve labels is some 35 kB as it is drawn"

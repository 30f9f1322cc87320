"""The file itself is sound: its table points at its objects, and pages are written in the order they were drawn."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

from labels.fonts import Face
from labels.pdf import PageCanvas
from tests.labels.reading import metadata, texts


def paper(pages: int) -> bytes:
    out = BytesIO()
    canvas = PageCanvas(out, page_width=100, page_height=50, title="Tŷ", made_on=date(2026, 6, 12), language="cy")
    for number in range(pages):
        canvas.setFont(Face.BOLD, 12)
        canvas.drawString(20, 20, f"Tudalen {number + 1} ŵ")
        canvas.showPage()
    canvas.finish()
    return out.getvalue()


def test_every_entry_of_the_table_is_where_its_object_begins() -> None:
    made = paper(12)
    start = int(re.findall(rb"startxref\n(\d+)\n%%EOF\n$", made)[0])
    assert made[start:].startswith(b"xref\n0 ")
    offsets = re.findall(rb"(\d{10}) 00000 n ", made[start:])
    assert len(offsets) == len(re.findall(rb"^\d+ 0 obj$", made, re.MULTILINE))
    for number, offset in enumerate(offsets, start=1):
        assert made[int(offset) :].startswith(b"%d 0 obj\n" % number)
    assert f"/Size {len(offsets) + 1}".encode() in made


def test_every_reference_leads_to_an_object_that_is_there() -> None:
    made = paper(3)
    there = set(re.findall(rb"^(\d+) 0 obj$", made, re.MULTILINE))
    assert set(re.findall(rb"(\d+) 0 R", made)) <= there


def test_pages_come_in_the_order_they_were_drawn() -> None:
    assert texts(paper(11)) == [f"Tudalen {number + 1} ŵ" for number in range(11)]


def test_title_day_and_language_are_those_given() -> None:
    made = paper(1)
    assert metadata(made)["Title"] == "Tŷ"
    assert metadata(made)["CreationDate"] == "D:20260612000000Z"
    assert b"/Lang (cy)" in made


def test_a_page_is_out_before_the_next_is_drawn() -> None:
    out = BytesIO()
    canvas = PageCanvas(out, page_width=100, page_height=50, title="One")
    before = len(out.getvalue())
    canvas.rect(1, 1, 5, 5)
    canvas.showPage()
    assert b"endstream" in out.getvalue()[before:]

"""`doorstep labels` for real: presets, a sheet that a decoder reads, a page to hold against an empty sheet."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from fleet.tags.rules import new_code, parse
from tests.fleet.cli.conftest import Installation
from tests.labels.raster_printers import Job, print_brother, print_dymo_450, print_dymo_550
from tests.labels.zpl_printer import print_zpl

OWN_SHEET = """
[Mine]
page = { width = 100, height = 150 }
grid = { across = 1, down = 2 }
label = { width = 90, height = 70 }
pitch = { x = 90, y = 72 }
margin = { left = 5, top = 4 }
"""


def codes_in(pdf: Path) -> list[str]:
    """What a decoder that is not ours reads off the first page."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=4).to_pil()
    document.close()
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_presets_are_listed_for_people_and_for_programs(doorstep: Installation) -> None:
    listed = doorstep("labels", "presets", "--json").json
    assert {"name": "L7160", "labels": 21}.items() <= next(each for each in listed if each["name"] == "L7160").items()
    assert "L7160" in doorstep("labels", "presets").out


def test_a_sheet_of_given_codes_is_read_back(doorstep: Installation, tmp_path: Path) -> None:
    codes, pdf = [new_code() for _ in range(3)], tmp_path / "labels.pdf"
    (tmp_path / "codes.txt").write_text("\n".join(codes) + "\n\n")
    said = doorstep("labels", "sheet", "--preset", "L7160", "--codes", str(tmp_path / "codes.txt"), "--out", str(pdf))
    assert (said.code, "3 labels" in said.out) == (0, True)
    assert sorted(codes_in(pdf)) == sorted(f"HTTPS://T.EXAMPLE/T/{code}" for code in codes)


def test_sample_labels_need_no_settings_and_say_that_their_phone_is_invented(
    doorstep: Installation, tmp_path: Path
) -> None:
    for name in ("DOORSTEP_PUBLIC_URL", "DOORSTEP_HUB_NAME", "DOORSTEP_HUB_PHONE"):
        del doorstep.settings[name]
    pdf = tmp_path / "labels.pdf"
    said = doorstep("labels", "sheet", "--preset", "L7160", "--count", "21", "--out", str(pdf))
    assert (said.code, "DOORSTEP_HUB_PHONE" in said.out) == (0, True)
    assert len(codes_in(pdf)) == 21


def test_labels_for_tablets_are_refused_without_a_phone_by_the_name_of_its_setting(
    doorstep: Installation, tmp_path: Path
) -> None:
    del doorstep.settings["DOORSTEP_HUB_PHONE"]
    codes, pdf = tmp_path / "codes.txt", tmp_path / "labels.pdf"
    codes.write_text(f"{new_code()}\n")
    said = doorstep("labels", "sheet", "--preset", "L7160", "--codes", str(codes), "--out", str(pdf))
    assert (said.code, "set DOORSTEP_HUB_PHONE" in said.words, pdf.exists()) == (1, True, False)


def test_a_wrong_check_character_is_named_by_its_line_and_nothing_is_written(
    doorstep: Installation, tmp_path: Path
) -> None:
    good = new_code()
    bad = next(good[:-1] + last for last in "ACDEFGH" if not parse(good[:-1] + last).good)
    (tmp_path / "codes.txt").write_text(f"{good}\n{bad}\n")
    said = doorstep(
        *("labels", "sheet", "--preset", "L7160"),
        *("--codes", str(tmp_path / "codes.txt"), "--out", str(tmp_path / "labels.pdf")),
    )
    assert (said.code, "Line 2" in said.words) == (1, True)
    assert not (tmp_path / "labels.pdf").exists()


def test_a_file_that_is_not_there_and_a_folder_that_is_not_there_are_said_so(
    doorstep: Installation, tmp_path: Path
) -> None:
    missing, out = str(tmp_path / "none.txt"), str(tmp_path / "labels.pdf")
    assert doorstep("labels", "sheet", "--preset", "L7160", "--codes", missing, "--out", out).code in (1, 2)
    nowhere = str(tmp_path / "none" / "labels.pdf")
    said = doorstep("labels", "sheet", "--preset", "L7160", "--count", "1", "--out", nowhere)
    assert said.code in (1, 2)
    assert "none" in said.words


def test_an_unknown_sheet_is_refused_in_words(doorstep: Installation, tmp_path: Path) -> None:
    said = doorstep("labels", "test-page", "--preset", "L0000", "--out", str(tmp_path / "page.pdf"))
    assert (said.code, "L0000" in said.words) == (1, True)


def test_the_test_page_is_a_pdf(doorstep: Installation, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    assert doorstep("labels", "test-page", "--preset", "L7160", "--out", str(page)).code == 0
    assert page.read_bytes().startswith(b"%PDF-")


def test_presets_say_what_they_carry_of_every_kind(doorstep: Installation) -> None:
    listed = {each["name"]: each for each in doorstep("labels", "presets", "--json").json}
    kinds = {"tablet", "blank", "charger", "kit_bag", "sim_envelope", "shelf", "mode_card", "run_sheet"}
    assert all(set(each["kinds"]) == kinds for each in listed.values())
    assert listed["L7160"]["carries"] == ["code", "finder", "qr"]
    assert listed["L4731"]["carries"] == ["code"]
    assert listed["L4731"]["says"] == "Text only: the code. A QR code needs 20 mm each way."
    assert listed["L4731"]["kinds"]["mode_card"]["clear"] == []
    assert listed["L7160"]["kinds"]["charger"]["logo"] is True
    assert (listed["QL-62"]["form"], listed["QL-62"]["printers"]) == ("roll", ["pdf", "brother-ql"])
    assert listed["DYMO-99012"]["printers"] == ["pdf", "dymo", "dymo-550"]


def test_every_preset_makes_a_sheet_and_a_test_page(doorstep: Installation, tmp_path: Path) -> None:
    pdf = str(tmp_path / "made.pdf")
    for each in doorstep("labels", "presets", "--json").json:
        made = doorstep("labels", "sheet", "--preset", each["name"], "--count", "1", "--out", pdf)
        assert made.code == 0, made.err
        assert ("Text only" in made.out) == ("qr" not in each["carries"])
        assert doorstep("labels", "test-page", "--preset", each["name"], "--out", pdf).code == 0


def test_a_sheet_is_checked_label_by_label_before_it_is_written(doorstep: Installation, tmp_path: Path) -> None:
    pdf = tmp_path / "labels.pdf"
    said = doorstep(
        "labels", "sheet", "--preset", "L7651", "--start-at", "65", "--count", "3", "--check", "--out", str(pdf)
    )
    assert "All 3 QR codes were read back" in said.out
    assert pdf.exists()


def test_a_check_without_a_decoder_says_so_and_leaves_the_file(
    doorstep: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    pdf = tmp_path / "labels.pdf"
    said = doorstep("labels", "sheet", "--preset", "L7160", "--count", "1", "--check", "--out", str(pdf))
    assert (said.code, pdf.exists()) == (3, True)
    assert "no decoder is installed" in said.words


@pytest.mark.parametrize(
    ("kind", "lines", "wanted"),
    [
        ("charger", "K7F3-QX\n", ["HTTPS://T.EXAMPLE/T/K7F3QX"]),
        ("shelf", "A-1\nA-2\n", ["SHELF-A-1", "SHELF-A-2"]),
        ("mode_card", "DESK-PUT-AWAY\n", ["DESK-PUT-AWAY"]),
        ("run_sheet", "12 2026-11-25 5\n", ["RUN-12"]),
    ],
)
def test_a_sheet_of_another_kind_is_read_back(
    doorstep: Installation, tmp_path: Path, kind: str, lines: str, wanted: list[str]
) -> None:
    (tmp_path / "lines.txt").write_text(lines)
    pdf = tmp_path / "labels.pdf"
    options = ("--kind", kind, "--codes", str(tmp_path / "lines.txt"), "--print-size", "large", "--out", str(pdf))
    assert doorstep("labels", "sheet", "--preset", "L7160", *options).code == 0
    assert sorted(codes_in(pdf)) == wanted


@pytest.mark.parametrize(
    ("kind", "line", "why"),
    [
        ("tablet", "Sample One", "Line 2"),
        ("shelf", "Sample One", "is not a shelf's mark"),
        ("mode_card", "Sample One", "is not a mode"),
        ("run_sheet", "12 N19", "is not a run's number, its day and its stops"),
        ("run_sheet", "0 2026-11-25 5", "A run has a number from 1"),
    ],
)
def test_a_line_that_is_not_of_its_kind_is_refused_and_nothing_is_written(
    doorstep: Installation, tmp_path: Path, kind: str, line: str, why: str
) -> None:
    (tmp_path / "lines.txt").write_text(f"\n{line}\n")
    pdf = tmp_path / "labels.pdf"
    options = ("--kind", kind, "--codes", str(tmp_path / "lines.txt"), "--out", str(pdf))
    said = doorstep("labels", "sheet", "--preset", "L7160", *options)
    assert (said.code, pdf.exists()) == (1, False)
    assert "Line 2" in said.words
    assert why in said.words


@pytest.mark.parametrize(("content", "why"), [(b"\n\n", "is empty"), (b"\xff\xfe\x00", "is not a text file")])
def test_a_file_without_codes_is_said_so(doorstep: Installation, tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "codes.txt").write_bytes(content)
    options = ("--codes", str(tmp_path / "codes.txt"), "--out", str(tmp_path / "labels.pdf"))
    said = doorstep("labels", "sheet", "--preset", "L7160", *options)
    assert (said.code, why in said.words) == (1, True)


def test_own_sheets_a_nudge_and_a_logo(doorstep: Installation, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN_SHEET)
    Image.new("1", (30, 20), 0).save(tmp_path / "logo.png")
    pdf = tmp_path / "labels.pdf"
    options = ("--sheets", str(tmp_path / "own.toml"), "--logo", str(tmp_path / "logo.png"), "--nudge-x", "-1.5")
    said = doorstep("labels", "sheet", "--preset", "mine", "--count", "2", *options, "--check", "--out", str(pdf))
    assert (said.code, len(codes_in(pdf))) == (0, 2)
    far = doorstep("labels", "sheet", "--preset", "L7160", "--count", "1", "--nudge-y", "11", "--out", str(pdf))
    assert (far.code, "more than 10 mm" in far.words) == (1, True)
    not_a_number = doorstep("labels", "sheet", "--preset", "L7160", "--count", "1", "--nudge-y", "nan", "--out", "x")
    assert not_a_number.code == 2


def test_a_roll_for_a_zebra_goes_to_standard_output_or_a_file(doorstep: Installation, tmp_path: Path) -> None:
    (tmp_path / "codes.txt").write_text("K7F3-QX\n")
    codes = ("--codes", str(tmp_path / "codes.txt"))
    (shown,) = print_zpl(doorstep("labels", "zpl", *codes).out.encode())
    assert shown.decoded() == ["HTTPS://T.EXAMPLE/T/K7F3QX"]
    file = tmp_path / "labels.zpl"
    said = doorstep("labels", "zpl", "--preset", "ZEBRA-51x25", "--dpi", "300", *codes, "--out", str(file))
    assert "1 label is in" in said.out
    assert print_zpl(file.read_bytes())[0].width == 602
    (tmp_path / "own.toml").write_text('[Mine]\nfamily = "zebra"\nlabel = { width = 60, length = 40 }\ndpi = 203\n')
    own = doorstep("labels", "zpl", "--rolls", str(tmp_path / "own.toml"), "--preset", "mine", *codes)
    assert print_zpl(own.out.encode())[0].width == 480


@pytest.mark.parametrize(
    ("printer", "roll", "prints"),
    [
        ("brother-ql", "QL-29x90", print_brother),
        ("dymo", "DYMO-11354", print_dymo_450),
        ("dymo-550", "DYMO-99012", print_dymo_550),
    ],
)
def test_a_raster_is_what_its_printer_reads(
    doorstep: Installation, tmp_path: Path, printer: str, roll: str, prints: Callable[[bytes], Job]
) -> None:
    file = tmp_path / "labels.bin"
    options = ("--printer", printer, "--preset", roll, "--count", "2", "--out", str(file))
    assert doorstep("labels", "raster", *options).code == 0
    assert [len(zxingcpp.read_barcodes(picture)) for picture in prints(file.read_bytes()).labels] == [1, 1]


def test_a_roll_that_a_printer_does_not_take_is_refused_with_those_it_takes(
    doorstep: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "labels.bin"
    options = ("--printer", "brother-ql", "--preset", "DYMO-99012", "--count", "1", "--out", str(file))
    said = doorstep("labels", "raster", *options)
    assert (said.code, file.exists()) == (1, False)
    assert "it takes QL-62, QL-29x90" in said.words


def test_samples_of_what_has_no_code_are_refused(doorstep: Installation, tmp_path: Path) -> None:
    options = ("--kind", "shelf", "--count", "3", "--out", str(tmp_path / "labels.pdf"))
    said = doorstep("labels", "sheet", "--preset", "L7160", *options)
    assert (said.code, "a shelf's mark" in said.words) == (1, True)

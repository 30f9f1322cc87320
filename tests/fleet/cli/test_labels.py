"""`doorstep labels` for real: presets, a sheet that a decoder reads, a page to hold against an empty sheet."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import zxingcpp

from fleet.tags.rules import new_code, parse
from tests.fleet.cli.conftest import Installation


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

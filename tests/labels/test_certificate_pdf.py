"""A certificate says everything it was given, in one or two pages, and can be checked by its code."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum

import pytest

from labels.certificate import CertificateValues, Proof, ProofOutcome
from labels.certificate_pdf import render_certificate
from labels.errors import LabelDoesNotFit, TextNotPrintable
from tests.labels.reading import decode, metadata, page_sizes, pictures, texts
from tests.labels.samples import CERTIFICATE


def words(values: CertificateValues) -> str:
    """All the words on the paper, spaces single and left out inside the hash."""
    said = " ".join(" ".join(texts(render_certificate(values))).split()).replace("\ufffe", "-")
    digest = values.content_hash
    grouped = " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
    return said.replace(grouped, digest)


def leaves(value: object) -> list[str]:
    """Every value inside a certificate's values, as it should be printed."""
    if isinstance(value, date):
        return [f"{value.day} {value:%B %Y}"]
    if isinstance(value, Enum):
        return [str(value.value)]
    if is_dataclass(value):
        return [leaf for field in fields(value) for leaf in leaves(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [leaf for item in value for leaf in leaves(item)]
    return [str(value)] if value else []


def test_every_value_it_was_given_is_on_the_paper() -> None:
    said = words(CERTIFICATE).replace(" ", "")
    missing = [leaf for leaf in leaves(CERTIFICATE) if leaf.replace(" ", "") not in said]
    assert missing == []


def test_an_empty_field_is_left_out_rather_than_printed_blank() -> None:
    said = words(replace(CERTIFICATE, backup="", confidentiality_before="", supersedes=""))
    assert "Backup" not in said
    assert "Confidentiality before" not in said
    assert "Takes the place of" not in said


def test_an_outcome_is_a_word_and_a_sign_and_never_only_a_colour() -> None:
    said = words(CERTIFICATE)
    for sign in ("✓ passed", "✗ failed", "? could not be read", "– does not apply"):
        assert sign in said


def test_someone_who_has_not_signed_finds_a_line_to_sign_on() -> None:
    assert words(CERTIFICATE).count("Sign here:") == 1


def test_its_code_leads_to_the_page_that_checks_it() -> None:
    found = [code.text for picture in pictures(render_certificate(CERTIFICATE)) for code in decode(picture)]
    assert found == [CERTIFICATE.verify_url]


def test_it_is_two_a4_pages_that_count_themselves() -> None:
    paper = render_certificate(CERTIFICATE)
    assert page_sizes(paper) == [(210.0, 297.0), (210.0, 297.0)]
    assert [f"Page {number} of 2" in said for number, said in enumerate(texts(paper), start=1)] == [True, True]


def test_proofs_that_fill_more_than_a_page_go_on_under_the_same_heads() -> None:
    many = tuple(Proof(f"Proof {number}", "a", "b", ProofOutcome.PASSED) for number in range(60))
    pages = texts(render_certificate(replace(CERTIFICATE, proofs=many)))
    assert [number for number in range(60) if not any(f"Proof {number} a b" in page for page in pages)] == []
    assert sum("What was read" in page for page in pages) >= 2
    assert f"Page 2 of {len(pages)}" in pages[1]


def test_a_value_longer_than_a_page_is_refused_with_what_to_do() -> None:
    with pytest.raises(LabelDoesNotFit, match="longer than a page; shorten it"):
        render_certificate(replace(CERTIFICATE, method="word " * 4000))


def test_markup_in_a_value_is_printed_and_not_obeyed() -> None:
    said = words(replace(CERTIFICATE, method='<b>bold</b> & <font size="90">loud</font>'))
    assert '<b>bold</b> & <font size="90">loud</font>' in said


def test_letters_that_the_font_lacks_are_refused() -> None:
    with pytest.raises(TextNotPrintable):
        render_certificate(replace(CERTIFICATE, destination="中文"))


def test_equal_values_make_equal_bytes_and_any_change_another_file() -> None:
    assert render_certificate(CERTIFICATE) == render_certificate(CERTIFICATE)
    assert render_certificate(CERTIFICATE) != render_certificate(replace(CERTIFICATE, destination="Recycling"))


def test_the_file_names_itself_and_the_day_it_was_issued() -> None:
    known = metadata(render_certificate(CERTIFICATE))
    assert known["Title"] == "Certificate of data sanitisation W-2026-000123"
    assert known["Author"] == "Sample Tablet Library"
    assert known["CreationDate"].startswith("D:20260612")


def test_it_survives_a_grey_printer() -> None:
    """Every colour on the paper is dark enough to read on white when it is printed in grey."""
    for picture in pictures(render_certificate(CERTIFICATE), dpi=150):
        levels = picture.histogram()
        inked = sum(levels[:160])
        washed_out = sum(levels[160:235])
        assert washed_out < inked

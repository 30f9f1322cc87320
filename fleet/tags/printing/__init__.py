"""Printing labels: `batches` says which labels are printed together and when, `drawing` makes what is printed."""

from __future__ import annotations

from fleet.tags.printing.batches import (
    PrintedTag,
    get_batch,
    is_printable,
    job_of,
    labels_of,
    pdf_of,
    print_again,
    print_blanks,
    print_labels,
    void_labels,
)
from fleet.tags.printing.drawing import (
    MOST_COPIES,
    MOST_LABELS,
    SheetChoice,
    Wanted,
    check_public_url,
    draw_test,
    is_roll,
    sheet_choices,
)

__all__ = [
    "MOST_COPIES",
    "MOST_LABELS",
    "PrintedTag",
    "SheetChoice",
    "Wanted",
    "check_public_url",
    "draw_test",
    "get_batch",
    "is_printable",
    "is_roll",
    "job_of",
    "labels_of",
    "pdf_of",
    "print_again",
    "print_blanks",
    "print_labels",
    "sheet_choices",
    "void_labels",
]

"""What may be asked of intake: the table's work, from the first scan to the end of triage, and a grade by card."""

from __future__ import annotations

from fleet.intake.scanning import find_tablet, make_sense, sense_of_serial
from fleet.intake.service.card_grades import (
    BODIES,
    BeforeTriage,
    before_triage,
    check_grade_stands,
    grade_by_card,
    take_grade_back,
)
from fleet.intake.service.table import (
    Expected,
    Kind,
    Source,
    book_in,
    expect,
    expect_each,
    record_look,
    record_stolen_check,
    report_hazard,
    triage,
    waive_stolen_check,
)
from fleet.intake.sources import NewBatch, NewLot, add_batch, add_lot, batch_problems, declared_fields

__all__ = [
    "BODIES",
    "BeforeTriage",
    "Expected",
    "Kind",
    "NewBatch",
    "NewLot",
    "Source",
    "add_batch",
    "add_lot",
    "batch_problems",
    "before_triage",
    "book_in",
    "check_grade_stands",
    "declared_fields",
    "expect",
    "expect_each",
    "find_tablet",
    "grade_by_card",
    "make_sense",
    "record_look",
    "record_stolen_check",
    "report_hazard",
    "sense_of_serial",
    "take_grade_back",
    "triage",
    "waive_stolen_check",
]

"""A line of a run's or a stop's story, as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fleet.deliveries.models import Scan
from fleet.deliveries.words import ACTION_WORDS, ANSWER_TAGS
from fleet.web.shapes import Shape


@dataclass(frozen=True)
class Entry:
    """One line of the run's story."""

    when: datetime
    what: str
    who: str
    note: str = ""
    shape: Shape = Shape.PLAIN


def scan_entry(scan: Scan) -> Entry:
    note = scan.sentence if scan.answer.value != "applied" else ""
    return Entry(scan.effective_at, ACTION_WORDS[scan.action], scan.courier_name, note, ANSWER_TAGS[scan.answer].shape)

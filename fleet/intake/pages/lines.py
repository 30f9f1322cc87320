"""The tablets of one source, as the pages of batches, lots and the intake table list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.tablets.models import Tablet
from fleet.tablets.words import certificate_words, name_of, stage_tag
from fleet.web.shapes import Shape


@dataclass(frozen=True)
class TabletLine:
    """One tablet of a source: what it is, where it stands, and whether this reader may open it."""

    name: str
    serial: str
    word: str
    shape: Shape
    wiped: str
    href: str


def tablet_lines(tablets: Sequence[Tablet], *, may_open: bool) -> tuple[TabletLine, ...]:
    """The tablets of a batch or a lot, as their pages show them."""
    return tuple(
        TabletLine(
            name=name_of(tablet),
            serial=tablet.serial,
            word=(tag := stage_tag(tablet.stage)).word,
            shape=tag.shape,
            wiped=certificate_words(tablet.certificate_at),
            href=f"/tablets/{tablet.id}" if may_open else "",
        )
        for tablet in tablets
    )

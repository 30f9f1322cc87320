"""Where things stand on one label, in millimetres from its top left corner: values that any printer language can draw.

PDF sheets and the languages of label printers draw the same values.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from labels.fonts import Face


class Part(StrEnum):
    """Something a label may carry."""

    QR = "qr"
    HEADING = "heading"
    CODE = "code"
    DETAILS = "details"
    FINDER = "finder"
    LOGO = "logo"


class PrintSize(StrEnum):
    """Clear print has the code in 12 points or more, large print in 16 or more."""

    CLEAR = "clear"
    LARGE = "large"


@dataclass(frozen=True)
class QrPlace:
    """A square for a QR code together with its quiet zone."""

    left: float
    top: float
    side: float


@dataclass(frozen=True)
class TextLine:
    """One line of text; `baseline` is measured down from the top of the label."""

    text: str
    left: float
    baseline: float
    face: Face
    points: float


@dataclass(frozen=True)
class CodePlace:
    """Where a code goes, on one line or broken after its hyphen on two. `points` may fall to `least_points`."""

    left: float
    baselines: tuple[float, ...]
    width: float
    points: float
    least_points: float


@dataclass(frozen=True)
class LogoPlace:
    """A rectangle in the proportions of the owner's logo, which fills it."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Frame:
    """Everything on a label except its own code: the same for all labels of a batch.

    `above` stands over the code (what the label is of), `lines` under it (details, whose it is and whom to ring).
    """

    carries: frozenset[Part]
    qr: QrPlace | None
    code: CodePlace
    lines: tuple[TextLine, ...]
    above: tuple[TextLine, ...] = ()
    logo: LogoPlace | None = None

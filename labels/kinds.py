"""Every kind of label as a value, and the one table of what each may carry. A kind is a closed list of fields.

No kind has a field for a person, an address, a telephone number of theirs, a programme or a condition, and what is
given for a code, a mark or a mode must have the form of one. So none of those can be printed, whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, TypeAlias

from labels.errors import LabelNotAllowed


class LabelKind(StrEnum):
    """What a label is stuck on."""

    TABLET = "tablet"
    BLANK = "blank"
    CHARGER = "charger"
    KIT_BAG = "kit_bag"
    SIM_ENVELOPE = "sim_envelope"
    SHELF = "shelf"
    MODE_CARD = "mode_card"
    RUN_SHEET = "run_sheet"


@dataclass(frozen=True)
class Kind:
    """One kind: the words over its code (none on a tablet) and whether it leaves the hub.

    What leaves the hub says whose it is and whom to ring. A kind that `needs_qr` is no use without one and is refused
    where it does not fit. `main` is its largest text, as a sheet's sentence calls it.
    """

    title: str
    main: str
    heading: str = ""
    leaves_hub: bool = True
    has_details: bool = False
    needs_qr: bool = False


KINDS: Mapping[LabelKind, Kind] = MappingProxyType(
    {
        LabelKind.TABLET: Kind("Tablet", "the code"),
        LabelKind.BLANK: Kind("Blank, for a tablet to come", "the code"),
        LabelKind.CHARGER: Kind("Charger", "the code", heading="Charger"),
        LabelKind.KIT_BAG: Kind("Kit bag", "the code", heading="Kit bag"),
        LabelKind.SIM_ENVELOPE: Kind("SIM envelope", "the code of its tablet", heading="SIM for"),
        LabelKind.SHELF: Kind("Shelf", "the shelf's mark", heading="Shelf", leaves_hub=False),
        LabelKind.MODE_CARD: Kind("Mode card", "what it does", leaves_hub=False, needs_qr=True),
        LabelKind.RUN_SHEET: Kind("Box of a run", "the run", has_details=True),
    }
)


@dataclass(frozen=True)
class Wording:
    """All that one label says: `code_text` is its largest text, `qr_text` what a scan of it gives."""

    qr_text: str
    code_text: str
    details: tuple[str, ...] = ()
    owner_name: str = ""
    help_phone: str = ""


_CODE = re.compile(r"[0-9A-Z]{2,8}(-[0-9A-Z]{1,8}){0,2}")
_SHELF = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{2}|(?=.*[0-9])[0-9A-Z]{1,4}(-[0-9A-Z]{1,4}){0,2}")
_MODE = re.compile(r"(?:(?:MODE|DESK)-|(?=GRADE-))([A-Z0-9]{1,12}(?:-[A-Z0-9]{1,12}){0,2})")


@dataclass(frozen=True)
class _CodeLabel:
    """A label that leads to one tablet by its code. `url` ends with that code. Raises LabelNotAllowed."""

    code_text: str
    url: str
    owner_name: str
    help_phone: str

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code_text):
            raise LabelNotAllowed(
                f"Nothing was printed. {self.code_text!r} is not a code. A label carries a tablet's code, such as "
                "K7F3-QX, and never a name or anything else about a person."
            )
        if not _plain(self.url).endswith(_plain(self.code_text)):
            raise LabelNotAllowed(
                f"Nothing was printed. A scan of the label {self.code_text} would lead to {self.url}, which does not "
                "end with its code. Make the address with the code on the label."
            )

    def wording(self) -> Wording:
        return Wording(self.url, self.code_text, (), self.owner_name, self.help_phone)


@dataclass(frozen=True)
class TabletLabel(_CodeLabel):
    """What the label on a tablet says."""

    kind: ClassVar[LabelKind] = LabelKind.TABLET


@dataclass(frozen=True)
class BlankLabel(_CodeLabel):
    """A label with a code that no tablet has yet; it looks like the label of the tablet that will have it."""

    kind: ClassVar[LabelKind] = LabelKind.BLANK


@dataclass(frozen=True)
class ChargerLabel(_CodeLabel):
    """The label on the charger of the tablet with this code."""

    kind: ClassVar[LabelKind] = LabelKind.CHARGER


@dataclass(frozen=True)
class KitBagLabel(_CodeLabel):
    """The label on the bag that the tablet with this code travels in."""

    kind: ClassVar[LabelKind] = LabelKind.KIT_BAG


@dataclass(frozen=True)
class SimEnvelopeLabel(_CodeLabel):
    """The envelope of a SIM, by the code of its tablet; there is no field for the SIM's number."""

    kind: ClassVar[LabelKind] = LabelKind.SIM_ENVELOPE


@dataclass(frozen=True)
class ShelfLabel:
    """A shelf by its code (K7F3-QX) or a mark (B-12); a scan gives SHELF-B-12. Raises LabelNotAllowed."""

    mark: str
    kind: ClassVar[LabelKind] = LabelKind.SHELF

    def __post_init__(self) -> None:
        if not _SHELF.fullmatch(self.mark):
            raise LabelNotAllowed(
                f"Nothing was printed. {self.mark!r} is not a shelf's mark. Use its code, or capitals and figures "
                "with at least one figure, such as B-12."
            )

    def wording(self) -> Wording:
        return Wording(f"SHELF-{self.mark}", self.mark)


@dataclass(frozen=True)
class ModeCard:
    """A card that tells a scanner what the next scan does: DESK-PUT-AWAY says "Put away". Raises LabelNotAllowed."""

    scan_text: str
    kind: ClassVar[LabelKind] = LabelKind.MODE_CARD

    def __post_init__(self) -> None:
        if not _MODE.fullmatch(self.scan_text):
            raise LabelNotAllowed(
                f"Nothing was printed. {self.scan_text!r} is not a mode. A mode card is MODE-, DESK- or GRADE- and "
                "what it does in capitals, such as DESK-PUT-AWAY."
            )

    def wording(self) -> Wording:
        found = _MODE.fullmatch(self.scan_text)
        words = found[1].split("-") if found else [self.scan_text]
        return Wording(self.scan_text, " ".join([words[0].capitalize(), *map(_lower_but_grades, words[1:])]))


@dataclass(frozen=True)
class RunSheetLabel:
    """The box of one courier's run; a scan gives RUN-12. It tells no area and no person. Raises LabelNotAllowed."""

    run_number: int
    day: date
    stops: int
    owner_name: str
    help_phone: str
    kind: ClassVar[LabelKind] = LabelKind.RUN_SHEET

    def __post_init__(self) -> None:
        if not (0 < self.run_number < 10_000_000 and 0 <= self.stops < 1_000):
            raise LabelNotAllowed(
                f"Nothing was printed. A run has a number from 1 and up to 999 stops, not run {self.run_number} with "
                f"{self.stops} stops."
            )

    def wording(self) -> Wording:
        day = f"{self.day:%a} {self.day.day} {self.day:%b %Y}"
        stops = "1 stop" if self.stops == 1 else f"{self.stops} stops"
        return Wording(
            f"RUN-{self.run_number}", f"Run {self.run_number}", (day, stops), self.owner_name, self.help_phone
        )


CodeLabel: TypeAlias = TabletLabel | BlankLabel | ChargerLabel | KitBagLabel | SimEnvelopeLabel
Label: TypeAlias = CodeLabel | ShelfLabel | ModeCard | RunSheetLabel

CODE_LABELS: Mapping[LabelKind, Callable[[str, str, str, str], CodeLabel]] = MappingProxyType(
    {
        LabelKind.TABLET: TabletLabel,
        LabelKind.BLANK: BlankLabel,
        LabelKind.CHARGER: ChargerLabel,
        LabelKind.KIT_BAG: KitBagLabel,
        LabelKind.SIM_ENVELOPE: SimEnvelopeLabel,
    }
)
"""The kinds that are printed for a code: each takes the code, its address, the owner's name and the help phone."""


def _plain(text: str) -> str:
    return text.replace("-", "").upper()


def _lower_but_grades(word: str) -> str:
    return word if len(word) == 1 else word.lower()

"""One way to every label printer: the languages there are, the rolls each takes, and a job's bytes in any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Protocol

from labels.brother_ql import render_brother_ql
from labels.dymo import DymoModel, render_dymo
from labels.frames import PrintSize
from labels.kinds import Label
from labels.logo import Logo
from labels.roll import Family, Roll
from labels.rolls import rolls
from labels.zpl import render_zpl


class PrinterLanguage(StrEnum):
    """What a label printer understands."""

    ZPL = "zpl"
    BROTHER_QL = "brother-ql"
    DYMO = "dymo"
    DYMO_550 = "dymo-550"


class Renderer(Protocol):
    """Makes a whole job of labels. Raises SheetInvalid, LabelDoesNotFit or TextNotPrintable."""

    def __call__(
        self, labels: Iterable[Label], roll: Roll, *, print_size: PrintSize = ..., logo: Logo | None = ...
    ) -> bytes: ...


RENDERERS: Mapping[PrinterLanguage, Renderer] = MappingProxyType(
    {
        PrinterLanguage.ZPL: render_zpl,
        PrinterLanguage.BROTHER_QL: render_brother_ql,
        PrinterLanguage.DYMO: partial(render_dymo, model=DymoModel.LW_450),
        PrinterLanguage.DYMO_550: partial(render_dymo, model=DymoModel.LW_550),
    }
)
FAMILIES: Mapping[PrinterLanguage, Family] = MappingProxyType(
    {
        PrinterLanguage.ZPL: Family.ZEBRA,
        PrinterLanguage.BROTHER_QL: Family.BROTHER,
        PrinterLanguage.DYMO: Family.DYMO,
        PrinterLanguage.DYMO_550: Family.DYMO,
    }
)


def render_job(
    labels: Iterable[Label],
    roll: Roll,
    language: PrinterLanguage,
    *,
    print_size: PrintSize = PrintSize.CLEAR,
    logo: Logo | None = None,
) -> bytes:
    """The bytes to send to a printer as they are (TCP port 9100, or a raw queue). Raises as the renderers do."""
    return RENDERERS[language](labels, roll, print_size=print_size, logo=logo)


def rolls_for(language: PrinterLanguage) -> tuple[Roll, ...]:
    """The rolls that printers of this language take."""
    return tuple(roll for roll in rolls().values() if roll.family is FAMILIES[language])

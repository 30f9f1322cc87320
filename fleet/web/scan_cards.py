"""The cards that lie beside a scanner, as they are printed: one look for every room that has some."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from labels.qr import make_symbol, symbol_svg


@dataclass(frozen=True)
class ScanCard:
    """A card: what it is called, what it does, and the square that a scanner reads."""

    code: str
    title: str
    does: str
    symbol: Markup


@dataclass(frozen=True)
class CardsPage:
    """Cards to print; `back` is where the scanner stands that reads them."""

    question: str
    lead: str
    cards: tuple[ScanCard, ...]
    back: str
    back_text: str
    title: str = "Scanner cards"


def scan_card(code: str, title: str, does: str) -> ScanCard:
    """The card with its square drawn."""
    drawn = Markup(symbol_svg(make_symbol(code), title=code))  # noqa: S704 - our own drawing of our own words
    return ScanCard(code, title, does, drawn)

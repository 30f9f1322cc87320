"""Tablets that come in with a file, ours or another program's: each is expected until its serial is scanned.

Whatever another program said of it, it is wiped and proved like any other before it is lent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from fleet.clock import add_months
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.intake import service as intake
from fleet.intake.service import Kind, Source
from fleet.sheets.rules import Line
from fleet.sheets.service.here import Here, summary
from fleet.sheets.snipe_it import FROM_ELSEWHERE
from fleet.tablets import service as tablets
from fleet.tablets.words import stage_words
from fleet.users.actor import Actor

NO_ORDER = "not said"


class Bought(NamedTuple):
    """Tablets with the same of these were bought together."""

    supplier: str
    order: str
    on: date
    warranty_months: int


class TabletsIn:
    """Tablets by serial. Those with a supplier and a day of purchase make purchases; the others have no source yet."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._seen: set[str] = set()

    def what(self, line: Line) -> str:
        return summary(line, "serial", "manufacturer", "model", "asset_tag")

    def wrong(self, line: Line) -> Sequence[str]:
        serial = line.values["serial"]
        if serial.lower() in self._seen:
            return ("serial: it stands above already.",)
        self._seen.add(serial.lower())
        bought = line.get("purchase_date")
        if bought is not None and bought > self._here.today:
            return ("purchase_date: this day is still to come.",)
        try:
            known = intake.make_sense(self._here.session, f"S/N {serial}").tablet
        except BadInput as refused:
            return tuple(refused.fields.values())
        if known is not None:
            return (f"serial: it is in the fleet already: tablet {known.id}, {stage_words(known.stage).lower()}.",)
        return ()

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        together: dict[Bought | None, list[Line]] = defaultdict(list)
        for line in lines:
            together[_bought(line)].append(line)
        for bought, of_it in together.items():
            source = Source(lot_id=self._lot(bought, of_it, actor, happening)) if bought else Source()
            for line in of_it:
                self._expect(line, source, actor, happening)

    def _lot(self, bought: Bought, lines: Sequence[Line], actor: Actor, happening: Happening) -> int:
        new = intake.NewLot(
            supplier=bought.supplier,
            invoice_ref=bought.order,
            bought_on=bought.on,
            cost_pence=sum(line.get("purchase_cost") or 0 for line in lines),
            warranty_end=add_months(bought.on, bought.warranty_months) if bought.warranty_months else None,
            note="Came with a file of tablets",
        )
        return intake.add_lot(self._here.session, new, today=self._here.today, actor=actor, now=happening.now).id

    def _expect(self, line: Line, source: Source, actor: Actor, happening: Happening) -> None:
        told = replace(happening, client_id=None)
        kind = Kind(line.get("manufacturer") or "", line.get("model") or "")
        serials = [line.values["serial"]]
        (made,) = intake.expect(self._here.session, serials, source=source, kind=kind, actor=actor, happening=told)
        said = "; ".join(f"{words} {line.get(name)}" for name, words in FROM_ELSEWHERE if line.get(name))
        if said:
            told = replace(told, reason=said[:1].upper() + said[1:])
            words = "Came with a file, where it was known by more"
            tablets.note(self._here.session, made, kind="came_with_a_file", words=words, actor=actor, happening=told)


def _bought(line: Line) -> Bought | None:
    supplier, on = line.get("supplier"), line.get("purchase_date")
    if not supplier or not on:
        return None
    return Bought(supplier, line.get("order_number") or NO_ORDER, on, line.get("warranty_months") or 0)

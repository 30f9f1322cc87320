"""Tablets that come in with a file, ours or another program's: each is expected until its serial is scanned, but those
that were recycled, which come in with their end.

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
from fleet.intake.service import Expected, Kind, Source
from fleet.partners.models import OrganisationKind
from fleet.sheets.columns.tablets import FROM_ELSEWHERE
from fleet.sheets.queries import known
from fleet.sheets.rules import Line
from fleet.sheets.service.finding import Live, live_of, tablet_by_serial
from fleet.sheets.service.here import Brings, Here, summary
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move, Stage
from fleet.tablets.words import stage_words
from fleet.users.actor import Actor

NO_ORDER = "not said"


class Bought(NamedTuple):
    """Tablets with the same of these were bought together."""

    supplier: str
    order: str
    on: date
    warranty_months: int


class TabletsIn(Brings):
    """Tablets by serial. Those with a supplier and a day of purchase join that purchase, or make it; those with a donor
    and a day join the donation; the others have no source yet."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._seen: set[tuple[str, str]] = set()
        self._lots = known.purchases(here.session)
        self._donors = known.organisation_ids(here.session, OrganisationKind.DONOR)
        self._donations = known.donations(here.session)
        self._live: dict[str, list[Tablet]] = {}
        self._ever: Live = {}

    def begin(self, lines: Sequence[Line]) -> None:
        self._live = tablets.tablets_with_serials(self.here.session, [line.get("serial", "") for line in lines])
        self._ever = live_of(self.here.session, [line for line in lines if _recycled(line)])

    def what(self, line: Line) -> str:
        return summary(line, "serial", "manufacturer", "model", "asset_tag")

    def wrong(self, line: Line) -> Sequence[str]:
        serial, note = line.values["serial"], line.get("serial_note", "")
        if (serial.lower(), note) in self._seen:
            return ("serial: it stands above already.",)
        self._seen.add((serial.lower(), note))
        given = self._donation_problems(line)
        if given:
            return given
        bought = line.get("purchase_date")
        if bought is not None and bought > self.here.today:
            return ("purchase_date: this day is still to come.",)
        try:
            known = intake.sense_of_serial(serial, note, self._live).tablet
        except BadInput as refused:
            return tuple(refused.fields.values())
        if known is not None:
            return (f"serial: it is in the fleet already: tablet {known.id}, {stage_words(known.stage).lower()}.",)
        gone, _ = tablet_by_serial(self._ever, serial, note)
        return (f"serial: it is on record already: tablet {gone.id}, which has left the fleet.",) if gone else ()

    def doubts(self, line: Line) -> Sequence[str]:
        return ("It comes in as recycled: it has left the fleet for good.",) if _recycled(line) else ()

    def _donation_problems(self, line: Line) -> Sequence[str]:
        if not line.get("donor") and not line.get("received_on"):
            return ()
        if line.get("supplier"):
            return ("donor: it was bought or given, not both.",)
        if not self._donation_of(line):
            return ("donor: there is no donation of theirs on that day; bring donations in first.",)
        return ()

    def _donation_of(self, line: Line) -> int | None:
        """The first of that giver's donations on that day."""
        donor = self._donors.get(line.get("donor", "").lower(), 0)
        return next(iter(self._donations.get((donor, line.get("received_on", date.min)), ())), None)

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        together: dict[Bought | None, list[Line]] = defaultdict(list)
        for line in lines:
            together[_bought(line)].append(line)
        wanted: list[tuple[Line, Expected]] = []
        for bought, of_it in together.items():
            lot_id = self._lot(bought, of_it, actor, happening) if bought else None
            wanted += [(line, self._expected(line, lot_id)) for line in of_it]
        told = replace(happening, client_id=None)
        made = intake.expect_each(
            self.here.session, [each for _, each in wanted], actor=actor, happening=told, counted=self.here.kept
        )
        for (line, _), tablet in zip(wanted, made, strict=True):
            self._note(line, tablet, actor, told)
            if _recycled(line):
                why = replace(told, reason="It had left the fleet before it came with a file")
                settings = self.here.settings
                move = Move.CAME_RECYCLED
                tablets.move(self.here.session, tablet.id, move, actor=actor, settings=settings, happening=why)

    def _expected(self, line: Line, lot_id: int | None) -> Expected:
        source = Source(lot_id=lot_id, batch_id=None if lot_id else self._donation_of(line))
        kind = Kind(line.get("manufacturer") or "", line.get("model") or "", line.get("serial_note") or "")
        return Expected(line.values["serial"], source, kind)

    def _lot(self, bought: Bought, lines: Sequence[Line], actor: Actor, happening: Happening) -> int:
        known_lot = self._lots.get((bought.supplier.lower(), bought.order.lower(), bought.on))
        if known_lot is not None:
            return known_lot
        new = intake.NewLot(
            supplier=bought.supplier,
            invoice_ref=bought.order,
            bought_on=bought.on,
            cost_pence=sum(line.get("purchase_cost") or 0 for line in lines),
            warranty_end=add_months(bought.on, bought.warranty_months) if bought.warranty_months else None,
            note="Came with a file of tablets",
        )
        return intake.add_lot(self.here.session, new, today=self.here.today, actor=actor, now=happening.now).id

    def _note(self, line: Line, tablet: Tablet, actor: Actor, happening: Happening) -> None:
        said = "; ".join(f"{words} {line.get(name)}" for name, words in FROM_ELSEWHERE if line.get(name))
        if said:
            told = replace(happening, reason=said[:1].upper() + said[1:])
            words = "Came with a file, where it was known by more"
            tablets.note(self.here.session, tablet, kind="came_with_a_file", words=words, actor=actor, happening=told)


def _recycled(line: Line) -> bool:
    return line.get("stage") is Stage.RECYCLED


def _bought(line: Line) -> Bought | None:
    supplier, on = line.get("supplier"), line.get("purchase_date")
    if not supplier or not on:
        return None
    return Bought(supplier, line.get("order_number") or NO_ORDER, on, line.get("warranty_months") or 0)

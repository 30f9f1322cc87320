"""Partners, donations and purchases that come in with a file, each by the service that its page asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from fleet.happening import Happening
from fleet.intake import service as intake
from fleet.intake.rules import DECLARATION
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.sheets.queries import known
from fleet.sheets.rules import Line
from fleet.sheets.service.here import Brings, Here, named, not_among, summary
from fleet.users.actor import Actor

_DETAILS = tuple(each.name for each in fields(partners.Details))


class PartnersIn(Brings):
    """Organisations by kind and name. Hubs are set up on their own page, with calendar and help phone."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._known = {(kind, name) for _, kind, name in known.organisations(here.session)}

    def what(self, line: Line) -> str:
        return summary(line, "kind", "name")

    def wrong(self, line: Line) -> Sequence[str]:
        kind = line.values["kind"]
        if kind is OrganisationKind.HUB:
            return ("kind: a hub is set up on the page of partners.",)
        name = (kind.value, line.values["name"].lower())
        if name in self._known:
            return (f"name: there is a {kind.value} of this name already, on record or above.",)
        self._known.add(name)
        return named(partners.detail_problems(_details(line)))

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        for line in self.here.kept(lines):
            partners.add(self.here.session, line.values["kind"], _details(line), now=happening.now)


def _details(line: Line) -> partners.Details:
    given: dict[str, Any] = {name: line.get(name) for name in _DETAILS if line.get(name) is not None}
    return partners.Details(**given)


class DonationsIn(Brings):
    """Donations with what the giver declared. A second one of a giver on one day is told apart by its other cells."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._donors = known.organisation_ids(here.session, OrganisationKind.DONOR)
        self._seen = set(known.donations_whole(here.session))

    def what(self, line: Line) -> str:
        return summary(line, "donor", "received_on", "expected_count")

    def wrong(self, line: Line) -> Sequence[str]:
        found = list(not_among(line, "donor", self._donors, "donor"))
        if found:
            return found
        other = set(line.get("declared", ())) - {name for name, _ in DECLARATION}
        if other:
            found.append(f"declared: not part of the declaration: {', '.join(sorted(other))}.")
        whole = (self._donors[line.values["donor"].lower()], *(line.get(name) or "" for name in known.TELL_APART))
        if whole in self._seen:
            found.append("received_on: this donation is on record already, or stands above.")
        self._seen.add(whole)
        problems = intake.batch_problems(self.here.session, self._new(line), self.here.today)
        return [*found, *(f"{name}: {said}" for name, said in problems.items() if said)]

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        for line in self.here.kept(lines):
            intake.add_batch(self.here.session, self._new(line), today=self.here.today, actor=actor, now=happening.now)

    def _new(self, line: Line) -> intake.NewBatch:
        return intake.NewBatch(
            donor_id=self._donors[line.values["donor"].lower()],
            received_on=line.values["received_on"],
            expected_count=line.get("expected_count"),
            declared=frozenset(line.get("declared", ())) & {name for name, _ in DECLARATION},
            declared_by=line.get("declared_by", ""),
            declared_on=line.get("declared_on"),
            wiping_requirement=line.get("wiping_requirement", ""),
            note=line.get("note", ""),
        )


class PurchasesIn(Brings):
    """Purchases by supplier, order and day; tablets that come in later by these join them."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._funders = known.organisation_ids(here.session, OrganisationKind.FUNDER)
        self._known = set(known.purchases(here.session))

    def what(self, line: Line) -> str:
        return summary(line, "supplier", "order_number", "purchase_date")

    def wrong(self, line: Line) -> Sequence[str]:
        bought = (line.values["supplier"].lower(), line.values["order_number"].lower(), line.values["purchase_date"])
        found = list(not_among(line, "funder", self._funders, "funder"))
        if bought in self._known:
            found.append("order_number: this purchase is on record already, or stands above.")
        self._known.add(bought)
        if line.values["purchase_date"] > self.here.today:
            found.append("purchase_date: this day is still to come.")
        if line.get("warranty_end") and line.values["warranty_end"] < line.values["purchase_date"]:
            found.append("warranty_end: it cannot end before the day they were bought.")
        return found

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        for line in self.here.kept(lines):
            new = intake.NewLot(
                supplier=line.values["supplier"],
                invoice_ref=line.values["order_number"],
                bought_on=line.values["purchase_date"],
                cost_pence=line.values["cost"],
                warranty_end=line.get("warranty_end"),
                funder_id=self._funders.get(line.get("funder", "").lower()),
                note=line.get("note", ""),
            )
            intake.add_lot(self.here.session, new, today=self.here.today, actor=actor, now=happening.now)

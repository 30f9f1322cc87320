"""The catalogue, the cards and the data on them that come in with a file, by the services that their pages ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fleet.bundles import service as bundles
from fleet.bundles.models import Sim
from fleet.bundles.rules import (
    LENT,
    OUT_OF_USE,
    Ownership,
    SecretKind,
    SimKind,
    SimState,
    bundle_problems,
    iccid_in,
)
from fleet.happening import Happening
from fleet.partners.models import OrganisationKind
from fleet.sheets.queries import known
from fleet.sheets.rules import Line
from fleet.sheets.service.here import Brings, Here, named, not_among, summary
from fleet.users.actor import Actor


class OffersIn(Brings):
    """The catalogue of data by name."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._funders = known.organisation_ids(here.session, OrganisationKind.FUNDER)
        self._known = set(known.offer_names(here.session))

    def what(self, line: Line) -> str:
        return summary(line, "name", "network")

    def wrong(self, line: Line) -> Sequence[str]:
        found = list(not_among(line, "funder", self._funders, "funder"))
        name = line.values["name"].lower()
        if name in self._known:
            found.append("name: the catalogue has this already, on record or above.")
        self._known.add(name)
        return [*found, *named(self._offered(line).problems())]

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        for line in self.here.kept(lines):
            offered = self._offered(line)
            bundles.add_offer(self.here.session, offered, hub_id=self.here.hub_id, now=happening.now)

    def _offered(self, line: Line) -> bundles.Offered:
        return bundles.Offered(
            name=line.values["name"],
            network=line.values["network"],
            gb_per_month=line.values["gb_per_month"],
            months=line.values["months"],
            cost_pence=line.values["cost"],
            funder_id=self._funders.get(line.get("funder", "").lower()),
            ownership=line.get("ownership", Ownership.OURS),
            zero_rated=line.get("zero_rated", ()),
            active=line.get("active", True),
        ).tidied()


class SimsIn(Brings):
    """Cards by number, as a network lists a delivery; a PIN, PUK or code is sealed as soon as it is kept."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._seen: set[str] = set()

    def what(self, line: Line) -> str:
        return summary(line, "iccid", "network", "kind", "phone")

    def wrong(self, line: Line) -> Sequence[str]:
        found = [f"iccid: {problem}" for problem in (_number_problem(line),) if problem]
        found += bundles.card_problems(self.here.session, _card(line), _secrets(line))
        numbers = {_card(line).iccid, _card(line).phone if _card(line).state not in OUT_OF_USE else ""} - {""}
        if (numbers | set(bundles.same_card(_card(line).iccid))) & self._seen:
            found.append("iccid: a row above has this number too.")
        self._seen |= numbers
        return found

    def doubts(self, line: Line) -> Sequence[str]:
        doubt = None if _card(line).kind is SimKind.VOUCHER else bundles.iccid_warning(_card(line).iccid)
        return (doubt,) if doubt else ()

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        for line in self.here.kept(lines):
            bundles.take_in_card(
                self.here.session,
                _card(line),
                _secrets(line),
                hub_id=self.here.hub_id,
                actor=actor,
                settings=self.here.settings,
                happening=replace(happening, client_id=None),
            )


def _number_problem(line: Line) -> str:
    return "" if line.get("kind") is SimKind.VOUCHER else iccid_in(line.values["iccid"])[1]


def _card(line: Line) -> bundles.NewSim:
    kind = line.get("kind", SimKind.SIM)
    return bundles.NewSim(
        line.values["iccid"],
        line.values["network"],
        kind,
        line.get("phone", ""),
        line.get("serial", ""),
        line.get("state", SimState.IN_STOCK),
        line.get("rests_until"),
    ).tidied()


def _secrets(line: Line) -> dict[SecretKind, str]:
    return {kind: line.values[kind.value] for kind in SecretKind if line.get(kind.value)}


class BundlesIn(Brings):
    """Data that was bought for cards on record, the earlier of a card first."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._funders = known.organisation_ids(here.session, OrganisationKind.FUNDER)
        self._above: set[tuple[object, ...]] = set()
        self._sims: dict[str, Sim] = {}
        self._bought: dict[int, frozenset[tuple[object, ...]]] = {}

    def begin(self, lines: Sequence[Line]) -> None:
        numbers = [_number(line) for line in lines if line.get("iccid")]
        self._sims = known.sims(self.here.session, numbers)
        self._bought = known.bundles_of(self.here.session, [sim.id for sim in self._sims.values()])

    def what(self, line: Line) -> str:
        return summary(line, "iccid", "gb_per_month", "months")

    def wrong(self, line: Line) -> Sequence[str]:
        sim = self._sims.get(_number(line))
        if sim is None:
            return ("iccid: there is no such card on record; bring it in first.",)
        found = list(not_among(line, "funder", self._funders, "funder"))
        if sim.state in LENT:
            found.append(f"iccid: the card is {sim.state.value.replace('_', ' ')}, so its data cannot be changed.")
        found += named(bundle_problems(line.values["gb_per_month"], line.values["months"], line.values["cost"]))
        found += _day_problems(line, self.here)
        bought = (line.values["gb_per_month"], line.values["months"], line.values["cost"], line.get("activated_on"))
        if bought in self._bought.get(sim.id, ()) or (sim.id, *bought) in self._above:
            found.append("iccid: this data is on record already, or stands above.")
        self._above.add((sim.id, *bought))
        return found

    def doubts(self, line: Line) -> Sequence[str]:
        sim = self._sims.get(_number(line))
        replaces = sim is not None and sim.id in self._bought
        return ("It takes the place of the data that is on the card.",) if replaces else ()

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        for line in self.here.kept(lines):
            bundles.attach_bundle(
                self.here.session,
                self._sims[_number(line)].id,
                gb_per_month=line.values["gb_per_month"],
                months=line.values["months"],
                cost_pence=line.values["cost"],
                funder_id=self._funders.get(line.get("funder", "").lower()),
                ownership=line.get("ownership", Ownership.OURS),
                eligible_on=line.get("eligible_on"),
                activated_on=line.get("activated_on"),
                as_it_was=True,
                actor=actor,
                happening=replace(happening, client_id=None),
            )


def _number(line: Line) -> str:
    number, problem = iccid_in(line.values["iccid"])
    return line.values["iccid"].strip() if problem else number


def _day_problems(line: Line, here: Here) -> Sequence[str]:
    found = []
    personal = line.get("ownership") is Ownership.PERSONS_OWN
    if personal and (line.get("eligible_on") is None or line.values["eligible_on"] > here.today):
        found.append("eligible_on: write the day on which they were asked and qualified.")
    if line.get("activated_on") and line.values["activated_on"] > here.today:
        found.append("activated_on: this day is still to come.")
    return found

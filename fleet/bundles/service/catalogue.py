"""The catalogue of data that can be bought or is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.bundles import queries
from fleet.bundles.models import BundleOffer
from fleet.bundles.rules import Ownership, bundle_problems
from fleet.errors import BadInput, Conflict, there


class OfferNameTaken(Conflict):
    """The catalogue has an entry of this name."""

    code = "offer_name_taken"


@dataclass(frozen=True)
class Offered:
    """An entry of the catalogue, as it is typed."""

    name: str
    network: str
    gb_per_month: int
    months: int
    cost_pence: int
    funder_id: int | None = None
    ownership: Ownership = Ownership.OURS
    zero_rated: tuple[str, ...] = ()
    active: bool = True

    def tidied(self) -> Offered:
        services = dict.fromkeys(each.strip() for each in self.zero_rated if each.strip())
        return replace(self, name=self.name.strip(), network=self.network.strip(), zero_rated=tuple(services))

    def problems(self) -> dict[str, str]:
        named = {
            "name": "" if 0 < len(self.name) <= 80 else "Give it a name, at most 80 letters.",
            "network": "" if 0 < len(self.network) <= 40 else "Enter the network's name.",
            "zero_rated": "" if all(len(each) <= 80 for each in self.zero_rated) else "Name each service briefly.",
        }
        missing = {field: sentence for field, sentence in named.items() if sentence}
        return missing | bundle_problems(self.gb_per_month, self.months, self.cost_pence)


def get_offer(session: Session, offer_id: int) -> BundleOffer:
    """Raises `NotFound`."""
    found = queries.offer(session, offer_id)
    return there(found, "There is no such entry in the catalogue.", next_step="Look for it in the catalogue.")


def add_offer(session: Session, offered: Offered, *, hub_id: int, now: datetime) -> BundleOffer:
    """Add to the catalogue. Raises `BadInput`, `OfferNameTaken`."""
    offered = _usable(session, offered, hub_id)
    offer = BundleOffer(hub_id=hub_id, created_at=now, **_columns(offered))
    session.add(offer)
    session.flush()
    return offer


def change_offer(session: Session, offer_id: int, offered: Offered) -> BundleOffer:
    """Change an entry. What was bought by it keeps the figures of its day. Raises as `add_offer` does."""
    offer = get_offer(session, offer_id)
    offered = _usable(session, offered, offer.hub_id, but=offer_id)
    for name, value in _columns(offered).items():
        setattr(offer, name, value)
    session.flush()
    return offer


def _columns(offered: Offered) -> dict[str, object]:
    return asdict(offered) | {"zero_rated": list(offered.zero_rated)}


def _usable(session: Session, typed: Offered, hub_id: int, *, but: int | None = None) -> Offered:
    offered = typed.tidied()
    if offered.problems():
        raise BadInput("The catalogue was not changed.", fields=offered.problems())
    other = queries.offer_by_name(session, hub_id, offered.name)
    if other is not None and other.id != but:
        raise OfferNameTaken(
            f"The catalogue was not changed: it has “{offered.name}” already.",
            next_step="Give it another name, or change that entry.",
            details={"offer_id": other.id},
        )
    return offered


def catalogue(session: Session) -> Sequence[BundleOffer]:
    """What can be bought today, the smallest first."""
    return queries.active_offers(session)

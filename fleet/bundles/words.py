"""How a SIM's state is said and shown."""

from __future__ import annotations

from fleet.bundles.models import DataBundle
from fleet.bundles.rules import SimState
from fleet.web.shapes import Shape, StateTag

_SHAPES: dict[SimState, Shape] = {
    SimState.IN_STOCK: Shape.DONE,
    SimState.RESERVED: Shape.WAITING,
    SimState.INSTALLED: Shape.WAITING,
    SimState.ACTIVATED: Shape.WORKING,
    SimState.SUSPENDED: Shape.HANDS,
    SimState.EXPIRED: Shape.PLAIN,
    SimState.KEPT_BY_PARTICIPANT: Shape.PLAIN,
    SimState.BARRED: Shape.DANGER,
    SimState.DESTROYED: Shape.PLAIN,
}


def state_words(state: SimState) -> str:
    return "In use" if state is SimState.ACTIVATED else state.value.replace("_", " ").capitalize()


def state_tag(state: SimState) -> StateTag:
    return StateTag(state_words(state), _SHAPES[state])


def grouped(iccid: str) -> str:
    """The number in fours, as it is read out."""
    return " ".join(iccid[at : at + 4] for at in range(0, len(iccid), 4))


def bundle_words(bundle: DataBundle | None) -> str:
    """20 GB a month for 3 months."""
    if bundle is None:
        return "No data bundle"
    return f"{bundle.gb_per_month} GB a month for {bundle.months} month{'' if bundle.months == 1 else 's'}"


def pounds(pence: int) -> str:
    """£12.00."""
    return f"£{pence // 100:,}.{pence % 100:02d}"

"""How SIMs, their data and what it asks for are said and shown."""

from __future__ import annotations

from fleet.bundles.models import DataBundle, Sim
from fleet.bundles.rules import AfterLoan, Asks, Ownership, SimKind, SimState
from fleet.web.shapes import Shape, StateTag

_SHAPES: dict[SimState, Shape] = {
    SimState.IN_STOCK: Shape.DONE,
    SimState.RESERVED: Shape.WAITING,
    SimState.INSTALLED: Shape.WAITING,
    SimState.ACTIVATED: Shape.WORKING,
    SimState.SUSPENDED: Shape.HANDS,
    SimState.QUARANTINED: Shape.WAITING,
    SimState.EXPIRED: Shape.PLAIN,
    SimState.KEPT_BY_PARTICIPANT: Shape.PLAIN,
    SimState.LOST: Shape.LOST,
    SimState.BARRED: Shape.DANGER,
    SimState.DESTROYED: Shape.PLAIN,
}
_WORDS: dict[SimState, str] = {
    SimState.ACTIVATED: "In use",
    SimState.QUARANTINED: "Resting",
    SimState.LOST: "Lost, to be barred",
    SimState.KEPT_BY_PARTICIPANT: "Kept by the person",
}
KIND_WORDS: dict[SimKind, str] = {
    SimKind.SIM: "SIM card",
    SimKind.ESIM: "eSIM",
    SimKind.MIFI: "MiFi hotspot",
    SimKind.VOUCHER: "Voucher",
}
OWNERSHIP_WORDS: dict[Ownership, str] = {
    Ownership.OURS: "Ours: lent to one person after another",
    Ownership.PERSONS_OWN: "The person's own: granted to one person, never passed on",
}
AFTER_LOAN_WORDS: dict[AfterLoan, str] = {
    AfterLoan.RECLAIM: "It comes back to us",
    AfterLoan.KEEP: "The person keeps it",
}
ASKS_WORDS: dict[Asks, tuple[str, Shape]] = {
    Asks.NO_DATA: ("No data", Shape.DANGER),
    Asks.GONE: ("Used up", Shape.DANGER),
    Asks.LOW: ("Nearly used up", Shape.WAITING),
    Asks.ENDS_FIRST: ("Ends before the loan", Shape.DANGER),
    Asks.OUTLIVES: ("Outlives the loan", Shape.WAITING),
    Asks.TO_BAR: ("To be barred", Shape.LOST),
    Asks.STRAY: ("Strange card", Shape.HANDS),
    Asks.LEFT_IN: ("Left in a tablet", Shape.HANDS),
    Asks.USED_AT_REST: ("Used by whom?", Shape.HANDS),
}
ASKS_TO_DO: dict[Asks, str] = {
    Asks.NO_DATA: "Attach a bundle",
    Asks.GONE: "Top it up",
    Asks.LOW: "Top it up before it is gone",
    Asks.ENDS_FIRST: "Top it up, or agree an earlier end",
    Asks.OUTLIVES: "Decide whether it comes back or is kept",
    Asks.TO_BAR: "Ring the network, and tick it off with the time",
    Asks.STRAY: "Find out whose it is",
    Asks.LEFT_IN: "Take it out, before anybody else has the tablet",
    Asks.USED_AT_REST: "Look into it: nobody should have had it",
}


def state_words(state: SimState) -> str:
    return _WORDS.get(state, state.value.replace("_", " ").capitalize())


def state_tag(state: SimState) -> StateTag:
    return StateTag(state_words(state), _SHAPES[state])


def grouped(iccid: str) -> str:
    """The number in fours, as it is read out."""
    return " ".join(iccid[at : at + 4] for at in range(0, len(iccid), 4))


def printed(sim: Sim) -> str:
    """Its number as it stands on it: in fours, or a voucher's own."""
    return sim.iccid if sim.kind is SimKind.VOUCHER else grouped(sim.iccid)


def name_of(sim: Sim) -> str:
    """SIM card ending 00001, or the whole number of a voucher."""
    if sim.kind is SimKind.VOUCHER:
        return f"Voucher {sim.iccid}"
    return f"{KIND_WORDS[sim.kind]} ending {sim.iccid[-5:]}"


_LEFT_IN_WORDS = {
    SimKind.SIM: "lies in {label} still: take it out",
    SimKind.MIFI: "lies with {label} still: take it out of the bag",
    SimKind.ESIM: "is on {label} still: delete it there",
}


def left_in_words(sim: Sim, label: str) -> str:
    """What is to be done about a card in a tablet whose loan was called off after it was packed."""
    return f"{name_of(sim)} {_LEFT_IN_WORDS[sim.kind].format(label=label)} before anybody else has the tablet."


def bundle_words(bundle: DataBundle | None) -> str:
    """20 GB a month for 3 months."""
    if bundle is None:
        return "No data bundle"
    return size_words(bundle.gb_per_month, bundle.months)


def size_words(gb_per_month: int, months: int) -> str:
    """20 GB a month for 3 months."""
    return f"{gb_per_month} GB a month for {months} month{'' if months == 1 else 's'}"


def pounds(pence: int) -> str:
    """£12.00."""
    return f"£{pence // 100:,}.{pence % 100:02d}"

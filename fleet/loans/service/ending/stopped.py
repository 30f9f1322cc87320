"""What an ending stopped, worked out in its moment and said in sentences on the loan's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimKind, SimState
from fleet.bundles.words import name_of
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.service.writer.locks import Locked, label_of
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.visits import visits_follow
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor

STOPPED = "what_stopped"

_CARD_WORDS: dict[SimState, str] = {
    SimState.INSTALLED: "is in the tablet; take it out once that is back",
    SimState.LOST: "is lost: somebody is asked to have it barred",
    SimState.KEPT_BY_PARTICIPANT: "stays with the person",
    SimState.SUSPENDED: "is suspended",
    SimState.ACTIVATED: "runs until the tablet is back",
}


def tell_stopped(session: Session, held: Locked, *, actor: Actor, happening: Happening) -> None:
    """Write down what came to a stop with this loan. Called once it has all been done."""
    visits_follow(session, held.loan, happening=happening)
    said = list(_said(session, held))
    told = Happening(now=happening.now, source=happening.source)
    words = "What stopped with it"
    note(session, held.loan, kind=STOPPED, words=words, actor=actor, happening=told, details={"stopped": said})


def _said(session: Session, held: Locked) -> Iterator[str]:
    yield "Reminders: none is sent about this loan any more, and those that wait to leave do not."
    begun = [each for each in (held.tablet, held.swap_tablet) if each and each.stage is Stage.IN_TRANSIT_OUT]
    if begun:
        yield f"Visits: a courier has {label_of(session, begun[0].id)} and is on the way. Ring them, and it comes back."
    else:
        yield "Visits: whatever no courier has begun is taken off its run."
    if held.sim_link is not None:
        sim = bundles.get_sim(session, held.sim_link.sim_id)
        how = _CARD_WORDS.get(sim.state, f"is {sim.state.value.replace('_', ' ')}")
        if sim.state is SimState.INSTALLED and sim.kind is not SimKind.SIM:
            how = "went with the tablet, and is free once that is back"
        if held.tablet is None and sim.state is SimState.ACTIVATED:
            how = "runs until the loan of data is ended"
        yield f"{name_of(sim)}: it {how}."
    other = held.swap_tablet
    if other is not None:
        label = label_of(session, other.id)
        away = tablets.get_tablet(session, other.id).stage is Stage.IN_TRANSIT_OUT
        where = "goes back to stock when its courier brings it" if away else "is in stock again"
        yield f"Swap: called off; {label} {where}."


def what_stopped(session: Session, loan: Loan) -> Sequence[str]:
    """The sentences about the last ending; empty where nothing was stopped."""
    event = queries.latest_event(session, loan.id, STOPPED)
    return tuple(event.details.get("stopped", ())) if event is not None else ()

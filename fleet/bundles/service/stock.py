"""Taking SIMs, eSIMs, MiFis and vouchers into stock, and setting right what was read from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session
from stdnum import luhn

from fleet.bundles import queries
from fleet.bundles.models import DataBundle, Sim
from fleet.bundles.rules import (
    LENT,
    OUT_OF_USE,
    SimKind,
    SimState,
    number_problem,
    phone_problem,
    tidy_iccid,
    tidy_phone,
)
from fleet.bundles.service.same_card import card_on_record
from fleet.bundles.service.writer import begin, get_sim, note
from fleet.bundles.words import name_of, state_words
from fleet.clock import local_date
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.users.actor import Actor


class SimAlreadyHere(Conflict):
    """A SIM with this number is on record."""

    code = "sim_already_here"


class PhoneAlreadyHere(Conflict):
    """Another SIM that is still alive has this phone number."""

    code = "phone_already_here"


@dataclass(frozen=True)
class NewSim:
    """What is read from a card, its packet, or a voucher."""

    iccid: str
    network: str
    kind: SimKind = SimKind.SIM
    phone: str = ""
    serial: str = ""
    state: SimState = SimState.IN_STOCK
    """Where a card stands that was another installation's; in stock where a loan has it, until that loan comes too."""
    rests_until: date | None = None

    def tidied(self) -> NewSim:
        number = tidy_iccid(self.iccid) if self.kind is not SimKind.VOUCHER else self.iccid.strip()
        return replace(
            self,
            iccid=number,
            network=self.network.strip(),
            phone=tidy_phone(self.phone),
            serial=self.serial.strip(),
            state=SimState.IN_STOCK if self.state in LENT else self.state,
        )

    def problems(self) -> dict[str, str]:
        """A sentence for each part that cannot be used, once tidied."""
        found = {
            "iccid": number_problem(self.kind, self.iccid) or "",
            "network": "" if 0 < len(self.network) <= 40 else "Enter the network's name.",
            "phone": phone_problem(self.phone) or "",
            "serial": "" if len(self.serial) <= 40 else "Enter at most 40 letters.",
        }
        return {field: sentence for field, sentence in found.items() if sentence}


def stock(
    session: Session, *, hub_id: int, today: date, person_id: int | None = None, limit: int = 100
) -> Sequence[tuple[Sim, DataBundle | None]]:
    """A hub's SIMs that may be reserved for this person, those with live data first."""
    return queries.sims_in_stock(session, hub_id=hub_id, today=today, person_id=person_id, limit=limit)


def iccid_warning(iccid: str) -> str | None:
    """A doubt about a tidied ICCID. Some makers leave the check digit out, so it is a warning and never a refusal."""
    if luhn.is_valid(iccid):
        return None
    return "The number's check digit does not fit. Read it from the card once more."


def number_warning(sim: Sim) -> str | None:
    """The doubt about this SIM's number, until somebody has answered it."""
    if sim.kind is SimKind.VOUCHER or sim.number_answered:
        return None
    return iccid_warning(sim.iccid)


def add_sim(
    session: Session,
    *,
    hub_id: int,
    iccid: str,
    network: str,
    actor: Actor,
    happening: Happening,
    kind: SimKind = SimKind.SIM,
    phone: str = "",
    serial: str = "",
    state: SimState = SimState.IN_STOCK,
    rests_until: date | None = None,
) -> Sim:
    """Take one into stock, or on record as it stands where it was another installation's.

    Raises `BadInput`, or `SimAlreadyHere` saying how that one stands, or `PhoneAlreadyHere`.
    """
    before = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if before is not None:
        begin(session, before.sim_id, "added", happening)
        return get_sim(session, before.sim_id)
    new = NewSim(iccid, network, kind, phone, serial, state, rests_until).tidied()
    if new.problems():
        raise BadInput("The SIM was not added.", fields=new.problems())
    _refuse_known(session, new)
    sim = Sim(
        hub_id=hub_id,
        kind=new.kind,
        iccid=new.iccid,
        serial=new.serial,
        phone=new.phone or None,
        network=new.network,
        state=new.state,
        rests_until=_later(new.rests_until, _number_rests(session, new.phone, happening)),
        created_at=happening.now,
        changed_at=happening.now,
    )
    session.add(sim)
    session.flush()
    known_as = sim.state.value.replace("_", " ")
    words = "Taken into stock" if sim.state is SimState.IN_STOCK else f"Came on record as it stood: {known_as}"
    note(session, sim, kind="added", words=words, actor=actor, happening=happening)
    return sim


def _refuse_known(session: Session, new: NewSim, *, but: int | None = None) -> None:
    other = card_on_record(session, new.iccid, but=but)
    if other is not None:
        raise SimAlreadyHere(
            f"This SIM is on record already: it is {state_words(other.state).lower()}. Nothing was added.",
            next_step="Open that one; if the number was mistyped, read it from the card once more.",
            details={"sim_id": other.id},
        )
    lives = new.state not in OUT_OF_USE
    same = queries.live_sim_by_phone(session, new.phone) if new.phone and lives else None
    if same is not None and same.id != but:
        raise PhoneAlreadyHere(
            f"Nothing was changed. {name_of(same)} has this phone number.",
            next_step="Read the number once more; if the network gave it again, record the other SIM as destroyed.",
            details={"sim_id": same.id},
        )


def _number_rests(session: Session, phone: str, happening: Happening) -> date | None:
    """Until when this phone number rests, because somebody had it on a card that is over (rule R29)."""
    until = queries.number_rests_until(session, phone) if phone else None
    return until if until is not None and until > local_date(happening.now) else None


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def answer_number(session: Session, sim_id: int, *, actor: Actor, happening: Happening) -> Sim:
    """Somebody read the number once more and it is printed so: the warning about its check digit is answered."""
    sim = begin(session, sim_id, "number_answered", happening)
    if sim is not None and not sim.number_answered:
        sim.number_answered = True
        words = "The number was read once more: it is printed so"
        note(session, sim, kind="number_answered", words=words, actor=actor, happening=happening)
    return get_sim(session, sim_id)


def correct_sim(
    session: Session,
    sim_id: int,
    *,
    iccid: str,
    network: str,
    phone: str,
    serial: str,
    actor: Actor,
    happening: Happening,
) -> Sim:
    """Set right what was read or typed wrongly. Raises as `add_sim` does."""
    sim = begin(session, sim_id, "corrected", happening)
    if sim is None:
        return get_sim(session, sim_id)
    new = NewSim(iccid, network, sim.kind, phone, serial, sim.state).tidied()
    if new.problems():
        raise BadInput("Nothing was changed.", fields=new.problems())
    _refuse_known(session, new, but=sim.id)
    changed = [
        name for name in ("iccid", "network", "phone", "serial") if (getattr(sim, name) or "") != getattr(new, name)
    ]
    if "iccid" in changed:
        sim.number_answered = False
    if "phone" in changed:
        rests = _number_rests(session, new.phone, happening)
        if sim.state is SimState.IN_STOCK:
            sim.rests_until = rests
        elif sim.state is SimState.QUARANTINED and rests is not None:
            sim.rests_until = _later(rests, sim.rests_until)
    sim.iccid, sim.network, sim.phone, sim.serial = new.iccid, new.network, new.phone or None, new.serial
    if changed:
        words = f"Set right: {', '.join(_SAID[name] for name in changed)}"
        note(session, sim, kind="corrected", words=words, actor=actor, happening=happening)
    return sim


_SAID = {"iccid": "the number", "network": "the network", "phone": "the phone number", "serial": "the serial"}

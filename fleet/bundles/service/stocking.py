"""A delivery of SIM cards from the network's own list: looked through first, then taken in whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fleet.bundles import queries
from fleet.bundles.csv_file import Line, iccid_in, read_lines
from fleet.bundles.models import Sim
from fleet.bundles.rules import SecretKind, SimKind, secret_problem
from fleet.bundles.service.secrets import keep_secrets
from fleet.bundles.service.stock import NewSim, add_sim, iccid_warning
from fleet.bundles.service.using import RowsRefused
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.users.actor import Actor

MOST_CARDS = 1000
CARD_COLUMNS = ("iccid", "network")
_KNOWN = (*CARD_COLUMNS, "kind", "phone", "serial", "pin", "puk")


@dataclass(frozen=True)
class CheckedCard:
    """One row against the books. `doubt` is no reason to refuse it: somebody answers it on the card's page."""

    line: int
    new: NewSim
    secrets: Mapping[SecretKind, str]
    problem: str
    doubt: str = ""


def check_stock_file(session: Session, text: str) -> tuple[CheckedCard, ...]:
    """A list of cards against the books, nothing taken in. Raises `BadInput` when it is no such file."""
    lines = read_lines(text, needed=CARD_COLUMNS, known=_KNOWN, most=MOST_CARDS)
    read = [_card(line) for line in lines]
    known = queries.sims_by_iccid(session, [card.new.iccid for card in read])
    phones = queries.live_phones(session, [card.new.phone for card in read if card.new.phone])
    seen: set[str] = set()
    return tuple(_against_the_books(card, known, phones, seen) for card in read)


def _card(line: Line) -> CheckedCard:
    number, problem = iccid_in(line.get("iccid"))
    kind = line.get("kind").lower() or SimKind.SIM.value
    if kind not in list(SimKind) or kind == SimKind.VOUCHER:
        problem = problem or f"“{kind[:20]}” is no kind; write sim, esim or mifi."
        kind = SimKind.SIM.value
    new = NewSim(number, line.get("network"), SimKind(kind), line.get("phone"), line.get("serial")).tidied()
    secrets = {each: line.get(each.value) for each in (SecretKind.PIN, SecretKind.PUK) if line.get(each.value)}
    faults = [*new.problems().values(), *(secret_problem(each, text) for each, text in secrets.items())]
    problem = problem or next((fault for fault in faults if fault), "")
    return CheckedCard(line.number, new, secrets, problem, iccid_warning(number) or "" if number else "")


def _against_the_books(
    card: CheckedCard, known: Mapping[str, Sim], phones: frozenset[str], seen: set[str]
) -> CheckedCard:
    problem = card.problem
    if not problem and card.new.iccid in known:
        problem = "This card is on record already."
    if not problem and card.new.phone in phones:
        problem = "Another card on record has this phone number."
    if not problem and ({card.new.iccid, card.new.phone} - {""}) & seen:
        problem = "A line above has this number too."
    seen.update({card.new.iccid, card.new.phone} - {""})
    return CheckedCard(card.line, card.new, card.secrets, problem, card.doubt)


def import_stock(
    session: Session, text: str, *, hub_id: int, actor: Actor, settings: Settings, happening: Happening
) -> int:
    """Take every card of a list into stock, with its PIN and PUK sealed, or none; how many. Raises `RowsRefused`."""
    checked = check_stock_file(session, text)
    refused = [each for each in checked if each.problem]
    if refused or not checked:
        rows: list[dict[str, object]] = [{"line": each.line, "problem": each.problem} for each in refused[:200]]
        what = f"{len(refused)} of {len(checked)} rows cannot be used" if checked else "The file has no rows"
        raise RowsRefused(
            f"Nothing was taken in. {what}.", next_step="Set the rows right and send the file again.", rows=rows
        )
    for card in checked:
        new = card.new
        sim = add_sim(
            session,
            hub_id=hub_id,
            iccid=new.iccid,
            network=new.network,
            kind=new.kind,
            phone=new.phone,
            serial=new.serial,
            actor=actor,
            happening=happening,
        )
        if card.secrets:
            keep_secrets(session, sim.id, card.secrets, actor=actor, settings=settings, happening=happening)
    return len(checked)

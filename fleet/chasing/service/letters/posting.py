"""Saying that printed letters were posted, and pulling out those that must not be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import ChaseLetter
from fleet.chasing.queries import letters as kept
from fleet.chasing.rules import Action, ChaseMove, ChaseState, Decision, short_day
from fleet.chasing.service import ledger
from fleet.chasing.service.claiming import Held
from fleet.chasing.service.deciding import decision_about_letter
from fleet.chasing.service.letters.printing import KeptBack, held_letter
from fleet.clock import local_date
from fleet.errors import BadInput, Conflict
from fleet.settings import Settings
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Posted:
    """What was posted, and what must be pulled out of the stack instead."""

    letters: tuple[int, ...]
    pull_out: tuple[KeptBack, ...]


def post_letters(
    session: Session,
    chosen: Collection[int],
    *,
    on: date,
    actor: Actor,
    now: datetime,
    settings: Settings,
    gone_already: bool = False,
) -> Posted:
    """Somebody posted these letters on that day. One that must not be posted any more is left as it is and told of,
    unless it is `gone_already`: then the ledger says what happened. Raises `BadInput` for a day that cannot be."""
    done, back = [], []
    for chase_id in sorted(chosen):
        held = held_letter(session, chase_id, now=now, settings=settings)
        if held is None or held.chase.state is not ChaseState.PRINTED:
            continue
        row = kept.printed(session, [chase_id]).get(chase_id)
        _check_day(on, row, held, now)
        refused = _refused(held)
        if refused is not None and not gone_already:
            back.append(KeptBack(chase_id, held.chase.loan_id, refused.why))
            continue
        _post(session, held, row, on, actor=actor, now=now)
        done.append(chase_id)
    return Posted(tuple(done), tuple(back))


def pull_out(session: Session, chase_id: int, *, now: datetime, settings: Settings) -> ChaseState:
    """Take a letter out of the queue, or its paper out of the stack; how its entry stands then. Where the reason passes
    it comes again; a letter that nothing speaks against is over. Raises `Conflict` where it is in no queue."""
    held = held_letter(session, chase_id, now=now, settings=settings)
    if held is None:
        raise Conflict(
            f"Nothing was changed. Letter {chase_id} is not in the queue.", next_step="Reload the page to see why."
        )
    refused = _refused(held)
    why = f"{refused.why}." if refused is not None else "somebody took it out of the queue."
    for entry, situation in ((held.chase, held.situation), *held.along):
        own = decision_about_letter(situation, entry)
        over = own.action is Action.NEVER or refused is None
        name = ChaseMove.WITHDRAW if over else ChaseMove.FAIL
        ledger.move(session, entry, name, now=now, note=f"Not posted: {why}")
        ledger.stand_alone(session, entry)
    return held.chase.state


def _refused(held: Held) -> Decision | None:
    """The first reason why the paper must not be posted, of all that stands on it."""
    decisions = (decision_about_letter(each, entry) for entry, each in ((held.chase, held.situation), *held.along))
    return next((each for each in decisions if each.action is not Action.MESSAGE), None)


def _check_day(on: date, row: ChaseLetter | None, held: Held, now: datetime) -> None:
    zone = ZoneInfo(held.situation.hub.time_zone)
    printed = local_date(row.printed_at, zone) if row is not None else held.chase.message_day or on
    if not printed <= on <= local_date(now, zone):
        words = f"Enter a day from {short_day(printed)}, when letter {held.chase.id} was printed, to today."
        raise BadInput("Nothing was changed.", fields={"on": words})


def _post(session: Session, held: Held, row: ChaseLetter | None, on: date, *, actor: Actor, now: datetime) -> None:
    for entry in held.entries:
        ledger.move(session, entry, ChaseMove.POST, now=now)
        taken = queries.message_days(session, [entry.person_id], on, besides=held.chase.id)
        if on not in taken.get(entry.person_id, ()):
            ledger.take_day(session, entry, on)
    if row is None:  # put back after a restore: nobody knows who printed it
        row = ChaseLetter(chase_id=held.chase.id, print_ref="", printed_at=now, printed_by="")
        session.add(row)
    row.posted_on, row.posted_by = on, actor.name
    session.flush()

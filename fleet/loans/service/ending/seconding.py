"""What needs a second person: asked for by one, agreed to or turned down by another, and done only then.

A loss is asked for in `losing`. Deciding locks tablet, loan, SIM and person first and the look itself last.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, there
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import SecondLook
from fleet.loans.rules import Asked, LoanMove, LookKind, why_not_agree, why_not_decide
from fleet.loans.service.ending.losing import lose, loss_of
from fleet.loans.service.ending.stopping import take_death_back
from fleet.loans.service.writer.locks import Locked, get_loan, lock, look
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.several import lock_all
from fleet.people import service as people
from fleet.people.models import Person
from fleet.settings import Settings
from fleet.users.actor import Actor

LONGEST_REASON = 500
_MOVED_ON = "More has happened to this loan since it was asked for, so there is nothing to agree to any more."
_ALIVE = "No death is on record for this person any more."
_ERASED = "The record was erased since."


def ask_death_back(session: Session, person_id: int, *, actor: Actor, happening: Happening) -> SecondLook:
    """Somebody says that the recorded death is a mistake; `happening.reason` says how they know. Everything stays
    stopped until a second person agrees. Raises `BadInput`, and `Conflict` where there is nothing to take back."""
    person = people.lock_person(session, person_id)
    reason = happening.reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise BadInput(
            "Nothing was changed.", fields={"reason": f"Say how you know, in at most {LONGEST_REASON} letters."}
        )
    gone, waits = _death_gone(person), queries.open_look_of_person(session, person_id)
    if gone or waits is not None or actor.user_id is None:
        by_whom = f"{waits.asked_by} asked for it already." if waits is not None else "A person has to ask for it."
        raise Conflict(f"Nothing was changed. {gone or by_whom}", next_step="Look at the person’s page.")
    asked = SecondLook(
        kind=LookKind.DEATH_TAKEN_BACK,
        person_id=person_id,
        reason=reason,
        asked_at=happening.now,
        asked_by_id=actor.user_id,
        asked_by=actor.name,
        asked_role=actor.role.value,
    )
    session.add(asked)
    people.note_doubt(session, person, "asked", actor=actor, happening=happening)
    session.flush()
    return asked


def get_look(session: Session, look_id: int) -> SecondLook:
    """Raises `NotFound`."""
    return there(
        queries.look(session, look_id),
        "Nothing with this number waits for a second person.",
        next_step="Look at the list of what does.",
    )


def agree(session: Session, look_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> SecondLook:
    """A second person agrees, and it is done. The same person agreeing again changes nothing.

    Raises `Conflict` when they asked for it themselves, somebody decided already, or more has happened since.
    """
    asked, held = _locked(session, look_id)
    if asked.agreed and asked.decided_by_id == actor.user_id:
        return asked
    refusal = why_not_agree(_facts(session, asked, held), actor_id=actor.user_id)
    if refusal is not None:
        raise Conflict(f"Nothing was changed. {refusal}", next_step="Look at the list of what waits.")
    _decide(asked, True, actor=actor, happening=happening)
    if held is not None:
        lose(session, held, asked, actor=actor, settings=settings, happening=happening)
    else:
        take_death_back(session, asked, actor=actor, happening=happening)
    session.flush()
    return asked


def turn_down(session: Session, look_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> SecondLook:
    """It stays as it is. Whoever asked may say so too: then it is called off. Raises `Conflict` once it is decided."""
    asked, held = _locked(session, look_id)
    refusal = why_not_decide(_facts(session, asked, held))
    if refusal is not None:
        raise Conflict(f"Nothing was changed. {refusal}", next_step="Look at the list of what waits.")
    _decide(asked, False, actor=actor, happening=happening)
    if held is not None:
        words = "It is not recorded as lost: it stays as it was"
        note(session, held.loan, kind="loss_turned_down", words=words, actor=actor, happening=happening)
    else:
        person = people.get_person(session, asked.person_id)
        people.note_doubt(session, person, "turned_down", actor=actor, happening=happening)
    session.flush()
    return asked


def overtaken(session: Session, asked: SecondLook) -> str:
    """Why nothing is left to agree to, as a sentence; empty while there is."""
    held = look(session, get_loan(session, asked.loan_id)) if asked.loan_id is not None else None
    return _overtaken(session, asked, held)


def _locked(session: Session, look_id: int) -> tuple[SecondLook, Locked | None]:
    """The look, with the loan that it is about; None for one about a person, whose loans are then locked."""
    seen = get_look(session, look_id)
    held = None
    if seen.loan_id is not None:
        held = lock(session, seen.loan_id)
    else:
        lock_all(session, queries.unended_loan_ids_of_person(session, seen.person_id))
        people.lock_person(session, seen.person_id)
    asked = queries.look_locked(session, look_id)
    assert asked is not None
    return asked, held


def _facts(session: Session, asked: SecondLook, held: Locked | None) -> Asked:
    return Asked(
        asked_by_id=asked.asked_by_id,
        asked_by=asked.asked_by,
        decided=asked.decided_at is not None,
        decided_by=asked.decided_by,
        overtaken=_overtaken(session, asked, held),
    )


def _overtaken(session: Session, asked: SecondLook, held: Locked | None) -> str:
    if asked.kind is LookKind.DEATH_TAKEN_BACK or held is None:
        return _death_gone(people.get_person(session, asked.person_id))
    now = loss_of(held, of_swap=asked.move is LoanMove.LOSE_SWAP)
    return "" if (now.move, now.tablet_id) == (asked.move, asked.tablet_id) and now.tablet_id else _MOVED_ON


def _death_gone(person: Person) -> str:
    if person.erased_at is not None:
        return _ERASED
    return "" if person.deceased_on is not None else _ALIVE


def _decide(asked: SecondLook, agreed: bool, *, actor: Actor, happening: Happening) -> None:
    asked.agreed, asked.decided_at = agreed, happening.now
    asked.decided_by_id, asked.decided_by = actor.user_id, actor.name

"""The locked read that every act on a consignment begins with, and the log that it ends with."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.errors import Conflict, there
from fleet.happening import Happening
from fleet.recycling import queries
from fleet.recycling.models import Consignment, ConsignmentEvent
from fleet.recycling.rules import ConsignmentState
from fleet.recycling.words import STATE_WORDS, number_of
from fleet.users.actor import Actor


class ConsignmentActUsedBefore(Conflict):
    """A client id was sent before, for something else."""

    code = "consignment_act_used_before"


def get_consignment(session: Session, consignment_id: int) -> Consignment:
    """Raises `NotFound`."""
    return _known(queries.consignment(session, consignment_id))


def begin(session: Session, consignment_id: int, kind: str, happening: Happening) -> tuple[Consignment, bool]:
    """The consignment, locked for one act, and whether this very act was told before.

    Tablets that an act touches are locked after it: nothing else locks a consignment. Raises `NotFound`, and
    `ConsignmentActUsedBefore` where the client's own id was sent for something else.
    """
    found = _known(queries.consignment_locked(session, consignment_id))
    before = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if before is not None and (before.consignment_id, before.kind) != (consignment_id, kind):
        raise ConsignmentActUsedBefore(
            "Nothing was changed. This id was used before, for something else.",
            next_step="Send it again with an id of its own.",
        )
    return found, before is not None


def must_be_open(consignment: Consignment) -> None:
    """Raises `Conflict` where its contents and words are settled."""
    if consignment.state is not ConsignmentState.OPEN:
        state = STATE_WORDS[consignment.state].word.lower()
        raise Conflict(
            f"Nothing was changed. Consignment {number_of(consignment.id)} is not open: {state}.",
            next_step="Open it again first, or begin another one.",
        )


def log(
    session: Session, consignment: Consignment, kind: str, words: str, *, actor: Actor, happening: Happening
) -> None:
    """Add to its log, and remember when it changed."""
    consignment.changed_at = happening.now
    session.add(
        ConsignmentEvent(
            consignment_id=consignment.id,
            kind=kind,
            words=words[:200],
            reason=happening.reason.strip(),
            details=dict(happening.details),
            **actor.signature(),
            **happening.told(),
        )
    )
    session.flush()


def _known(found: Consignment | None) -> Consignment:
    return there(found, "There is no such consignment.", next_step="Look for it in the list under recycling.")

"""What people answered: nothing more is sent to them, and nobody rings, until somebody has read it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import ChaseReply
from fleet.errors import BadInput, there
from fleet.happening import Happening
from fleet.people import service as people
from fleet.users.actor import Actor

LONGEST_REPLY = 2000


def note_reply(
    session: Session, person_id: int, *, channel: str, words: str, actor: Actor, happening: Happening
) -> ChaseReply:
    """Write down an answer, whoever it came to. The same client id changes nothing.

    Raises `BadInput`, `NotFound`, and `Conflict` for somebody who was erased.
    """
    told = queries.reply_by_client_id(session, happening.client_id) if happening.client_id else None
    if told is not None:
        return told
    if not 0 < len(words.strip()) <= LONGEST_REPLY:
        raise BadInput(
            "The answer was not kept.", fields={"words": f"Write what they said, in up to {LONGEST_REPLY:,} letters."}
        )
    person = people.lock_person(session, person_id)
    people.refuse_erased(person)
    reply = ChaseReply(
        person_id=person.id,
        channel=channel[:20],
        words=words.strip(),
        received_at=happening.client_at or happening.now,
        noted_by=actor.name,
        client_id=happening.client_id,
    )
    session.add(reply)
    session.flush()
    return reply


def read_reply(session: Session, reply_id: int, *, actor: Actor, happening: Happening) -> ChaseReply:
    """Somebody has read it: the ladder goes on with the next tick. Read twice is read once. Raises `NotFound`."""
    reply = there(
        queries.reply(session, reply_id), "There is no such answer.", next_step="Look for it on the loan's page."
    )
    if reply.read_at is None:
        reply.read_at, reply.read_by = happening.now, actor.name
        session.flush()
    return reply

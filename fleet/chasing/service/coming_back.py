"""Messages that left and did not arrive: what a way out tells of them afterwards becomes a person's task."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel, ChannelFailed, ChannelUnsure, NotArrived, Receipts
from fleet.chasing.rules import ChaseMove, ChaseState
from fleet.chasing.service import ledger
from fleet.chasing.service.apart import apart
from fleet.chasing.service.claiming import locked_message
from fleet.chasing.service.sending import to_a_person
from fleet.clock import Clock, local_date
from fleet.database.session import Database
from fleet.settings import Settings

LATEST = timedelta(days=10)
"""After this long a task about an old message helps nobody; GOV.UK Notify tells of a week."""


def note_come_back(database: Database, channel: Channel, clock: Clock, settings: Settings, troubled: list[int]) -> int:
    """Give to a person what did not arrive; how many messages that were. What cannot be asked now is asked with the
    next tick."""
    if not isinstance(channel, Receipts):
        return 0
    since = local_date(clock() - LATEST)
    with database.read() as session:
        if not queries.any_sent_since(session, since):
            return 0
    try:
        told = {each.reference: each for each in channel.not_arrived()}
    except (ChannelUnsure, ChannelFailed):
        return 0
    with database.read() as session:
        sent = queries.sent_by_reference(session, list(told), since)
    given = 0
    for chase_id, reference in sent:
        with apart(troubled, chase_id, "entry"), database.write() as session:
            given += _give_to_a_person(session, chase_id, told[reference], settings, now=clock())
    return given


def _give_to_a_person(session: Session, chase_id: int, told: NotArrived, settings: Settings, *, now: datetime) -> bool:
    held = locked_message(session, chase_id, ChaseState.SENT, now=now, settings=settings)
    if held is None:
        return False
    for entry, situation in ((held.chase, held.situation), *held.along):
        ledger.move(session, entry, ChaseMove.COME_BACK, now=now, note=told.why)
        ledger.stand_alone(session, entry)
        to_a_person(session, situation, entry, now, because=told.why)
    return True

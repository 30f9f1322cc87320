"""Doing again, after a backup came back, what was erased since it was made (rule R31): before anything else runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from sqlalchemy.orm import Session

from fleet.clock import Clock
from fleet.database.session import Database
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.rules import ENDED, StopReason
from fleet.logs import get_logger
from fleet.people import service as people
from fleet.people.models import Person
from fleet.privacy import queries
from fleet.privacy.journal import Line, lines_of_all
from fleet.privacy.models import Erasure
from fleet.privacy.service.erasing import forget
from fleet.privacy.service.files import forget_files
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

_AT_ONCE = 500
_WHY = "Erased; a backup from before came back"

log = get_logger(__name__)


def replay(database: Database, settings: Settings, clock: Clock) -> int:
    """Erase again whoever is in the journal and came back; how many that were. Raises `JournalUnreadable`.

    A loan that is open in the backup is not waited for: its person is gone from it, and it is never chased again; the
    tablet comes back by its label. Files that came back by themselves are deleted as well.
    """
    told = lines_of_all(settings.erasure_journals)
    again = 0
    while some := tuple(islice(told, _AT_ONCE)):
        with database.read() as session:
            back = _those_who_came_back(session, some)
            gone = [line.person_id for line in some if line not in back]
            forget_files(session, _erased(session, gone), settings)
        for line in back:
            with database.write() as session:
                _erase_again(session, line, settings, Happening(now=clock(), source="system", reason=_WHY))
        again += len(back)
    if again:
        log.warning("erased_again_after_a_restore", count=again)
    return again


def _those_who_came_back(session: Session, told: Sequence[Line]) -> list[Line]:
    """Those whose record is there, is the same one and not somebody's who was given the number since, and is full."""
    found = people.people_by_id(session, [line.person_id for line in told])
    return [
        line
        for line in told
        if (person := found.get(line.person_id)) is not None
        and person.created_at == line.recorded_at
        and person.erased_at is None
    ]


def _erased(session: Session, person_ids: Sequence[int]) -> Sequence[int]:
    found = people.people_by_id(session, person_ids)
    return [number for number, person in found.items() if person.erased_at is not None]


def _erase_again(session: Session, line: Line, settings: Settings, happening: Happening) -> None:
    for loan in loans.loans_of_person(session, line.person_id):
        if loan.state not in ENDED:
            loans.stop_contact(
                session, loan.id, StopReason.WITHDREW, actor=SYSTEM, settings=settings, happening=happening
            )
    person: Person = people.lock_person(session, line.person_id)
    erasure = queries.open_erasure(session, person.id)
    if erasure is None:
        erasure = Erasure(
            person_id=person.id, why=line.why, asked_at=line.erased_at, asked_by=SYSTEM.name, role=SYSTEM.role.value
        )
        session.add(erasure)
    forget(session, person, at=line.erased_at, settings=settings)
    erasure.done_at = line.erased_at
    people.note_erasure(session, person, "again", actor=SYSTEM, happening=happening)

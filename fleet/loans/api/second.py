"""What needs a second person, over HTTP; and that somebody has died, which needs one to be taken back."""

from __future__ import annotations

from fastapi import Depends
from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Recorder, Seconder
from fleet.loans.models import SecondLook
from fleet.loans.schemas import DeathIn, DeathOut, SecondLookList, SecondLookOut, TakeBackIn
from fleet.users.access import may
from fleet.users.rules import Permission

router = ApiRouter(prefix="/second-looks", tags=["loans"])
deaths = ApiRouter(prefix="/people", tags=["people"])
_decides = [Depends(may(Permission.SECOND_LOOKS_DECIDE))]


def shown_look(session: Session, look: SecondLook) -> SecondLookOut:
    over = "" if look.decided_at is not None else service.overtaken(session, look)
    return SecondLookOut.model_validate(look).model_copy(update={"overtaken": over})


@router.get("", dependencies=_decides, responses=responses())
def list_looks(session: ReadSession, query: Listed) -> SecondLookList:
    """What waits for a second person, the oldest first. With `open=no` also what was decided."""
    found = queries.find_looks(session, query)
    items = [shown_look(session, look) for look in found.items]
    return SecondLookList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.get("/{look_id}", dependencies=_decides, responses=responses(404))
def see_look(look_id: RowId, session: ReadSession) -> SecondLookOut:
    """One thing that waits for a second person, or did."""
    return shown_look(session, service.get_look(session, look_id))


@router.post("/{look_id}/agree", responses=responses(404, 409))
def agree(
    look_id: RowId, session: WriteSession, actor: Seconder, settings: SettingsDep, clock: ClockDep
) -> SecondLookOut:
    """Agree to it, and it is done. Refused to whoever asked for it."""
    happening = Happening(now=clock(), source="api")
    return shown_look(session, service.agree(session, look_id, actor=actor, settings=settings, happening=happening))


@router.post("/{look_id}/turn-down", responses=responses(404, 409))
def turn_down(
    look_id: RowId, session: WriteSession, actor: Seconder, settings: SettingsDep, clock: ClockDep
) -> SecondLookOut:
    """Leave it as it is. Whoever asked for it calls it off this way."""
    happening = Happening(now=clock(), source="api")
    return shown_look(session, service.turn_down(session, look_id, actor=actor, settings=settings, happening=happening))


@deaths.post("/{person_id}/death", responses=responses(404, 409))
def record_death(
    person_id: RowId, asked: DeathIn, session: WriteSession, actor: Recorder, settings: SettingsDep, clock: ClockDep
) -> DeathOut:
    """The person has died: all contact stops at once, and what has not gone out to them is cancelled."""
    happening = Happening(now=clock(), source="api")
    person = service.record_death(session, person_id, on=asked.on, actor=actor, settings=settings, happening=happening)
    return DeathOut(person_id=person.id, deceased_on=person.deceased_on)


@deaths.post("/{person_id}/death/take-back", status_code=202, responses=responses(404, 409))
def ask_death_back(
    person_id: RowId, asked: TakeBackIn, session: WriteSession, actor: Recorder, clock: ClockDep
) -> SecondLookOut:
    """Say that the recorded death is a mistake. Everything stays stopped until somebody else agrees, at
    `/second-looks/{look_id}/agree`."""
    happening = Happening(now=clock(), source="api", reason=asked.reason)
    return shown_look(session, service.ask_death_back(session, person_id, actor=actor, happening=happening))

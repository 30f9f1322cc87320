"""Requests, loans and returns over HTTP: enough for a program to go the whole way from the asking to the shelf."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from fleet.errors import BadInput, NotFound
from fleet.happening import Happening
from fleet.http.acts import ReasonedAct
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.models import Loan
from fleet.loans.schemas import (
    AllocateIn,
    DeclineIn,
    DueVersionOut,
    ExtendIn,
    HandOverIn,
    InspectIn,
    LoanEventOut,
    LoanList,
    LoanMoveIn,
    LoanOut,
    RequestIn,
    RequestList,
    RequestOut,
    ReturnOut,
    SafeIn,
    StopIn,
    SwapDoneIn,
    SwapIn,
    TakenBackIn,
)
from fleet.loans.seeing import as_referrer, gather
from fleet.loans.words import status_line
from fleet.partners.service import get_hub
from fleet.people import service as people
from fleet.people.sight import is_own
from fleet.tablets.service import get_tablet
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

requests = APIRouter(prefix="/requests", tags=["requests"])
loans = APIRouter(prefix="/loans", tags=["loans"])
returns = APIRouter(prefix="/returns", tags=["returns"])

LoanId = RowId
TabletId = RowId
Decider = Annotated[Actor, Depends(may(Permission.LOANS_DECIDE))]
Technician = Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))]
Requester = Annotated[Actor, Depends(may(Permission.REQUESTS_MAKE))]
_see = [Depends(may(Permission.LOANS_SEE))]


def shown(session: Session, loan: Loan, clock: ClockDep) -> LoanOut:
    seen = gather(session, loan, now=clock())
    more = {
        "tablet_id": seen.tablet.id if seen.tablet else None,
        "sim_id": seen.sim.id if seen.sim else None,
        "days_late": seen.days_late,
        "warnings": list(seen.warnings),
    }
    return LoanOut.model_validate(loan).model_copy(update=more)


@requests.post("", status_code=201, responses=responses(404, 409, 503))
def make_request(
    asked: RequestIn, session: WriteSession, actor: Requester, settings: SettingsDep, clock: ClockDep
) -> RequestOut:
    """Ask for a tablet for somebody. A referrer's people are their own organisation's."""
    happening = asked.happening(clock())
    person_id, warnings = _person_of(session, asked, actor, happening)
    loan = service.request_loan(
        session,
        person_id=person_id,
        programme_id=asked.programme_id,
        cohort_id=asked.cohort_id,
        safe_at_home=asked.safe_at_home,
        barriers=asked.barriers,
        referrer_id=as_referrer(actor),
        actor=actor,
        settings=settings,
        happening=happening,
    )
    return RequestOut(id=loan.id, status=status_line(loan), requested_at=loan.requested_at, warnings=list(warnings))


def _person_of(session: Session, asked: RequestIn, actor: Actor, happening: Happening) -> tuple[int, tuple[str, ...]]:
    """The person on record, or recorded by this very request."""
    if (asked.person is None) == (asked.person_id is None):
        raise BadInput(
            "The request was not made.", fields={"person": "Send the person, or the number of one on record."}
        )
    if asked.person_id is not None:
        person = people.get_person(session, asked.person_id)
        if as_referrer(actor) is not None and not is_own(person, actor):
            raise NotFound("There is no such person.", next_step="Send the person's details instead.")
        return person.id, ()
    assert asked.person is not None
    hub_id = get_hub(session).id
    recorded = people.add_person(
        session,
        asked.person.details(),
        hub_id=hub_id,
        actor=actor,
        happening=happening,
        referrer_id=as_referrer(actor),
    )
    if as_referrer(actor) is None:
        return recorded.person.id, recorded.warnings
    if not is_own(recorded.person, actor):  # another organisation's program numbers its requests in the same way
        raise service.IdUsedBefore(
            "Nothing was changed. This id was used before, for something else.",
            next_step="Send it again with an id of its own.",
        )
    return recorded.person.id, recorded.doubts


@requests.get("", responses=responses())
def list_requests(
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.REQUESTS_SEE))],
) -> RequestList:
    """Requests with one line of status each; a referrer sees those of their own organisation."""
    found = queries.find_loans(session, query, referrer_id=as_referrer(actor))
    items = [RequestOut(id=each.id, status=status_line(each), requested_at=each.requested_at) for each in found.items]
    return RequestList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@loans.get("", dependencies=_see, responses=responses())
def list_loans(session: ReadSession, query: Listed, clock: ClockDep) -> LoanList:
    """Loans, a page at a time. Filters: `state`, `open=yes`, `programme`, `cohort`, `person`, `q`."""
    found = queries.find_loans(session, query)
    items = [shown(session, loan, clock) for loan in found.items]
    return LoanList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@loans.get("/{loan_id}", dependencies=_see, responses=responses(404))
def see_loan(loan_id: LoanId, session: ReadSession, clock: ClockDep) -> LoanOut:
    """One loan as it stands."""
    return shown(session, service.get_loan(session, loan_id), clock)


@loans.get("/{loan_id}/events", dependencies=_see, responses=responses(404))
def list_events(loan_id: LoanId, session: ReadSession) -> list[LoanEventOut]:
    """What happened to a loan, newest first, at most 200 entries."""
    service.get_loan(session, loan_id)
    return [LoanEventOut.model_validate(event) for event in queries.events(session, loan_id)]


@loans.get("/{loan_id}/due-dates", dependencies=_see, responses=responses(404))
def list_due_dates(loan_id: LoanId, session: ReadSession) -> list[DueVersionOut]:
    """Every due date the loan was given, the original one first."""
    service.get_loan(session, loan_id)
    return [DueVersionOut.model_validate(each) for each in queries.due_versions(session, loan_id)]


@loans.post("/{loan_id}/moves", responses=responses(404, 409))
def move_loan(
    loan_id: LoanId, asked: LoanMoveIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Move a loan: approve, wait, cancel, undo_allocation, dispatch, arrange_return, cancel_return, gift, lose."""
    happening = asked.happening(clock())
    loan = service.press(session, loan_id, asked.move, actor=actor, settings=settings, happening=happening)
    return shown(session, loan, clock)


@loans.post("/{loan_id}/safe-at-home", responses=responses(404, 409))
def answer_safe(
    loan_id: LoanId, asked: SafeIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Write down whether it is safe to bring a tablet to the person's home."""
    loan = service.answer_safe_at_home(
        session, loan_id, asked.answer, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)


@loans.post("/{loan_id}/decline", responses=responses(404, 409))
def decline(
    loan_id: LoanId, asked: DeclineIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Say no."""
    loan = service.decline(
        session, loan_id, asked.why, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)


@loans.post("/{loan_id}/allocate", responses=responses(404, 409))
def allocate(
    loan_id: LoanId, asked: AllocateIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Keep a tablet and a SIM for the loan. A tablet without a verified wipe newer than its last return is refused."""
    loan = service.allocate(
        session,
        loan_id,
        tablet_id=asked.tablet_id,
        sim_id=asked.sim_id,
        due_on=asked.due_on,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@loans.post("/{loan_id}/extend", responses=responses(404, 409))
def extend(
    loan_id: LoanId, asked: ExtendIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Give the person longer: a new due date, with why; every earlier one stays on record."""
    loan = service.extend(
        session,
        loan_id,
        due_on=asked.due_on,
        override_cap=asked.override_cap,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@loans.post("/{loan_id}/hand-over", responses=responses(404, 409))
def hand_over(
    loan_id: LoanId, asked: HandOverIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """The person has the tablet; `due_on` in the answer is what to tell them."""
    loan = service.hand_over(
        session,
        loan_id,
        tablet_id=asked.tablet_id,
        handed_to=asked.handed_to,
        agreement_accepted=asked.agreement_accepted,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@loans.post("/{loan_id}/swap", responses=responses(404, 409))
def arrange_swap(
    loan_id: LoanId, asked: SwapIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Arrange a swap: the loan goes on, and another tablet is kept for it. Then put it on a courier's run
    (`POST /api/v1/courier-runs/{run_id}/jobs`) or do it at the hub (`swap/done`); `call_off_swap` is a move."""
    loan = service.arrange_swap(
        session,
        loan_id,
        tablet_id=asked.tablet_id,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@loans.post("/{loan_id}/swap/done", responses=responses(404, 409))
def swap_at_hub(
    loan_id: LoanId, asked: SwapDoneIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """The swap was done at the hub's counter: both labels scanned there. `due_on` is as it was."""
    loan = service.swap_at_hub(
        session,
        loan_id,
        tablet_id=asked.tablet_id,
        brought_id=asked.brought_id,
        handed_to=asked.handed_to,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
        seen={"condition": asked.condition, "sim_in_tray": asked.sim_in_tray, "kit_missing": asked.kit_missing},
    )
    return shown(session, loan, clock)


@loans.post("/{loan_id}/stop", responses=responses(404, 409))
def stop(
    loan_id: LoanId, asked: StopIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """All automatic contact stops at once; for a death, on every loan of the person."""
    loan = service.stop_contact(
        session, loan_id, asked.why, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)


def _returned(session: Session, tablet_id: int, loan: Loan | None) -> ReturnOut:
    return ReturnOut(
        tablet_id=tablet_id,
        stage=get_tablet(session, tablet_id).stage.value,
        loan_id=loan.id if loan else None,
        loan_state=loan.state if loan else None,
    )


@returns.post("/{tablet_id}/hand-in", responses=responses(404, 409))
def hand_in(
    tablet_id: TabletId,
    asked: TakenBackIn,
    session: WriteSession,
    actor: Technician,
    settings: SettingsDep,
    clock: ClockDep,
) -> ReturnOut:
    """A tablet that is on loan was brought to the hub. The loan's clock stops."""
    loan = service.hand_in_tablet(
        session,
        tablet_id=tablet_id,
        condition=asked.condition,
        sim_in_tray=asked.sim_in_tray,
        kit_missing=asked.kit_missing,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _returned(session, tablet_id, loan)


@returns.post("/{tablet_id}/arrive", responses=responses(404, 409))
def arrive(
    tablet_id: TabletId,
    asked: ReasonedAct,
    session: WriteSession,
    actor: Technician,
    settings: SettingsDep,
    clock: ClockDep,
) -> ReturnOut:
    """A courier's tablet is scanned in at the hub: collected, or not delivered."""
    loan = service.scan_in(
        session, tablet_id=tablet_id, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return _returned(session, tablet_id, loan)


@returns.post("/{tablet_id}/inspect", responses=responses(404, 409))
def inspect(
    tablet_id: TabletId,
    asked: InspectIn,
    session: WriteSession,
    actor: Technician,
    settings: SettingsDep,
    clock: ClockDep,
) -> ReturnOut:
    """The tablet was looked over and wiped down; its loan closes. Its data is still there until the next wipe."""
    loan = service.inspect(
        session,
        tablet_id=tablet_id,
        condition=asked.condition,
        cleaned=asked.cleaned,
        sim_in_tray=asked.sim_in_tray,
        sim_seen=asked.sim_seen,
        stray_bagged=asked.stray_bagged,
        kit_missing=asked.kit_missing,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _returned(session, tablet_id, loan)


@returns.post("/{tablet_id}/found", responses=responses(404, 409))
def found(
    tablet_id: TabletId,
    asked: ReasonedAct,
    session: WriteSession,
    actor: Technician,
    settings: SettingsDep,
    clock: ClockDep,
) -> ReturnOut:
    """A lost tablet turned up and is at the hub."""
    loan = service.found(
        session, tablet_id=tablet_id, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return _returned(session, tablet_id, loan)

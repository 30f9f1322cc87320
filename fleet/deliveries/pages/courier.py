"""The courier's phone: today's stops, one stop, the label to scan or type, the ticks, and on to the next.

Works without scripts and with one thumb. A form carries the id of the fact it will tell, so that sending it twice
(a thumb that pressed twice, a page that was reloaded) tells it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.orm import Session

from fleet.deliveries import queries, service
from fleet.deliveries.api import Courier, Id
from fleet.deliveries.facts import Details, Fact
from fleet.deliveries.pages.phone import kept, on_a_phone, pages_of
from fleet.deliveries.rules import Action, Answer, Face, FailReason, JobKind, KitPart, Tick
from fleet.deliveries.service import Answered, SeenStop, Today
from fleet.deliveries.words import (
    CONDITION_WORDS,
    FACE_WORDS,
    FAIL_WORDS,
    HANDED_TO_WORDS,
    KIT_WORDS,
    NEEDED_WORDS,
    TICK_WORDS,
    job_tag,
)
from fleet.errors import NotFound
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans.rules import HandedTo
from fleet.loans.service import Condition
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = APIRouter(prefix="/run")

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TodayPage:
    today: Today
    tags: Mapping[int, StateTag]
    to_load: int
    on_board: int
    keep: tuple[str, ...]
    """The pages of this day that the phone keeps."""
    sequence: int
    """The courier's last count of facts as the hub knows it; a phone goes on from there."""
    title: str = "Today"


@dataclass(frozen=True)
class StopPage:
    """One stop. `refusal` is said in large words; `values` and `ticked` keep what was given. `at_door` offers the
    hand-over although no loading was told: whoever hands over had loaded."""

    title: str
    stop: SeenStop
    state: StateTag
    fact_id: str
    fail_id: str
    help_phone: str
    next_href: str
    next_text: str
    at_door: bool = False
    refusal: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()
    back_href: str = "/run"
    back_text: str = "Today"
    handed_to: Choices = tuple((each.value, HANDED_TO_WORDS[each]) for each in HandedTo)
    ticks: Choices = tuple((each.value, TICK_WORDS[each]) for each in Tick)
    conditions: Choices = tuple((each.value, CONDITION_WORDS[each]) for each in Condition)
    kit: Choices = tuple((each.value, KIT_WORDS[each]) for each in KitPart)
    needed: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: NEEDED_WORDS)
    fail_reasons: Choices = tuple((each.value, FAIL_WORDS[each]) for each in FailReason)


@dataclass(frozen=True)
class HubPage:
    """At the hub: what to take, what to bring back."""

    to_load: tuple[SeenStop, ...]
    on_board: tuple[SeenStop, ...]
    to_collect: tuple[SeenStop, ...]
    """Not with the courier yet; a phone without signal may know better."""
    load_id: str
    back_id: str
    refusal: str = ""
    code: str = ""
    title: str = "At the hub"
    back_href: str = "/run"
    back_text: str = "Today"


@dataclass(frozen=True)
class FacesPage:
    stop: SeenStop
    next_href: str
    next_text: str
    faces: Choices = tuple((each.value, FACE_WORDS[each]) for each in Face)
    title: str = "How was it?"
    back_href: str = "/run"
    back_text: str = "Today"


@router.get("")
def today_page(
    request: Request, session: ReadSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    today = service.today_of(session, actor=actor, settings=settings, now=clock())
    stops = _stops(today)
    page = TodayPage(
        today=today,
        tags={stop.job_id: job_tag(stop.state, stop.ended) for stop in stops},
        to_load=sum(stop.waits_at_hub for stop in stops),
        on_board=sum(stop.on_board for stop in stops),
        keep=tuple(pages_of(today)),
        sequence=queries.last_sequence(session, actor.user_id or 0),
    )
    shown = render(request, "deliveries/today.html", page)
    return kept(shown, request, actor=actor, now=clock(), until=today.until)


@router.post("/{run_id}/accept")
def accept_run(run_id: Id, form: FormDep, session: WriteSession, actor: Courier, clock: ClockDep) -> Response:
    service.accept_run(session, run_id, actor=actor, happening=Happening(now=clock()))
    return see_other("/run", said="Thank you. The run is yours.")


@router.post("/{run_id}/turn-down")
def turn_down_run(run_id: Id, form: FormDep, session: WriteSession, actor: Courier, clock: ClockDep) -> Response:
    service.turn_down_run(session, run_id, actor=actor, happening=Happening(now=clock(), reason=form.get("reason")))
    return see_other("/run", said="Thank you for saying. The hub will ask somebody else.")


@router.get("/hub")
def hub_page(
    request: Request, session: ReadSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    return _hub(request, session, actor, settings, clock())


def _hub(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    now: datetime,
    *,
    refusal: str = "",
    code: str = "",
) -> Response:
    today = service.today_of(session, actor=actor, settings=settings, now=now)
    stops = _stops(today)
    page = HubPage(
        to_load=tuple(stop for stop in stops if stop.waits_at_hub),
        on_board=tuple(stop for stop in stops if stop.on_board),
        to_collect=tuple(stop for stop in stops if stop.to_do and stop.kind is JobKind.COLLECT),
        load_id=str(uuid4()),
        back_id=str(uuid4()),
        refusal=refusal,
        code=code,
    )
    shown = render(request, "deliveries/hub.html", page, status=422 if refusal else 200)
    return kept(shown, request, actor=actor, now=now, until=today.until)


HubAction = Annotated[Action, Path(description="load or back_at_hub")]


@router.post("/hub/{action}")
def scan_at_hub(
    request: Request,
    action: HubAction,
    form: FormDep,
    session: WriteSession,
    actor: Courier,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    if action not in (Action.LOAD, Action.BACK_AT_HUB):
        raise NotFound("There is nothing at this address.", next_step="Go back to today's run.")
    answered = _tell(session, form, action, Details(), actor, settings, clock())
    if answered.answer in (Answer.APPLIED, Answer.ALREADY):
        return see_other("/run/hub", said=answered.sentence)
    return _hub(request, session, actor, settings, clock(), refusal=answered.sentence, code=form.get("code"))


@router.get("/stops/{job_id}")
def stop_page(
    request: Request,
    job_id: Id,
    session: ReadSession,
    actor: Courier,
    settings: SettingsDep,
    clock: ClockDep,
    at: str = "",
) -> Response:
    return _stop(request, session, job_id, actor, settings, clock(), at_door=at == "door")


def _stop(
    request: Request,
    session: Session,
    job_id: int,
    actor: Actor,
    settings: Settings,
    now: datetime,
    *,
    at_door: bool = False,
    refusal: str = "",
    form: Form | None = None,
) -> Response:
    stop = service.stop_of(session, job_id, actor=actor, settings=settings, now=now)
    today = service.today_of(session, actor=actor, settings=settings, now=now)
    next_href, next_text = _next(today, stop)
    page = StopPage(
        title=f"Stop {stop.sequence}" if at_door else _title(stop),
        stop=stop,
        state=job_tag(stop.state, stop.ended),
        fact_id=str(uuid4()),
        fail_id=str(uuid4()),
        help_phone=today.help_phone,
        next_href=next_href,
        next_text=next_text,
        at_door=at_door,
        refusal=refusal,
        values=form.values if form else {},
        ticked=frozenset(form.values) | frozenset(form.lists.get("ticks", ())) if form else frozenset(),
    )
    shown = render(request, "deliveries/stop.html", page, status=422 if refusal else 200)
    return kept(shown, request, actor=actor, now=now, until=stop.until)


@router.post("/stops/{job_id}/{action}")
def tell_of_stop(
    request: Request,
    job_id: Id,
    action: Action,
    form: FormDep,
    session: WriteSession,
    actor: Courier,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    stop = service.stop_of(session, job_id, actor=actor, settings=settings, now=clock())
    details = replace(_details(form, action), job=stop.job_id)
    answered = _tell(
        session, form, action, details, actor, settings, clock(), run=stop.run_id, code=_code(form, stop, action)
    )
    if answered.answer is Answer.REFUSED:
        at_door = action is Action.HAND_OVER
        return _stop(
            request, session, job_id, actor, settings, clock(), at_door=at_door, refusal=answered.sentence, form=form
        )
    if answered.answer is Answer.APPLIED and action in (Action.HAND_OVER, Action.COLLECT):
        return see_other(f"/run/stops/{job_id}/how", said=answered.sentence)
    return see_other(f"/run/stops/{job_id}", said=answered.sentence)


def _code(form: Form, stop: SeenStop, action: Action) -> str:
    """The label as scanned or typed; for a failed attempt, where no tablet may be in hand, the stop's own."""
    return form.get("code") or (stop.code if action is Action.FAILED else "")


@router.get("/stops/{job_id}/how")
def faces_page(
    request: Request, job_id: Id, session: ReadSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    stop = service.stop_of(session, job_id, actor=actor, settings=settings, now=clock())
    href, text = _next(service.today_of(session, actor=actor, settings=settings, now=clock()), stop)
    return on_a_phone(render(request, "deliveries/faces.html", FacesPage(stop, href, text)))


@router.post("/stops/{job_id}/how/{face}")
def keep_face(
    job_id: Id, face: Face, form: FormDep, session: WriteSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    service.say_how_it_was(session, job_id, face, actor=actor, now=clock())
    stop = service.stop_of(session, job_id, actor=actor, settings=settings, now=clock())
    href, _ = _next(service.today_of(session, actor=actor, settings=settings, now=clock()), stop)
    return see_other(href, said="Thank you.")


def _tell(
    session: Session,
    form: Form,
    action: Action,
    details: Details,
    actor: Actor,
    settings: Settings,
    now: datetime,
    *,
    run: int | None = None,
    code: str | None = None,
) -> Answered:
    fact = Fact(
        id=_fact_id(form),
        code=form.get("code") if code is None else code,
        action=action,
        occurred_at=now,
        sequence=queries.last_sequence(session, actor.user_id or 0) + 1,
        run=run,
        details=details,
    )
    return service.tell(session, [fact], actor=actor, settings=settings, now=now, source="page")[0]


def _fact_id(form: Form) -> str:
    try:
        return str(UUID(form.get("fact_id")))
    except ValueError:
        return str(uuid4())


def _details(form: Form, action: Action) -> Details:
    """What the form's ticks say; a value that is none of the answers counts as not given."""
    handed_to, reason, condition = form.get("handed_to"), form.get("reason"), form.get("condition")
    sim = {"yes": True, "no": False}.get(form.get("sim_in_tray"))
    return Details(
        handed_to=HandedTo(handed_to) if handed_to in list(HandedTo) else None,
        phrase_heard=bool(form.get("phrase_heard")),
        agreement_accepted=bool(form.get("agreement_accepted")),
        ticks=frozenset(Tick(each) for each in form.lists.get("ticks", ()) if each in list(Tick)),
        reason=FailReason(reason) if reason in list(FailReason) else None,
        condition=condition if condition in list(Condition) else None,
        sim_in_tray=sim if action in (Action.COLLECT, Action.HAND_IN) else None,
        kit_missing=frozenset(KitPart(each) for each in form.lists.get("kit_missing", ()) if each in list(KitPart)),
    )


def _stops(today: Today) -> list[SeenStop]:
    return [stop for run in today.runs for stop in run.stops]


def _next(today: Today, after: SeenStop) -> tuple[str, str]:
    """Where to go once this stop is done: the next one that waits, round the day; or back to today."""
    waiting = [stop for stop in _stops(today) if stop.to_do and stop.job_id != after.job_id]
    later = [stop for stop in waiting if (stop.window_from, stop.sequence) > (after.window_from, after.sequence)]
    following = next(iter([*later, *waiting]), None)
    if following is None:
        return "/run", "Back to today"
    return f"/run/stops/{following.job_id}", f"Next: stop {following.sequence}"


def _title(stop: SeenStop) -> str:
    if stop.waits_at_hub:
        return f"Stop {stop.sequence}: not loaded yet"
    return f"Stop {stop.sequence}"

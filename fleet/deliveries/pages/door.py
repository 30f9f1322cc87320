"""One stop on the courier's phone: the label to scan or type, what is asked at the door, and on to the next.

Works without scripts and with one thumb. A form carries the id of the fact it will tell, so that sending it twice
(a thumb that pressed twice, a page that was reloaded) tells it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.deliveries import service
from fleet.deliveries.api import Courier, Id
from fleet.deliveries.facts import GLASS
from fleet.deliveries.pages.phone import kept
from fleet.deliveries.pages.telling import details_told, done_words, stops_of, tell_of
from fleet.deliveries.rules import Action, Answer, Face, FailReason, JobKind, KitPart, Tick
from fleet.deliveries.service import ReadOut, SeenStop, Today
from fleet.deliveries.words import (
    CONDITION_WORDS,
    FACE_WORDS,
    FAIL_WORDS,
    HANDED_TO_WORDS,
    KIT_WORDS,
    TICK_WORDS,
    job_tag,
    needed_words,
)
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans.rules import HandedTo
from fleet.loans.service import Condition
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/run")

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StopPage:
    """One stop. `refusal` is said in large words; `values` and `ticked` keep what was given. `at_door` offers the
    hand-over although no loading was told: whoever hands over had loaded. By `expected` and `done` the phone judges a
    label before it tells of it."""

    title: str
    stop: SeenStop
    state: StateTag
    fact_id: str
    fail_id: str
    help_phone: str
    next_href: str
    next_text: str
    at_door: bool = False
    last_one: bool = False
    """Whether every other stop of its run is done: it is the one that is forgotten."""
    refusal: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()
    expected: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    """As `expected`, for the second label of a swap."""
    done: Mapping[str, str] = field(default_factory=dict)
    back_href: str = "/run"
    back_text: str = "Today"
    sim_places: Choices = (("no", "In the one that stays"), ("yes", "In the one that comes back"))
    """Where the SIM is after a swap; “yes” as in its tray when a tablet comes back."""
    handed_to: Choices = tuple((each.value, HANDED_TO_WORDS[each]) for each in HandedTo)
    ticks: Choices = tuple((each.value, TICK_WORDS[each]) for each in Tick)
    conditions: Choices = tuple((each.value, CONDITION_WORDS[each]) for each in Condition)
    kit: Choices = tuple((each.value, KIT_WORDS[each]) for each in KitPart)
    needed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fail_reasons: Choices = tuple((each.value, FAIL_WORDS[each]) for each in FailReason)
    photos: bool = False
    glass: tuple[int, int] = GLASS
    faces: Choices = tuple((each.value, FACE_WORDS[each]) for each in Face)
    agreement: ReadOut | None = None


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
    loads = stop.kind is JobKind.SWAP and stop.waits_at_hub and not at_door
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
        needed=needed_words(has_sim=stop.has_sim),
        last_one=any(run.last_one is not None and run.last_one.job_id == job_id for run in today.runs),
        refusal=refusal,
        values=form.values if form else {},
        ticked=_ticked(form) if form else frozenset(),
        photos=settings.courier_photos,
        expected=tuple(filter(None, [stop.brings_code if loads else stop.code])),
        stays=(stop.brings_code,) if stop.brings_code else (),
        agreement=service.agreement_to_read(session, job_id, actor=actor),
        done={code: words for code, words in done_words(today).items() if code not in (stop.code, stop.brings_code)},
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
    details = replace(details_told(form, action), job=stop.job_id)
    answered = tell_of(
        session, form, action, details, actor, settings, clock(), run=stop.run_id, code=_code(form, stop, action)
    )
    if answered.answer is Answer.REFUSED:
        at_door = action in (Action.HAND_OVER, Action.SWAP)
        return _stop(
            request, session, job_id, actor, settings, clock(), at_door=at_door, refusal=answered.sentence, form=form
        )
    if answered.answer is Answer.APPLIED and action in (Action.HAND_OVER, Action.COLLECT, Action.SWAP):
        today = service.today_of(session, actor=actor, settings=settings, now=clock())
        return see_other(_next(today, stop)[0], said=answered.sentence)
    return see_other(f"/run/stops/{job_id}", said=answered.sentence)


def _ticked(form: Form) -> frozenset[str]:
    """What stays ticked when the page is shown again."""
    return frozenset(form.values).union(*(form.lists.get(name, ()) for name in ("ticks", "kit_missing")))


def _code(form: Form, stop: SeenStop, action: Action) -> str:
    """The label as scanned or typed; for a failed attempt, where no tablet may be in hand, the stop's own."""
    return form.get("code") or (stop.code if action is Action.FAILED else "")


def _next(today: Today, after: SeenStop) -> tuple[str, str]:
    """Where to go once this stop is done: the next one that waits, round the day; or back to today."""
    waiting = [stop for stop in stops_of(today) if stop.to_do and stop.job_id != after.job_id]
    later = [stop for stop in waiting if (stop.window_from, stop.sequence) > (after.window_from, after.sequence)]
    following = next(iter([*later, *waiting]), None)
    if following is None:
        return "/run", "Back to today"
    return f"/run/stops/{following.job_id}", f"Next: stop {following.sequence}"


def _title(stop: SeenStop) -> str:
    if stop.waits_at_hub:
        return f"Stop {stop.sequence}: not loaded yet"
    return f"Stop {stop.sequence}"

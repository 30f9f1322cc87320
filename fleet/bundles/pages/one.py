"""One SIM: its facts, what its data asks of somebody, what may happen next, its secrets, and what has happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bundles import queries, service
from fleet.bundles.api.seeing import Recorder, SecretsSeer, SimId
from fleet.bundles.models import DataBundle, Sim, SimUse, UsageReading
from fleet.bundles.queries import usage
from fleet.bundles.rules import (
    TAKES_DATA,
    AfterLoan,
    Asks,
    DataWarning,
    Ownership,
    SecretKind,
    SimKind,
    SimMove,
    SimTransition,
    gigabytes,
    said,
)
from fleet.bundles.words import AFTER_LOAN_WORDS, KIND_WORDS, bundle_words, name_of, pounds, printed, state_tag
from fleet.clock import LONDON, local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tags.service import codes_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/sims")
SECRET_WORDS = {SecretKind.PIN: "PIN", SecretKind.PUK: "PUK", SecretKind.CODE: "Code"}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    when: datetime
    what: str
    who: str
    note: str = ""


@dataclass(frozen=True)
class SimPage:
    title: str
    sim: Sim
    state: StateTag
    facts: tuple[tuple[str, object, str, str], ...]
    number_warning: str
    warnings: tuple[DataWarning, ...]
    used: tuple[str, int] | None
    """What was used of this month, in words and as per cent."""
    offers: tuple[SimTransition, ...]
    entries: tuple[Entry, ...]
    may_record: bool
    has_data: bool
    takes_data: bool
    takes_more: bool
    decides: bool
    asks_again: bool
    """Whether it carries a grant that was kept for somebody, and that somebody else may be asked about."""
    used_at_rest: bool
    secrets: tuple[str, ...]
    may_see_secrets: bool
    shown: tuple[tuple[str, str], ...] = ()
    after_choices: tuple[tuple[str, str], ...] = tuple((each.value, AFTER_LOAN_WORDS[each]) for each in AfterLoan)


@router.get("/{sim_id}")
def sim_page(
    request: Request,
    sim_id: SimId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.BUNDLES_SEE))],
    clock: ClockDep,
) -> Response:
    return render(request, "bundles/detail.html", page_of(session, sim_id, actor, clock()))


@router.post("/{sim_id}/secrets/show")
def show_secrets(
    request: Request, sim_id: SimId, session: WriteSession, actor: SecretsSeer, settings: SettingsDep, clock: ClockDep
) -> Response:
    """Shown in this one answer, which no browser keeps."""
    now = clock()
    found = service.show_secrets(session, sim_id, actor=actor, settings=settings, happening=Happening(now=now))
    words = tuple((SECRET_WORDS[kind], text) for kind, text in found.items())
    answer = render(request, "bundles/detail.html", page_of(session, sim_id, actor, now, shown=words))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/{sim_id}/number-answered")
def answer_number(sim_id: SimId, session: WriteSession, actor: Recorder, clock: ClockDep) -> Response:
    service.answer_number(session, sim_id, actor=actor, happening=Happening(now=clock()))
    return see_other(f"/sims/{sim_id}", said="The number stands as it is.")


@router.post("/{sim_id}/used-at-rest")
def answer_use_at_rest(
    sim_id: SimId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    service.answer_use_at_rest(session, sim_id, actor=actor, happening=happening)
    return see_other(f"/sims/{sim_id}", said="Written down.")


@router.post("/{sim_id}/after-loan")
def decide_after_loan(
    sim_id: SimId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    decided = form.get("decided")
    if decided not in list(AfterLoan):
        raise BadInput("Nothing was decided.", next_step="Go back and choose one of the two.")
    service.decide_after_loan(session, sim_id, AfterLoan(decided), actor=actor, happening=Happening(now=clock()))
    return see_other(f"/sims/{sim_id}", said="Decided.")


@router.post("/{sim_id}/moves/{move}")
def press_move(
    sim_id: SimId,
    move: SimMove,
    form: FormDep,
    session: WriteSession,
    actor: Recorder,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    now = clock()
    told = Happening(now=now, reason=form.get("reason"), client_at=_time_told(form.get("at")))
    event = service.press(session, sim_id, move, actor=actor, settings=settings, happening=told)
    return see_other(f"/sims/{sim_id}", said=f"{event.words}." if event else "")


def _time_told(typed: str) -> datetime | None:
    """The time that the network named, as a browser gives it. Raises `BadInput`."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=LONDON)
    except ValueError as error:
        raise BadInput("Nothing was changed.", next_step="Go back and enter the day and time.") from error


def page_of(
    session: Session, sim_id: int, actor: Actor, now: datetime, *, shown: tuple[tuple[str, str], ...] = ()
) -> SimPage:
    """Everything the page shows, as this viewer may see it."""
    sim, today = service.get_sim(session, sim_id), local_date(now)
    bundle, use = queries.current_bundle(session, sim_id), queries.open_use(session, sim_id)
    warnings = service.warnings_of(session, sim_id, today=today)
    readings = usage.readings(session, bundle.id) if bundle else ()
    recorder = actor.may(Permission.BUNDLES_RECORD)
    return SimPage(
        title=name_of(sim),
        sim=sim,
        state=state_tag(sim.state),
        facts=_facts(sim, bundle, use, _left_in(session, sim), may_see_loan=actor.may(Permission.LOANS_SEE)),
        number_warning=service.number_warning(sim) or "",
        warnings=warnings,
        used=_used(session, bundle, readings[0], today) if bundle and readings else None,
        offers=() if use else service.what_may_happen(session, sim, today=today),
        entries=tuple(
            Entry(event.at, event.words, f"{event.actor_name}, {event.role.replace('_', ' ')}", event.reason)
            for event in queries.events(session, sim_id)
        ),
        may_record=recorder,
        has_data=bundle is not None,
        takes_data=recorder and sim.state in TAKES_DATA,
        takes_more=recorder and use is not None and bundle is not None,
        decides=recorder and any(each.asks is Asks.OUTLIVES for each in warnings),
        asks_again=recorder and use is None and service.can_be_asked_again(sim, bundle) and _was_kept(bundle),
        used_at_rest=any(each.at_rest and each.answered_at is None for each in readings),
        secrets=tuple(SECRET_WORDS[kind] for kind in service.secrets_kept(session, sim_id)),
        may_see_secrets=actor.may(Permission.SIM_SECRETS_SEE),
        shown=shown,
    )


def _was_kept(bundle: DataBundle | None) -> bool:
    return bundle is not None and bundle.granted_to_id is not None


def _used(session: Session, bundle: DataBundle, last: UsageReading, today: date) -> tuple[str, int] | None:
    if last.period_ends_on < today:
        return None
    whole = service.allowance_mb(bundle, usage.top_ups(session, bundle.id), today)
    words = f"{gigabytes(last.used_mb)} of {gigabytes(whole)} used this month, read on {last.read_on:%-d %B}"
    return words, min(100, last.used_mb * 100 // whole)


def _left_in(session: Session, sim: Sim) -> list[tuple[str, str, str, str]]:
    stray = queries.left_in(session, sim.iccid)
    if stray is None:
        return []
    label = codes_of(session, [stray.tablet_id]).get(stray.tablet_id, f"Tablet {stray.tablet_id}")
    return [("Lies in", f"{label} still", f"/data/strays/{stray.id}", "Say that it was taken out")]


def _facts(
    sim: Sim,
    bundle: DataBundle | None,
    use: SimUse | None,
    left_in: list[tuple[str, str, str, str]],
    *,
    may_see_loan: bool,
) -> tuple[tuple[str, object, str, str], ...]:
    rows: list[Any] = [("Number", printed(sim)), ("Kind", KIND_WORDS[sim.kind]), ("Network", sim.network)]
    rows += [("Phone number", sim.phone)] if sim.phone else []
    rows += [("Serial", sim.serial)] if sim.serial else []
    if use is not None and use.loan_id is not None:
        link = (f"/loans/{use.loan_id}", "Open") if may_see_loan else ("", "")
        due = f", needed until {said(use.needed_until)}" if use.needed_until else ""
        rows.append(("Kept for", f"Loan {use.loan_id}{due}", *link))
    rows += left_in
    rows += [("Rests until", said(sim.rests_until))] if sim.rests_until else []
    rows += [("Barred", f"{sim.barred_at.astimezone(LONDON):%-d %B %Y, %H:%M}")] if sim.barred_at else []
    rows.append(("Data", bundle_words(bundle)))
    return tuple((*row, *("", "")[: 4 - len(row)]) for row in (*rows, *(_bundle_facts(sim, bundle) if bundle else ())))


def _bundle_facts(sim: Sim, bundle: DataBundle) -> list[tuple[str, object]]:
    own = bundle.ownership is Ownership.PERSONS_OWN or sim.kind is SimKind.VOUCHER
    rows: list[tuple[str, object]] = [
        ("Cost", pounds(bundle.cost_pence)),
        ("Whose", "One person's own, never passed on" if own else "Ours, lent to one person after another"),
        ("Switched on", said(bundle.activated_on) if bundle.activated_on else "Not yet"),
        ("Data ends", said(bundle.ends_on) if bundle.ends_on else "Not yet"),
    ]
    if bundle.eligible_on:
        rows.append(("Asked, and qualified", said(bundle.eligible_on)))
    if bundle.after_loan:
        rows.append(("After the loan", AFTER_LOAN_WORDS[bundle.after_loan]))
    return rows

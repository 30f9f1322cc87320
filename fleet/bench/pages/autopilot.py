"""The autopilot's switch: what it does, the standing promise it needs, and off again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench import service
from fleet.bench.api import BenchId
from fleet.bench.models import Bench
from fleet.bench.service.profiles import all_profiles
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.settings import Settings
from fleet.tags import printers
from fleet.tags.printing import sheet_choices
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/bench")


@dataclass(frozen=True)
class AutopilotPage:
    title: str
    bench: Bench
    profiles: tuple[tuple[str, str, str], ...]
    sheets: tuple[tuple[str, str], ...]
    printers: tuple[tuple[str, str], ...]
    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@router.get("/{bench_id}/autopilot", dependencies=[Depends(may(Permission.BENCH_RUN))])
def autopilot_page(request: Request, bench_id: BenchId, session: ReadSession, settings: SettingsDep) -> Response:
    """What is asked before a bench goes on by itself."""
    page = _page(session, service.get_bench(session, bench_id), settings)
    return render(request, "bench/autopilot.html", page)


@router.post("/{bench_id}/autopilot/on")
def switch_on(
    request: Request,
    bench_id: BenchId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        bench = service.switch_on(
            session,
            bench_id,
            media_removed="yes" in form.lists.get("media_removed", ()),
            profile=form.get("profile"),
            label_sheet=form.get("label_sheet"),
            label_next=_number(form.get("label_next")),
            label_printer_id=_number(form.get("label_printer")) or None,
            actor=actor,
            settings=settings,
            now=clock(),
        )
    except BadInput as problem:
        page = _page(session, service.get_bench(session, bench_id), settings, form, problem)
        return render(request, "bench/autopilot.html", page, status=422)
    return see_other(f"/bench/{bench_id}", said=f"The autopilot of {bench.name} is on. Plug tablets in.")


@router.post("/{bench_id}/autopilot/off")
def switch_off(
    bench_id: BenchId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    clock: ClockDep,
) -> Response:
    service.switch_off(session, bench_id, actor=actor, now=clock())
    return see_other(f"/bench/{bench_id}", said="The autopilot is off. Runs that are under way go on.")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _page(
    session: Session, bench: Bench, settings: Settings, form: Form | None = None, problem: BadInput | None = None
) -> AutopilotPage:
    typed = {
        "profile": bench.profile or "standard",
        "label_sheet": bench.label_sheet,
        "label_next": str(bench.label_next),
        "label_printer": str(bench.label_printer_id or ""),
    }
    usable = [each for each in printers.printers_in_use(session) if printers.reached_by_worker(each)]
    return AutopilotPage(
        title=f"Autopilot of {bench.name}",
        bench=bench,
        profiles=tuple((each.name, each.title, each.description) for each in all_profiles(settings)),
        sheets=tuple((each.name, each.title) for each in sheet_choices()),
        printers=tuple((str(each.id), each.name) for each in usable),
        typed=dict(form.values) if form else typed,
        errors=problem.fields if problem else {},
    )

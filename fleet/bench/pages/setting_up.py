"""Setting up benches and their slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.api import BenchId
from fleet.bench.models import Bench, Slot
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = APIRouter(prefix="/bench")


@dataclass(frozen=True)
class AddBenchPage:
    title: str = "Add a bench"
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SetUpPage:
    title: str
    bench: Bench
    slots: Sequence[Slot]
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


@router.get("/set-up/new", dependencies=[Depends(may(Permission.BENCH_SET_UP))])
def add_bench_page(request: Request) -> Response:
    return render(request, "bench/add_bench.html", AddBenchPage())


@router.post("/set-up")
def add_bench(
    request: Request,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
    clock: ClockDep,
) -> Response:
    try:
        bench = service.add_bench(session, name=form.get("name"), actor=actor, clock=clock)
    except BadInput as problem:
        page = AddBenchPage(errors=problem.fields, typed=dict(form.values))
        return render(request, "bench/add_bench.html", page, status=422)
    return see_other(f"/bench/{bench.id}/set-up", said=f"{bench.name} was added. Add its slots next.")


@router.get("/{bench_id}/set-up", dependencies=[Depends(may(Permission.BENCH_SET_UP))])
def set_up_page(request: Request, bench_id: BenchId, session: ReadSession) -> Response:
    return render(request, "bench/set_up.html", _page(session, bench_id))


@router.post("/{bench_id}/slots")
def add_slot(
    request: Request,
    bench_id: BenchId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
) -> Response:
    try:
        slot = service.add_slot(
            session, bench_id=bench_id, place=form.get("place"), address=form.get("address"), actor=actor
        )
    except BadInput as problem:
        page = _page(session, bench_id, problem.fields, dict(form.values))
        return render(request, "bench/set_up.html", page, status=422)
    return see_other(f"/bench/{bench_id}/set-up", said=f"Slot {slot.place} was added.")


def _page(
    session: Session,
    bench_id: int,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> SetUpPage:
    bench = service.get_bench(session, bench_id)
    return SetUpPage(f"Set up {bench.name}", bench, queries.slots(session, bench_id), errors or {}, typed or {})

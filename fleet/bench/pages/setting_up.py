"""Setting up benches: where they stand, their slots, who does their work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.api import BenchId
from fleet.bench.models import Bench, Slot
from fleet.bench.reach import BenchKind
from fleet.bench.service.errands import ask_to_learn, worker_of_bench
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from provisioning.benches.host_keys import HostKey, parse_host_key

router = PageRouter(prefix="/bench")

KINDS = (
    (
        BenchKind.LOCAL.value,
        "On the computer that does the work",
        "This server, or a small computer with a worker of its own",
    ),
    (BenchKind.SSH.value, "On another computer, reached by SSH", "Nothing is installed there but sshd and adb"),
)


@dataclass(frozen=True)
class AddBenchPage:
    title: str = "Add a bench"
    kinds: tuple[tuple[str, str, str], ...] = KINDS
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SetUpPage:
    """`fingerprint` is that of the pinned key; `shown` the key the machine shows at this moment, to be compared."""

    title: str
    bench: Bench
    slots: Sequence[Slot]
    elsewhere: bool
    fingerprint: str
    shown: HostKey | None
    worker: str
    command: str
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


@router.get("/set-up/new", dependencies=[Depends(may(Permission.BENCH_SET_UP))])
def add_bench_page(request: Request) -> Response:
    return render(request, "bench/add_bench.html", AddBenchPage(typed={"kind": BenchKind.LOCAL.value}))


@router.post("/set-up")
def add_bench(
    request: Request,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
    clock: ClockDep,
) -> Response:
    try:
        elsewhere = _elsewhere(form)
        bench = service.add_bench(session, name=form.get("name"), actor=actor, clock=clock, elsewhere=elsewhere)
    except BadInput as problem:
        page = AddBenchPage(errors=problem.fields, typed=dict(form.values))
        return render(request, "bench/add_bench.html", page, status=422)
    said = "Compare its key next." if elsewhere else "Add its slots next."
    return see_other(f"/bench/{bench.id}/set-up", said=f"{bench.name} was added. {said}")


@router.get("/{bench_id}/set-up", dependencies=[Depends(may(Permission.BENCH_SET_UP))])
def set_up_page(request: Request, bench_id: BenchId, session: ReadSession, clock: ClockDep) -> Response:
    return render(request, "bench/set_up.html", _page(session, bench_id, clock))


@router.post("/{bench_id}/slots")
def add_slot(
    request: Request,
    bench_id: BenchId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
    clock: ClockDep,
) -> Response:
    try:
        slot = service.add_slot(
            session, bench_id=bench_id, place=form.get("place"), address=form.get("address"), actor=actor
        )
    except BadInput as problem:
        page = _page(session, bench_id, clock, errors=problem.fields, typed=dict(form.values))
        return render(request, "bench/set_up.html", page, status=422)
    return see_other(f"/bench/{bench_id}/set-up", said=f"Slot {slot.place} was added.")


@router.post("/{bench_id}/learn")
def learn(
    bench_id: BenchId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
    clock: ClockDep,
) -> Response:
    """Have the bench find the places of its hub by what is plugged in."""
    ask_to_learn(session, bench_id, place=form.get("learn_place"), actor=actor, now=clock())
    said = "The bench looks for two minutes. Plug a tablet into each port; reload this page to see its slots."
    return see_other(f"/bench/{bench_id}/set-up", said=said)


@router.post("/{bench_id}/host-key/ask")
def ask_host_key(
    request: Request,
    bench_id: BenchId,
    form: FormDep,
    database: DatabaseDep,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
    clock: ClockDep,
) -> Response:
    """Show the key of the bench's machine, so that a person can compare it there. Nothing is pinned."""
    with database.read() as session:
        bench = service.get_bench(session, bench_id)
        session.expunge(bench)
    shown = service.ask_host_key(bench)
    with database.read() as session:
        return render(request, "bench/set_up.html", _page(session, bench_id, clock, shown=shown))


@router.post("/{bench_id}/host-key")
def confirm_host_key(
    bench_id: BenchId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
) -> Response:
    bench = service.confirm_host_key(session, bench_id, form.get("host_key"), actor=actor)
    return see_other(f"/bench/{bench_id}/set-up", said=f"{bench.name} is known by this key from now on.")


@router.post("/{bench_id}/own-worker")
def own_worker(
    bench_id: BenchId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
) -> Response:
    wanted = form.get("own_worker") == "yes"
    bench = service.give_own_worker(session, bench_id, own_worker=wanted, actor=actor)
    said = "waits for a worker of its own" if wanted else "is worked on by any worker"
    return see_other(f"/bench/{bench_id}/set-up", said=f"{bench.name} {said}.")


def _elsewhere(form: Form) -> service.Elsewhere | None:
    if form.get("kind") != BenchKind.SSH.value:
        return None
    port = form.get("port") or "22"
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    return service.Elsewhere(form.get("host"), form.get("sign_in_as"), number)


def _page(
    session: Session,
    bench_id: int,
    clock: ClockDep,
    *,
    shown: HostKey | None = None,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> SetUpPage:
    bench = service.get_bench(session, bench_id)
    return SetUpPage(
        title=f"Set up {bench.name}",
        bench=bench,
        slots=queries.slots(session, bench_id),
        elsewhere=bench.kind is BenchKind.SSH,
        fingerprint=parse_host_key(bench.host_key).fingerprint if bench.host_key else "",
        shown=shown,
        worker=worker_of_bench(session, bench, now=clock()),
        command=f'doorstep worker --bench "{bench.name}"',
        errors=errors or {},
        typed=typed or {},
    )

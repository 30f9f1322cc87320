"""Every read of benches, runs, certificates and apps, and the locked reads that changes begin with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, defer

from fleet.bench.models import (
    AppFile,
    Bench,
    BlockerWaiver,
    Certificate,
    CertificateYear,
    RemovalConsent,
    Run,
    RunStep,
    Scan,
    SignerPin,
    Slot,
)
from fleet.bench.rules import FINISHED, UNFINISHED, RunKind, RunState, StepOutcome
from fleet.bench.scan_words import ScanOutcome
from fleet.http.paging import Found, ListQuery, find
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service import out_of_date_ids


def benches(session: Session) -> Sequence[Bench]:
    return session.scalars(select(Bench).order_by(Bench.id)).all()


def bench(session: Session, bench_id: int) -> Bench | None:
    return session.get(Bench, bench_id)


def bench_locked(session: Session, bench_id: int) -> Bench | None:
    query = select(Bench).where(Bench.id == bench_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def bench_named(session: Session, hub_id: int, name: str) -> Bench | None:
    query = select(Bench).where(Bench.hub_id == hub_id, func.lower(Bench.name) == name.lower())
    return session.scalar(query)


def latest_scan(session: Session, bench_id: int, actor_id: int | None) -> Scan | None:
    query = select(Scan).where(Scan.bench_id == bench_id, Scan.actor_id == actor_id)
    return session.scalar(query.order_by(Scan.id.desc()).limit(1))


def latest_undoable_scan(session: Session, bench_id: int, actor_id: int | None) -> Scan | None:
    """The last scan of a tablet; cards, and what was not applied, have nothing to take back."""
    query = select(Scan).where(Scan.bench_id == bench_id, Scan.actor_id == actor_id, Scan.tablet_id.is_not(None))
    return session.scalar(query.where(Scan.outcome == ScanOutcome.APPLIED).order_by(Scan.id.desc()).limit(1))


def scan_by_client_id(session: Session, client_id: str) -> Scan | None:
    return session.scalar(select(Scan).where(Scan.client_id == client_id))


def slots(session: Session, bench_id: int) -> Sequence[Slot]:
    return session.scalars(select(Slot).where(Slot.bench_id == bench_id).order_by(Slot.id)).all()


def slot(session: Session, slot_id: int) -> Slot | None:
    return session.get(Slot, slot_id)


def slot_locked(session: Session, slot_id: int) -> Slot | None:
    query = select(Slot).where(Slot.id == slot_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def slot_at(session: Session, address: str) -> Slot | None:
    return session.scalar(select(Slot).where(Slot.address == address))


def slots_with_serial(session: Session, serial: str, *, except_slot: int) -> Sequence[Slot]:
    """The other slots where a tablet with this serial was seen last."""
    return session.scalars(
        select(Slot).where(Slot.seen_serial == serial, Slot.id != except_slot).order_by(Slot.id)
    ).all()


def slots_with_twin(session: Session, slot_id: int) -> Sequence[Slot]:
    return session.scalars(select(Slot).where(Slot.twin_slot_id == slot_id, Slot.id != slot_id).order_by(Slot.id)).all()


def slot_of_tablet(session: Session, tablet_id: int) -> Slot | None:
    """Where a tablet of ours was seen last and was not missed since; the slot of its run before any other."""
    run = unfinished_run_of_tablet(session, tablet_id)
    if run is not None:
        return session.get(Slot, run.slot_id)
    return session.scalar(
        select(Slot).where(Slot.tablet_id == tablet_id).order_by(Slot.seen_at.desc(), Slot.id).limit(1)
    )


def slots_to_look_into(session: Session, bench_id: int, *, now: datetime) -> Sequence[int]:
    """Slots whose time has come, that no run is busy in and that nobody looks into."""
    busy = select(Run.slot_id).where(Run.state.in_(UNFINISHED))
    due = or_(Slot.next_look_at.is_(None), Slot.next_look_at <= now)
    free = or_(Slot.look_until.is_(None), Slot.look_until < now)
    query = select(Slot.id).where(Slot.bench_id == bench_id, due, free, Slot.id.not_in(busy))
    return session.scalars(query.order_by(Slot.next_look_at, Slot.id)).all()


def slots_asked_to_look(session: Session, bench_id: int) -> Sequence[int]:
    """Slots that somebody asked for a look into which has not come back."""
    query = select(Slot.id).where(Slot.bench_id == bench_id, Slot.look_asked_at.is_not(None))
    return session.scalars(query.order_by(Slot.id)).all()


def take_look(session: Session, slot_id: int, *, looker: str, now: datetime, until: datetime) -> bool:
    """Whether this look is ours: nobody else's until then, and none where a run is under way. One statement."""
    busy = select(Run.id).where(Run.slot_id == slot_id, Run.state.in_(UNFINISHED)).exists()
    free = or_(Slot.look_until.is_(None), Slot.look_until < now)
    query = update(Slot).where(Slot.id == slot_id, free, ~busy).values(looker=looker, look_until=until)
    return session.scalar(query.returning(Slot.id)) is not None


def end_look(session: Session, slot_id: int, *, looker: str, next_look_at: datetime) -> None:
    """Give a look back that is still ours. The row's version stays: nobody who watches need hear of it."""
    query = update(Slot).where(Slot.id == slot_id, Slot.looker == looker)
    session.execute(query.values(look_until=None, next_look_at=next_look_at))


def slot_in_place(session: Session, bench_id: int, place: str) -> Slot | None:
    return session.scalar(select(Slot).where(Slot.bench_id == bench_id, Slot.place == place))


def run(session: Session, run_id: int) -> Run | None:
    return session.get(Run, run_id)


def run_locked(session: Session, run_id: int) -> Run | None:
    query = select(Run).where(Run.id == run_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def run_by_client_id(session: Session, client_id: str) -> Run | None:
    return session.scalar(select(Run).where(Run.client_id == client_id))


def unfinished_run_of_tablet(session: Session, tablet_id: int) -> Run | None:
    return session.scalar(select(Run).where(Run.tablet_id == tablet_id, Run.state.in_(UNFINISHED)))


def unfinished_run_in_slot(session: Session, slot_id: int) -> Run | None:
    return session.scalar(select(Run).where(Run.slot_id == slot_id, Run.state.in_(UNFINISHED)))


def latest_run_of_tablet(session: Session, tablet_id: int, kind: RunKind | None = None) -> Run | None:
    query = select(Run).where(Run.tablet_id == tablet_id)
    if kind is not None:
        query = query.where(Run.kind == kind)
    return session.scalar(query.order_by(Run.id.desc()).limit(1))


def latest_passed_run(session: Session, tablet_id: int, kind: RunKind) -> Run | None:
    query = select(Run).where(Run.tablet_id == tablet_id, Run.kind == kind, Run.state == RunState.PASSED)
    return session.scalar(query.order_by(Run.id.desc()).limit(1))


def failures_since_it_passed(session: Session, tablet_id: int, kind: RunKind, *, since: datetime) -> Sequence[Run]:
    """The runs of this kind that failed since then and since the last one that passed, newest first."""
    passed = select(func.max(Run.id)).where(Run.tablet_id == tablet_id, Run.kind == kind, Run.state == RunState.PASSED)
    query = select(Run).where(
        Run.tablet_id == tablet_id,
        Run.kind == kind,
        Run.state.in_((RunState.FAILED, RunState.ABANDONED)),
        Run.created_at >= since,
        Run.id > func.coalesce(passed.scalar_subquery(), 0),
    )
    return session.scalars(query.order_by(Run.id.desc())).all()


def latest_runs_in_slots(session: Session, slot_ids: Sequence[int]) -> dict[int, Run]:
    """The newest run of each slot."""
    newest = select(func.max(Run.id)).where(Run.slot_id.in_(slot_ids)).group_by(Run.slot_id)
    return {each.slot_id: each for each in session.scalars(select(Run).where(Run.id.in_(newest)))}


def unfinished_runs(session: Session) -> Sequence[Run]:
    return session.scalars(select(Run).where(Run.state.in_(UNFINISHED)).order_by(Run.id)).all()


def find_runs(session: Session, query: ListQuery) -> Found[Run]:
    """Filters: `state`, `kind`, `tablet` (its number), `open` (yes)."""
    statement = select(Run)
    if query.filter("state") in list(RunState):
        statement = statement.where(Run.state == RunState(query.filter("state")))
    if query.filter("kind") in list(RunKind):
        statement = statement.where(Run.kind == RunKind(query.filter("kind")))
    if query.filter("open") == "yes":
        statement = statement.where(Run.state.not_in(FINISHED))
    if query.filter("tablet").isascii() and query.filter("tablet").isdigit() and len(query.filter("tablet")) < 10:
        statement = statement.where(Run.tablet_id == int(query.filter("tablet")))
    sorts = {"id": Run.id, "tablet": Run.tablet_id, "state": Run.state, "kind": Run.kind, "changed": Run.changed_at}
    return find(session, statement, query, sorts=sorts, tie=Run.id, default_sort="id", default_descending=True)


def steps(session: Session, run_id: int) -> Sequence[RunStep]:
    return session.scalars(select(RunStep).where(RunStep.run_id == run_id).order_by(RunStep.number)).all()


def steps_of_runs(session: Session, run_ids: Sequence[int]) -> dict[int, list[RunStep]]:
    """The steps of several runs, in order, by run, without what was said in them."""
    found: dict[int, list[RunStep]] = {run_id: [] for run_id in run_ids}
    query = select(RunStep).where(RunStep.run_id.in_(run_ids)).options(defer(RunStep.said)).order_by(RunStep.number)
    for each in session.scalars(query):
        found[each.run_id].append(each)
    return found


def step(session: Session, run_id: int, key: str) -> RunStep | None:
    return session.scalar(select(RunStep).where(RunStep.run_id == run_id, RunStep.key == key))


def last_step_number(session: Session, run_id: int) -> int:
    return session.scalar(select(func.max(RunStep.number)).where(RunStep.run_id == run_id)) or 0


def unfinished_steps(session: Session, run_id: int) -> Sequence[RunStep]:
    waiting = (StepOutcome.PENDING, StepOutcome.RUNNING, StepOutcome.UNKNOWN)
    return session.scalars(select(RunStep).where(RunStep.run_id == run_id, RunStep.outcome.in_(waiting))).all()


def waivers(session: Session, tablet_id: int) -> Sequence[BlockerWaiver]:
    query = select(BlockerWaiver).where(BlockerWaiver.tablet_id == tablet_id).order_by(BlockerWaiver.code)
    return session.scalars(query).all()


def waiver(session: Session, tablet_id: int, code: str) -> BlockerWaiver | None:
    query = select(BlockerWaiver).where(BlockerWaiver.tablet_id == tablet_id, BlockerWaiver.code == code)
    return session.scalar(query)


def consents(session: Session, tablet_id: int) -> Sequence[RemovalConsent]:
    """Newest first."""
    query = select(RemovalConsent).where(RemovalConsent.tablet_id == tablet_id)
    return session.scalars(query.order_by(RemovalConsent.id.desc())).all()


def certificate(session: Session, number: str) -> Certificate | None:
    return session.scalar(select(Certificate).where(Certificate.number == number))


def certificate_by_id(session: Session, certificate_id: int) -> Certificate | None:
    return session.get(Certificate, certificate_id)


def certificate_of_run(session: Session, run_id: int) -> Certificate | None:
    return session.scalar(select(Certificate).where(Certificate.run_id == run_id))


def latest_certificate(session: Session, tablet_id: int) -> Certificate | None:
    query = select(Certificate).where(Certificate.tablet_id == tablet_id).order_by(Certificate.id.desc()).limit(1)
    return session.scalar(query)


def certificate_that_supersedes(session: Session, certificate_id: int) -> Certificate | None:
    return session.scalar(select(Certificate).where(Certificate.supersedes_id == certificate_id))


def superseded_ids(session: Session, certificate_ids: Sequence[int]) -> frozenset[int]:
    query = select(Certificate.supersedes_id).where(Certificate.supersedes_id.in_(certificate_ids))
    return frozenset(each for each in session.scalars(query) if each is not None)


def find_certificates(session: Session, query: ListQuery) -> Found[Certificate]:
    """Filters: `q` (part of the number), `tablet` (its number)."""
    statement = select(Certificate)
    if query.filter("q"):
        statement = statement.where(func.lower(Certificate.number).like(f"%{query.filter('q').lower()}%"))
    if query.filter("tablet").isascii() and query.filter("tablet").isdigit() and len(query.filter("tablet")) < 10:
        statement = statement.where(Certificate.tablet_id == int(query.filter("tablet")))
    sorts = {"number": Certificate.number, "tablet": Certificate.tablet_id, "issued": Certificate.issued_at}
    tie = Certificate.id
    return find(session, statement, query, sorts=sorts, tie=tie, default_sort="number", default_descending=True)


def certificate_year_locked(session: Session, year: int) -> CertificateYear | None:
    query = select(CertificateYear).where(CertificateYear.year == year).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def app_by_digest(session: Session, sha256: str) -> AppFile | None:
    return session.scalar(select(AppFile).where(AppFile.sha256 == sha256))


def app(session: Session, app_id: int) -> AppFile | None:
    return session.get(AppFile, app_id)


def signer_pin(session: Session, package: str) -> SignerPin | None:
    return session.scalar(select(SignerPin).where(SignerPin.package == package))


def apps_of_packages(session: Session, packages: Sequence[str]) -> Sequence[AppFile]:
    """Newest version first."""
    query = select(AppFile).where(AppFile.package.in_(packages))
    return session.scalars(query.order_by(AppFile.package, AppFile.version_code.desc(), AppFile.id.desc())).all()


def parts_of_run(session: Session, run_id: int) -> Sequence[tuple[str, Sequence[str]]]:
    """(package, APKs by SHA-256) of every app that a run's steps install."""
    query = select(AppFile.package, RunStep.app_parts).join(AppFile, AppFile.id == RunStep.app_file_id)
    return [(package, parts) for package, parts in session.execute(query.where(RunStep.run_id == run_id))]


def apps_of_run(session: Session, run_id: int) -> Sequence[tuple[RunStep, AppFile]]:
    """The steps of a run that install an app, with that app, in the run's order."""
    query = select(RunStep, AppFile).join(AppFile, AppFile.id == RunStep.app_file_id)
    query = query.where(RunStep.run_id == run_id).order_by(RunStep.number)
    return [(step, app) for step, app in session.execute(query)]


def tablets_with_app(session: Session, app_id: int) -> int:
    """On how many tablets a run has installed this file."""
    query = select(func.count(Run.tablet_id.distinct())).join(RunStep, RunStep.run_id == Run.id)
    installed = query.where(RunStep.app_file_id == app_id, RunStep.outcome == StepOutcome.OK)
    return session.scalar(installed) or 0


def find_apps(session: Session, query: ListQuery) -> Found[AppFile]:
    """Filters: `q` (part of the package or the label)."""
    statement = select(AppFile)
    if query.filter("q"):
        pattern = f"%{query.filter('q').lower()}%"
        statement = statement.where(
            or_(func.lower(AppFile.package).like(pattern), func.lower(AppFile.label).like(pattern))
        )
    sorts = {"package": AppFile.package, "label": AppFile.label, "imported": AppFile.imported_at}
    return find(session, statement, query, sorts=sorts, tie=AppFile.id, default_sort="package")


def waiting_for_the_bench(session: Session, *, limit: int = 200) -> Sequence[Tablet]:
    """Tablets to be wiped, provisioned or refreshed that are in no slot, with no unfinished run and no open hold."""
    query = select(Tablet).where(*_waits_for_the_bench())
    return session.scalars(query.order_by(Tablet.changed_at, Tablet.id).limit(limit)).all()


def waiting_by_stage(session: Session) -> dict[Stage, int]:
    """How many of those that `waiting_for_the_bench` lists are at each stage."""
    query = select(Tablet.stage, func.count()).where(*_waits_for_the_bench()).group_by(Tablet.stage)
    return dict(session.execute(query).all())


def _waits_for_the_bench() -> tuple[ColumnElement[bool], ...]:
    busy = select(Run.tablet_id).where(Run.state.in_(UNFINISHED))
    held = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
    return (
        Tablet.stage.in_((Stage.AWAITING_WIPE, Stage.WIPED)) | refresh_needed(),
        Tablet.retiring.is_(False) | (Tablet.stage == Stage.AWAITING_WIPE),
        Tablet.id.not_in(busy),
        Tablet.id.not_in(select(Slot.tablet_id).where(Slot.tablet_id.is_not(None))),
        Tablet.id.not_in(held),
    )


def refresh_needed() -> ColumnElement[bool]:
    """Made once, and not as it should be any more: a gathering was changed, or a loan wants it otherwise."""
    made = Tablet.stage.in_((Stage.READY, Stage.PROVISIONED))
    unproved = (Tablet.stage == Stage.PROVISIONED) & Tablet.verified_at.is_(None)
    return unproved | (made & Tablet.id.in_(out_of_date_ids()))


def versions(session: Session, *, changed_since: datetime) -> dict[str, object]:
    """What every slot, every unfinished run and every run changed since is at: what live pages compare."""
    runs = select(Run.id, Run.version).where(or_(Run.state.in_(UNFINISHED), Run.changed_at >= changed_since))
    seen: dict[str, object] = {f"run:{run_id}": version for run_id, version in session.execute(runs)}
    places = select(Slot.id, Slot.version, Tablet.changed_at).outerjoin(Tablet, Tablet.id == Slot.tablet_id)
    seen |= {f"slot:{slot_id}": rest for slot_id, *rest in session.execute(places)}
    return seen | {
        f"bench:{bench_id}": version for bench_id, version in session.execute(select(Bench.id, Bench.version))
    }

"""Runs and their steps, what was waived and what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from fleet.bench.models import (
    BlockerWaiver,
    RemovalConsent,
    Run,
    RunStep,
)
from fleet.bench.rules import FINISHED, UNFINISHED, RunKind, RunState, StepOutcome
from fleet.database.lists import Found, ListQuery, find


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
    if (state := query.choice("state", RunState)) is not None:
        statement = statement.where(Run.state == state)
    if (kind := query.choice("kind", RunKind)) is not None:
        statement = statement.where(Run.kind == kind)
    if query.says_yes("open"):
        statement = statement.where(Run.state.not_in(FINISHED))
    if (tablet_id := query.number("tablet")) is not None:
        statement = statement.where(Run.tablet_id == tablet_id)
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

"""The app library, and where its apps were installed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fleet.bench.models import (
    AppFile,
    Run,
    RunStep,
    SignerPin,
)
from fleet.bench.rules import RunState, StepOutcome
from fleet.database.lists import Found, ListQuery, find


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


def install_was_torn(session: Session, tablet_id: int) -> bool:
    """Whether an install of this tablet broke off half way, since its last run that passed."""
    passed = select(func.max(Run.id)).where(Run.tablet_id == tablet_id, Run.state == RunState.PASSED)
    half_way = RunStep.outcome.in_((StepOutcome.RUNNING, StepOutcome.UNKNOWN))
    torn = select(RunStep.id).join(Run, Run.id == RunStep.run_id)
    torn = torn.where(Run.tablet_id == tablet_id, Run.id > func.coalesce(passed.scalar_subquery(), 0))
    return session.scalar(torn.where(RunStep.app_file_id.is_not(None), half_way).limit(1)) is not None


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

"""A provision, state by state: the right tablet, a stored plan, that plan carried out, everything read again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Run, RunStep
from fleet.bench.rules import RunState, StepOutcome, step_weight
from fleet.bench.service.app_choice import ChosenApp, choose_apps
from fleet.bench.service.made_for import carried, profile_for, written_down
from fleet.bench.service.profiles import library
from fleet.bench.service.runs import VERIFY_STEP
from fleet.bench.work.apps_here import apps_of
from fleet.bench.work.hands import again_after_hands, for_hands, wait_for_hands
from fleet.bench.work.keys import step_keys
from fleet.bench.work.metered import Metered
from fleet.bench.work.record import Record, Stopped
from fleet.bench.work.tablet_link import TabletLink
from fleet.happening import Happening
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move
from fleet.users.actor import SYSTEM
from provisioning.apps.traits import TRAITS, traits_of
from provisioning.engine.apply import apply
from provisioning.engine.closing import Closed, close
from provisioning.engine.observe import observe_for
from provisioning.engine.plan import Plan, plan, plan_from_json
from provisioning.engine.report import Ended, StepReport
from provisioning.engine.verify import Verification, verify
from provisioning.errors import PlanError, StalePlan
from provisioning.facts.reading import read_facts
from provisioning.profiles.library import Library
from provisioning.profiles.profile import Profile
from provisioning.resources.language import Language
from provisioning.resources.step import PushText, Step
from provisioning.transports.base import Transport
from provisioning.transports.install_session import abandon_left_behind

_MOST_PLANS = 5
"""A tablet that keeps changing under its plans is set aside after this many."""
_SECONDS_BETWEEN_MEASURES = 0.5


def identity_check(record: Record, link: TabletLink) -> None:
    """Look and plan. Whatever holds already has no step in the plan, so a resumed run does nothing twice."""
    record.begin_step("identity")
    transport = link.open()
    name = record.read().profile
    with record.context.database.read() as session:
        torn = queries.install_was_torn(session, record.tablet_id)
        made_for = written_down(session, record.asks(session, record.tablet_id), name, record.settings)
    if torn:
        abandon_left_behind(transport)  # its bytes take up the room that the next plan counts on
    profile = profile_for(name, made_for, record.settings)
    observation = observe_for(transport, profile, now=record.now)
    made = plan(profile, observation)
    apps = _choose_apps(record, transport, made, profile)
    with record.writing() as (session, run):
        run.observation, run.plan, run.made_for = observation.to_json(), made.to_json(), made_for
        run.profile_version = profile.version
        _write_steps(session, run, made, apps, library(record.settings))
        record.note_step(session, run, "identity", StepOutcome.OK)
        record.progress_to(run, RunState.PLANNED, f"{len(made.steps)} steps to take")


def planned(record: Record, link: TabletLink) -> None:
    record.become(RunState.RUNNING, "Carrying out the plan")


def running(record: Record, link: TabletLink) -> None:
    """Carry out the stored plan, recording each step as it ends. A tablet that changed meanwhile gets another plan."""
    run = record.read()
    assert run.plan is not None, "a run is in this state only with its plan"
    stored, profile = plan_from_json(run.plan), profile_for(run.profile, run.made_for, record.settings)
    keys = step_keys(stored)
    apps = apps_of(record)
    meter = _Meter(record, keys, {apk.name: package for package, apks in apps.items() for apk in apks})
    meter.begin(0)
    try:
        report = apply(
            Metered(link.open(), meter.moved),
            stored,
            profile,
            apps=apps,
            on_step=meter.ended,
            should_stop=record.should_stop,
            now=record.now,
        )
    except StalePlan as error:
        _plan_again(record, str(error))
        return
    if report.ended is Ended.STOPPED:
        record.check()
        raise Stopped
    if report.ended is Ended.LINK_LOST:
        link.close()
        record.become(RunState.IDENTITY_CHECK, "Looking again, because the link was lost")
        raise record.wait("The link was lost; what the last step did is not known", guide=(report.why,))
    record.become(RunState.VERIFYING, VERIFY_STEP[1])


def verifying(record: Record, link: TabletLink) -> None:
    record.begin_step(VERIFY_STEP[0])
    run = record.read()
    profile = profile_for(run.profile, run.made_for, record.settings)
    transport = link.open()
    verification = verify(transport, profile, now=record.now)
    if verification.plan.steps and record.read().hands:
        verification = again_after_hands(record, transport, profile, verification, apps_of(record))
    words = for_hands(record, verification)
    if words:
        raise wait_for_hands(record, transport, verification, words)
    if verification.passed:
        closing = close(transport, verification.plan.closing, verified=True)
        if closing.closed is Closed.OPEN:
            record.fail(
                f"The tablet is what the profile says, but its last step did not hold. {closing.why}",
                "Try again from here, or choose a profile that leaves USB debugging on.",
            )
            return
        with record.writing() as (session, run):
            run.result = verification.to_json()
            happening = Happening(now=record.now(), source="bench", details={"run_id": run.id, "profile": run.profile})
            tablets.move(
                session,
                record.tablet_id,
                Move.PROVISION_PASSED,
                actor=SYSTEM,
                settings=record.settings,
                happening=happening,
            )
            tablets.record_gatherings(session, record.tablet_id, carried(run.made_for), now=record.now())
            record.note_step(session, run, VERIFY_STEP[0], StepOutcome.OK, closing.why)
            record.progress_to(run, RunState.PASSED, "")
        return
    with record.writing() as (session, run):
        left = what_is_left(verification, _refused(session, run))
        run.result = verification.to_json()
        record.note_step(session, run, VERIFY_STEP[0], StepOutcome.REFUSED, "\n".join(left))
    record.fail(
        f"The tablet is still wiped and clean, but it is not what the profile says. {' '.join(left)}",
        "Look at the steps that did not hold, then try again from here: what holds is not done twice.",
    )


def what_is_left(verification: Verification, refused: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each thing that does not hold, with what the tablet said to it."""
    plan_left = zip(verification.plan.steps, step_keys(verification.plan), strict=True)
    steps = tuple(f"Not done: {step.sentence} {refused.get(key, '')}".strip() for step, key in plan_left)
    doubts = tuple(check.why for check in verification.plan.checks if check.why and check.outcome != "unsupported")
    return steps + doubts


def _refused(session: Session, run: Run) -> Mapping[str, str]:
    """The first line of what the tablet said to each step that did not hold."""
    rows = (row for row in queries.steps(session, run.id) if row.outcome is not StepOutcome.OK and row.said)
    return {row.key: row.said.splitlines()[0] for row in rows}


def _plan_again(record: Record, why: str) -> None:
    with record.writing() as (_, run):
        run.faults += 1
        too_often = run.faults >= _MOST_PLANS
        if not too_often:
            record.progress_to(run, RunState.IDENTITY_CHECK, "Looking again, because the tablet changed")
    if too_often:
        record.fail(f"{why} It kept changing.", "Leave its screen alone while it is provisioned, then try again.")


def _choose_apps(record: Record, transport: Transport, made: Plan, profile: Profile) -> Mapping[str, ChosenApp]:
    """What the library gives this tablet for each app of the plan, before a byte of any is sent. Raises `PlanError`."""
    if not made.apps:
        return {}
    spoken = tuple(resource.tag for resource in profile.resources if isinstance(resource, Language))
    tablet = traits_of(read_facts(transport, TRAITS, now=record.now), languages=spoken)
    with record.context.database.read() as session:
        choice = choose_apps(session, made.apps, tablet, settings=record.settings)
    if choice.why_not:
        raise PlanError(f"Nothing was changed. {' '.join(choice.why_not.values())}")
    return choice.chosen


def _write_steps(session: Session, run: Run, made: Plan, apps: Mapping[str, ChosenApp], shelf: Library) -> None:
    """The plan's steps as rows. Those of an earlier plan stay when they held, and go when they were not reached."""
    keys = step_keys(made)
    fixed = {"identity", VERIFY_STEP[0]}
    for row in queries.steps(session, run.id):
        if row.key not in fixed and (row.key in keys or row.outcome is not StepOutcome.OK):
            session.delete(row)
    session.flush()
    number = max((row.number for row in queries.steps(session, run.id) if row.key != VERIFY_STEP[0]), default=0)
    for step, key in zip(made.steps, keys, strict=True):
        number += 1
        size = _bytes_of(step, apps)
        app = next((apps[package] for package in step.apps), None)
        session.add(
            RunStep(
                run_id=run.id,
                number=number,
                key=key,
                sentence=step.sentence,
                reason=_why(step, app, shelf),
                app_file_id=app.app_id if app else None,
                app_parts=list(app.parts) if app else [],
                weight=step_weight(size),
                total_bytes=size,
            )
        )
    session.flush()


def _why(step: Step, app: ChosenApp | None, shelf: Library) -> str:
    """The reason, who asks for it, and what may yet go wrong with its app."""
    asked = ", ".join(shelf.title(origin) for origin in step.origins)
    whole = f"{step.reason} ({asked})." if asked else step.reason
    return " ".join((whole, *(app.doubts if app else ()))).strip()


def _bytes_of(step: Step, apps: Mapping[str, ChosenApp]) -> int:
    pushed = sum(len(action.text.encode()) for action in step.actions if isinstance(action, PushText))
    return pushed + sum(apps[package].size_bytes for package in step.apps)


class _Meter:
    """Keeps the rows of a plan's steps up to date while it is applied.

    `names` says which app a file of the library is: its own name is only a digest.
    """

    def __init__(self, record: Record, keys: tuple[str, ...], names: Mapping[str, str]) -> None:
        self._record = record
        self._keys = keys
        self._names = names
        self._current = 0
        self._measured = 0.0

    def begin(self, number: int) -> None:
        self._current = number
        if number < len(self._keys):
            self._record.begin_step(self._keys[number])

    def ended(self, report: StepReport) -> None:
        said = report.said
        for file, package in self._names.items():
            said = said.replace(file, package)
        self._record.end_step(self._keys[report.number], StepOutcome(report.outcome.value), said)
        if report.number + 1 < len(self._keys):
            self.begin(report.number + 1)

    def moved(self, done: int, total: int) -> None:
        """Bytes of the present step; written down twice a second at most."""
        if time.monotonic() - self._measured < _SECONDS_BETWEEN_MEASURES:
            return
        self._measured = time.monotonic()
        with self._record.writing() as (session, run):
            step = queries.step(session, run.id, self._keys[self._current])
            if step is not None:
                step.moved_bytes, step.total_bytes = done, total
                session.flush()
                self._record.measure(session, run)


ACTS: Mapping[RunState, Callable[[Record, TabletLink], None]] = {
    RunState.QUEUED: lambda record, _: record.become(RunState.IDENTITY_CHECK, "Looking at the tablet"),
    RunState.IDENTITY_CHECK: identity_check,
    RunState.PLANNED: planned,
    RunState.RUNNING: running,
    RunState.VERIFYING: verifying,
}

"""Starting, stopping and retrying runs. What a run then does to its tablet is in `fleet.bench.work`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import BlockerWaiver, Run, RunStep, Slot
from fleet.bench.rules import FINISHED, RunKind, RunState, may_become, resumes_at
from fleet.bench.service.benches import get_bench, get_slot, lane_of_bench
from fleet.bench.service.profiles import profile_named
from fleet.errors import BadInput, Conflict, there
from fleet.happening import Happening
from fleet.jobs.service import ask_again, enqueue
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import SYSTEM, Actor
from provisioning.errors import ProfileInvalid
from provisioning.wipe.blockers import WAIVABLE, BlockerCode
from provisioning.wipe.routes import RouteCode

RUN_JOB = "bench.run"

WIPE_STEPS = (
    ("identity", "The right tablet is in the slot", "Only the tablet of this run may be touched"),
    ("blockers", "Nothing stands against a wipe", "An account, an owner or a low battery is found before, not after"),
    ("evidence", "Marks are left that only a wipe removes", "What is compared afterwards must be written down before"),
    ("reset", "Its reset page is open", "Only a reset from Settings also clears reset protection"),
    ("hands", "Somebody reset it and let the bench in again", "No bench may do that from outside, and none should"),
    ("proofs", "The proofs hold", "Exit codes and silence prove nothing"),
)
IDENTITY_STEP = WIPE_STEPS[0]
LAST_STEP = 10_000
"""The number of a step that stands after every step a plan may have."""
VERIFY_STEP = ("verify", "Everything was read again and holds", "Only what was read back counts as done")


class RunInProgress(Conflict):
    """The tablet or the slot has an unfinished run."""

    code = "run_in_progress"


def get_run(session: Session, run_id: int) -> Run:
    """Raises `NotFound`."""
    return _known(queries.run(session, run_id), run_id)


def get_step(session: Session, step_id: int) -> RunStep:
    """Raises `NotFound`."""
    return there(
        session.get(RunStep, step_id),
        f"There is no step number {step_id}.",
        next_step="Open its run, and choose it there.",
    )


def run_of(session: Session, tablet_id: int) -> Run | None:
    """The unfinished run of a tablet, if it has one."""
    return queries.unfinished_run_of_tablet(session, tablet_id)


def start_wipe(
    session: Session,
    tablet_id: int,
    slot_id: int,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    media_removed: bool = False,
    route: str = "",
) -> Run:
    """Begin a wipe of the tablet in a slot. The same `happening.client_id` twice gives the same run.

    `route` is a `RouteCode`; empty takes the best one that the tablet turns out to offer.
    `media_removed` is the technician's word that SIM and memory card are out. Raises `BadInput` without it,
    `RunInProgress` when somebody was first, `MoveRefused` when the tablet's own state or a hold forbids it, `Conflict`
    for a serial that another tablet of ours has too.
    """
    told_before = _told_before(session, happening)
    if told_before is not None:
        return told_before
    if not media_removed:
        raise BadInput(
            "The wipe was not begun, and nothing was touched.",
            fields={"media_removed": "Take out SIM and memory card, then tick this: a reset does not reach them."},
        )
    if route and route not in list(RouteCode):
        raise BadInput("The wipe was not begun.", fields={"route": "Choose one of the ways that are shown."})
    slot = _claimable(session, tablet_id, slot_id)
    _refuse_namesakes(session, tablet_id)
    run = Run(kind=RunKind.WIPE, media_removed=True, route_asked=route)
    _begin(session, run, Move.START_WIPE, tablet_id, slot, actor, settings, happening)
    for number, (key, sentence, reason) in enumerate(WIPE_STEPS, 1):
        session.add(RunStep(run_id=run.id, number=number, key=key, sentence=sentence, reason=reason))
    return _queued(session, run, happening.now)


def start_provision(
    session: Session,
    tablet_id: int,
    slot_id: int,
    profile: str,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Run:
    """Begin to make the tablet in a slot into what a profile says. Same refusals as `start_wipe`."""
    told_before = _told_before(session, happening)
    if told_before is not None:
        return told_before
    try:
        wanted = profile_named(profile, settings)
    except ProfileInvalid as error:
        raise BadInput("Provisioning was not begun.", fields={"profile": str(error)}) from error
    slot = _claimable(session, tablet_id, slot_id)
    again = tablets.get_tablet(session, tablet_id).stage is Stage.PROVISIONED
    run = Run(kind=RunKind.PROVISION, profile=wanted.name, profile_version=wanted.version)
    _begin(session, run, Move.REFRESH if again else Move.START_PROVISION, tablet_id, slot, actor, settings, happening)
    tablets.record_profile(session, tablet_id, profile=wanted.name, version=wanted.version, now=happening.now)
    for number, (key, sentence, reason) in ((1, IDENTITY_STEP), (LAST_STEP, VERIFY_STEP)):
        session.add(RunStep(run_id=run.id, number=number, key=key, sentence=sentence, reason=reason))
    return _queued(session, run, happening.now)


def _told_before(session: Session, happening: Happening) -> Run | None:
    return queries.run_by_client_id(session, happening.client_id) if happening.client_id else None


def _claimable(session: Session, tablet_id: int, slot_id: int) -> Slot:
    """The slot, once it is certain that neither it nor the tablet has an unfinished run. Locks the tablet."""
    tablets.lock_tablet(session, tablet_id)
    slot = get_slot(session, slot_id)
    busy = queries.unfinished_run_of_tablet(session, tablet_id)
    if busy is not None:
        doing = "wiped" if busy.kind is RunKind.WIPE else "provisioned"
        raise RunInProgress(
            f"Nothing was begun twice: tablet {tablet_id} is being {doing} already (run {busy.id}, begun by "
            f"{busy.started_by}).",
            next_step="Open that run; stop it there if it should not go on.",
            details={"run_id": busy.id},
        )
    other = queries.unfinished_run_in_slot(session, slot_id)
    if other is not None:
        raise RunInProgress(
            f"Nothing was begun: slot {slot.place} belongs to run {other.id} of tablet {other.tablet_id}.",
            next_step="Use another slot, or wait until that run has ended.",
            details={"run_id": other.id},
        )
    return slot


def _refuse_namesakes(session: Session, tablet_id: int) -> None:
    """The serial is all that ties the unit on the wire to the books: shared, it could certify the one not wiped."""
    serial = tablets.get_tablet(session, tablet_id).serial
    others = [each.id for each in tablets.tablets_with_serial(session, serial) if each.id != tablet_id]
    if others:
        raise Conflict(
            f"Nothing was begun. Tablet {tablet_id} has the serial {serial}, and so has tablet "
            f"{' and '.join(map(str, others))}: no certificate could say which of them was wiped.",
            next_step="Keep them apart from those that are lent, and tell a coordinator.",
            details={"tablet_ids": others},
        )


def _begin(
    session: Session,
    run: Run,
    move: Move,
    tablet_id: int,
    slot: Slot,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> None:
    holder = f"{get_bench(session, slot.bench_id).name}, slot {slot.place}"[:80]
    # The client's own id belongs to the run; a tablet's event with the same id could not be told from a second press.
    told = Happening(
        now=happening.now, source=happening.source, client_at=happening.client_at, details=happening.details
    )
    tablets.move(session, tablet_id, move, actor=actor, settings=settings, happening=told, holder=holder)
    run.tablet_id, run.slot_id = tablet_id, slot.id
    run.started_by, run.started_by_id, run.client_id = actor.name, actor.user_id, happening.client_id
    run.doing = "Waiting for its turn"
    run.created_at = run.changed_at = happening.now
    session.add(run)
    session.flush()


def _queued(session: Session, run: Run, now: datetime) -> Run:
    lane = lane_of_bench(get_bench(session, get_slot(session, run.slot_id).bench_id))
    args = {"run_id": run.id, "round": run.resumes}
    enqueue(session, RUN_JOB, key=job_key(run), now=now, args=args, lane=lane)
    session.flush()
    return run


def job_key(run: Run) -> str:
    """The key of the job that carries this run on; another after each pause."""
    return f"{RUN_JOB}:{run.id}" if not run.resumes else f"{RUN_JOB}:{run.id}:{run.resumes}"


def pause_run(session: Session, run_id: int, *, actor: Actor, happening: Happening) -> Run:
    """Let a run rest. One that a worker has in its hands rests after its present step; any other at once.

    A reset that a person has begun goes on by itself. Raises `Conflict` for a run that is over or rests already.
    """
    tablets.lock_tablet(session, get_run(session, run_id).tablet_id)
    run = lock_run(session, run_id)
    if run.state in FINISHED or run.paused_by is not None:
        rests = "over already" if run.state in FINISHED else "paused already"
        raise Conflict(f"Run {run_id} is {rests}.", next_step="Reload the page to see how it stands.")
    run.paused_by, run.changed_at = actor.name, happening.now
    if run.worker is None:
        rest(run, now=happening.now)
    else:
        ask_again(session, job_key(run), now=happening.now)
    session.flush()
    return run


def rest(run: Run, *, now: datetime) -> None:
    """Put a run to rest that somebody asked to pause. Its tablet is locked."""
    run.paused_from = run.state
    set_state(run, RunState.PAUSED, now=now)
    run.doing, run.worker, run.seconds_left = f"Paused by {run.paused_by}", None, None
    run.hands, run.hands_guide, run.waiting_since = "", [], None


def resume_run(session: Session, run_id: int, *, actor: Actor, happening: Happening) -> Run:
    """Take a paused run up again, with a look at the tablet first. Raises `Conflict` for one that does not rest yet."""
    tablets.lock_tablet(session, get_run(session, run_id).tablet_id)
    run = lock_run(session, run_id)
    if run.state is not RunState.PAUSED or run.paused_from is None:
        resting = "still ends the step it is in" if run.paused_by and run.state not in FINISHED else "is not paused"
        raise Conflict(f"Run {run_id} {resting}.", next_step="Reload the page to see how it stands.")
    target = resumes_at(run.kind, run.paused_from)
    set_state(run, target, now=happening.now)
    run.paused_by, run.paused_from, run.resumes = None, None, run.resumes + 1
    run.doing, run.unanswered = f"Taken up again by {actor.name}", 0
    # Whether it asked again for trust while nobody watched cannot be known.
    run.knocking = run.knocking or target is RunState.WAITING_HANDS
    return _queued(session, run, happening.now)


def cancel_run(session: Session, run_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Run:
    """Stop a run. One that a worker has in its hands stops at its next step; any other stops here and at once."""
    tablets.lock_tablet(session, get_run(session, run_id).tablet_id)
    run = lock_run(session, run_id)
    if run.state in FINISHED:
        raise Conflict(
            f"Run {run_id} is over already ({run.state.value}).", next_step="Reload the page to see how it ended."
        )
    run.cancelled_by, run.changed_at = actor.name, happening.now
    if run.worker is None:
        abandon(session, run, settings=settings, now=happening.now)
    else:
        ask_again(session, job_key(run), now=happening.now)  # the worker may have died of it once too often
    session.flush()
    return run


def retry_run(session: Session, run_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Run:
    """Begin again what a failed or stopped run was to do. What holds already is found done and is not done twice."""
    old = get_run(session, run_id)
    if old.state not in (RunState.FAILED, RunState.ABANDONED):
        raise Conflict(f"Run {run_id} is {old.state.value}; only one that failed or was stopped is tried again.")
    if old.kind is RunKind.WIPE:
        run = start_wipe(
            session,
            old.tablet_id,
            old.slot_id,
            actor=actor,
            settings=settings,
            happening=happening,
            media_removed=old.media_removed,
            route=old.route_asked,
        )
    else:
        run = start_provision(
            session, old.tablet_id, old.slot_id, old.profile, actor=actor, settings=settings, happening=happening
        )
    if run.retry_of is None:
        run.retry_of = old.id
        session.flush()
    return run


def lock_run(session: Session, run_id: int) -> Run:
    """The run, locked for a change; always after its tablet. Raises `NotFound`."""
    return _known(queries.run_locked(session, run_id), run_id)


def _known(found: Run | None, run_id: int) -> Run:
    return there(found, f"There is no run number {run_id}.", next_step="Look for it in the list of runs.")


def set_state(run: Run, target: RunState, *, now: datetime) -> None:
    """The only place where a run's state changes. Raises `Conflict` for a change that the table does not have."""
    if not may_become(run.kind, run.state, target):
        raise Conflict(f"Run {run.id} is {run.state.value} and cannot become {target.value}.")
    run.state, run.changed_at = target, now
    if target in FINISHED:
        run.finished_at, run.worker, run.seconds_left = now, None, None
        run.hands, run.hands_guide, run.waiting_since = "", [], None
    if target is RunState.PASSED:
        run.percent = 100


def abandon(session: Session, run: Run, *, settings: Settings, now: datetime) -> None:
    """End a run that a person stopped, and send its tablet back to where the run began. Its tablet is locked."""
    run.problem = f"Stopped by {run.cancelled_by or 'somebody'}."
    run.next_step = "Begin it again when the tablet is on the bench."
    set_state(run, RunState.ABANDONED, now=now)
    send_back(session, run, settings=settings, happening=Happening(now=now, source="bench", reason=run.problem))


def send_back(session: Session, run: Run, *, settings: Settings, happening: Happening) -> None:
    """Move the tablet of a run that did not pass back to the stage before it."""
    move = Move.WIPE_FAILED if run.kind is RunKind.WIPE else Move.PROVISION_FAILED
    tablets.move(session, run.tablet_id, move, actor=SYSTEM, settings=settings, happening=happening)


def waive_blocker(session: Session, tablet_id: int, code: str, *, actor: Actor, happening: Happening) -> None:
    """A coordinator's decision to wipe in spite of a blocker. Raises `BadInput` for one that nobody may waive."""
    tablet: Tablet = tablets.lock_tablet(session, tablet_id)
    if code == BlockerCode.OS_FLOOR:
        tablets.waive_os_floor(session, tablet_id, actor=actor, happening=happening)
        return
    if code not in {each.value for each in WAIVABLE}:
        raise BadInput("Nothing was waived.", fields={"code": "This has to be settled; nobody may waive it."})
    if not happening.reason.strip():
        raise BadInput("Nothing was waived.", fields={"reason": "Say why the wipe may go on all the same."})
    if queries.waiver(session, tablet_id, code) is None:
        session.add(
            BlockerWaiver(
                tablet_id=tablet_id,
                code=code,
                reason=happening.reason.strip(),
                waived_by=actor.name,
                waived_at=happening.now,
            )
        )
    words = f"Waived for the wipe: {code.replace('_', ' ')}"
    tablets.note(session, tablet, kind="waiver", words=words, actor=actor, happening=happening)

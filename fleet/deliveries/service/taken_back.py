"""A hand-over or a collection that the hub took back: what was told of it does not count any more, and the stop is to
be done again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.outcomes import Outcome, outcome
from fleet.deliveries.rules import JOB_BY_MOVE, Action, Answer, JobEnd, JobKind, JobMove, JobState
from fleet.deliveries.service.effects import carry_out
from fleet.deliveries.service.figures import Telling
from fleet.deliveries.service.stories import look_again, say, teller, told_by
from fleet.deliveries.service.writer import move_job, note
from fleet.errors import BadInput, Conflict, NotFound
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan, LoanEvent
from fleet.settings import Settings
from fleet.tags import service as tags
from fleet.users.actor import SYSTEM

TAKEN_BACK = "taken_back"


_UNDONE: dict[Action, tuple[Callable[[Session, Loan], LoanEvent | None], str]] = {
    Action.HAND_OVER: (loans.hand_over_undone, "hand-over"),
    Action.COLLECT: (loans.collection_undone, "collection"),
}
"""What the hub takes back of that which couriers tell: when it last did, and what that is called."""
_DONE = {
    JobEnd.HANDED_OVER: (Action.HAND_OVER, JobMove.TAKE_BACK),
    JobEnd.COLLECTED: (Action.COLLECT, JobMove.TAKE_COLLECTION_BACK),
}


def is_void(session: Session, scan: Scan, loan: Loan) -> bool:
    """Whether what is told now happened before its like was last taken back."""
    if scan.action not in _UNDONE:
        return False
    undone = _UNDONE[scan.action][0](session, loan)
    return undone is not None and scan.effective_at < undone.at


def void_words(code: str, action: Action) -> str:
    return f"{code}: the hub took this {_UNDONE[action][1]} back. Ring the hub."


def make_once_more(session: Session, job: DeliveryJob, loan: Loan, *, settings: Settings, now: datetime) -> bool:
    """Bring a stop to where it was before what was taken back, and from there to what else was told of it; whether
    there was anything. Its run and its jobs are locked."""
    if job.ended not in _DONE:
        return False
    action, move = _DONE[job.ended]
    if job.state not in JOB_BY_MOVE[move].sources:
        return False
    undone = _UNDONE[action][0](session, loan)
    told = queries.counted_scans(session, job.id) if undone is not None else ()
    void = [each for each in told if undone is not None and each.action is action and _known_from(each) <= undone.at]
    if undone is None or not void:
        return False
    code = tags.codes_of(session, [job.tablet_id]).get(job.tablet_id, f"Tablet {job.tablet_id}")
    for each in void:
        say(each, Answer.CONFLICT, TAKEN_BACK, void_words(code, action))
        each.counts = False
        each.settled_at, each.settled_by, each.settle_reason = undone.at, undone.actor_name, undone.reason
    move_job(session, job, move, actor=SYSTEM, now=now)
    _go_on(session, job, told, [each for each in told if each.counts], code, settings=settings, now=now)
    words = f"Stop {job.sequence}: its {_UNDONE[action][1]} was taken back; it is to be done once more"
    happening = Happening(now=now, source=undone.source, reason=undone.reason)
    note(session, job.run_id, kind=TAKEN_BACK, words=words, actor=SYSTEM, happening=happening, job_id=job.id)
    return True


def _known_from(scan: Scan) -> datetime:
    """Since when it counts: what somebody counted after all, since then."""
    return scan.settled_at or scan.received_at


def _go_on(
    session: Session,
    job: DeliveryJob,
    told: Sequence[Scan],
    rest: Sequence[Scan],
    code: str,
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """What contradicted the hand-over counts now. Where the books do not allow that, somebody looks at it as before."""
    with_it = outcome(job.kind, [told_by(each, job) for each in told])
    without = outcome(job.kind, [told_by(each, job) for each in rest])
    telling = Telling(
        job=job,
        tablet_id=job.tablet_id,
        brings_id=None,
        before=_as_before(job, without),
        after=without,
        scans={each.client_id: each for each in rest},
        actor=next((who for each in told if (who := teller(session, each)) is not None), SYSTEM),
        settings=settings,
        now=now,
    )
    try:
        with session.begin_nested():
            carry_out(session, telling)
            look_again(replace(telling, before=with_it), code)
    except (Conflict, BadInput, NotFound):
        job.done_at = None


def _as_before(job: DeliveryJob, after: Outcome) -> Outcome:
    """Of a delivery: with the courier, as whoever handed it over had it. Of a collection: nothing was done yet."""
    if after.state is JobState.ACCEPTED:
        return after
    if job.kind is JobKind.COLLECT:
        return Outcome(attempts=after.attempts)
    loading = tuple(each for each in after.story if each.action is Action.LOAD)
    return Outcome(JobState.LOADED, after.attempts, loading)

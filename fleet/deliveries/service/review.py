"""What does not fit, settled by a coordinator: the fact counts after all where the machines allow it, or it does not.

The fact itself stays as it was told, whoever settles it and however.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.facts import details_of
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.outcomes import outcome
from fleet.deliveries.rules import Answer, Choice
from fleet.deliveries.service.effects import carry_out
from fleet.deliveries.service.matching import Match, belongs_to, goes_with_a_sim
from fleet.deliveries.service.scanning import missing
from fleet.deliveries.service.stories import look_again, teller, telling_with, told_by
from fleet.deliveries.service.writer import expected_to_bring, lock_run, note
from fleet.deliveries.words import ACTION_WORDS, JOB_TAGS, KIND_WORDS, job_tag
from fleet.errors import BadInput, Conflict, MoveRefused, NotFound, there
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.tags import service as tags
from fleet.users.actor import Actor

LONGEST_REASON = 500


@dataclass(frozen=True)
class Prospect:
    """What counting a fact after all would do, in a sentence; or why it cannot count."""

    possible: bool
    words: str


def get_scan(session: Session, scan_id: int) -> Scan:
    """Raises `NotFound`."""
    return _known(queries.scan(session, scan_id))


def _known(scan: Scan | None) -> Scan:
    return there(scan, "There is no such scan.", next_step="Look for it in the list of what does not fit.")


def job_of(session: Session, scan: Scan) -> DeliveryJob | None:
    """The stop a fact is about: the one it was matched to, or its tablet's on the run it named."""
    if scan.job_id is not None:
        return queries.job(session, scan.job_id)
    if scan.run_id is None or scan.tablet_id is None:
        return None
    return queries.job_of_tablet(session, scan.run_id, scan.tablet_id)


def prospect(session: Session, scan: Scan) -> Prospect:
    """What the choice “count it after all” would come to."""
    job = job_of(session, scan)
    why = _why_not(session, scan, job)
    if why or job is None:
        return Prospect(False, why)
    others = [told_by(each, job) for each in queries.counted_scans(session, job.id)]
    before, after = outcome(job.kind, others), outcome(job.kind, [*others, told_by(scan, job)])
    if scan.client_id in after.contested:
        return Prospect(False, "It contradicts what was told since, so it cannot change how the stop ended.")
    now_is, would_be = job_tag(job.state, job.ended).word, JOB_TAGS[after.state].word
    if after.state is before.state:
        return Prospect(True, f"The stop stays “{now_is}”; the fact is added to its story.")
    return Prospect(True, f"The stop goes from “{now_is}” to “{would_be}”, and its loan and tablet with it.")


def _why_not(session: Session, scan: Scan, job: DeliveryJob | None) -> str:
    """Why a fact cannot count after all, or nothing."""
    if job is None:
        return "It belongs to no stop, so there is nothing it could change."
    if scan.counts:
        return "It is part of the stop's story already, and cannot change how the stop ended."
    if not belongs_to(scan.action, job.kind):
        return (
            f"The stop is to {KIND_WORDS[job.kind].lower()}; “{ACTION_WORDS[scan.action].lower()}” is no part of that."
        )
    has_sim = goes_with_a_sim(session, job)
    lacking = missing(scan.action, details_of(scan.details), has_sim=has_sim)
    if lacking is not None:
        return "It leaves out what such a fact must say, and only whoever was at the door can say it."
    taken = _taken(session, job)
    if taken is not None and taken.id != job.id:
        what = "tablet" if job.loan_id is None else "loan"
        return f"Its {what} is on run {taken.run_id} by now. Take it off that run first."
    return "" if teller(session, scan) is not None else "Whoever told it is not on record any more."


def _taken(session: Session, job: DeliveryJob) -> DeliveryJob | None:
    """The stop that has its loan, or its tablet on the way home, by now."""
    if job.loan_id is None:
        return queries.open_way_home(session, job.tablet_id)
    return queries.open_job_of_loan(session, job.loan_id)


def settle(
    session: Session,
    scan_id: int,
    *,
    choice: Choice,
    reason: str,
    actor: Actor,
    settings: Settings,
    now: datetime,
) -> Scan:
    """Settle a fact, once. Raises `NotFound`; `BadInput` without a reason; `Conflict` when it was settled before, or
    is to count and the books do not allow it. Then nothing is changed.
    """
    if not reason.strip():
        raise BadInput("Nothing was settled.", fields={"reason": "Say how it was settled, in a few words."})
    job = job_of(session, get_scan(session, scan_id))
    if job is not None:
        lock_run(session, job.run_id)
        queries.jobs_locked(session, [job.run_id])
    scan = _known(queries.scan_locked(session, scan_id))
    if not scan.needs_review or scan.settled_at is not None:
        raise Conflict("This was settled already.", next_step="Reload the list to see how it stands.")
    if choice is Choice.COUNT:
        _count(session, scan, settings=settings, now=now)
    scan.settled_at, scan.settled_by, scan.settle_reason = now, actor.name, reason.strip()[:LONGEST_REASON]
    if scan.run_id is not None:
        words = f"Scan {scan.id} counted after all" if choice is Choice.COUNT else f"Scan {scan.id} left as it is"
        happening = Happening(now=now, reason=scan.settle_reason)
        note(session, scan.run_id, kind="settled", words=words, actor=actor, happening=happening, job_id=scan.job_id)
    session.flush()
    return scan


def _count(session: Session, scan: Scan, *, settings: Settings, now: datetime) -> None:
    ahead, job, courier = prospect(session, scan), job_of(session, scan), teller(session, scan)
    if not ahead.possible or job is None or courier is None:
        raise Conflict(
            f"Nothing was settled. {ahead.words}", next_step="Leave the books as they are, or ring whoever told it."
        )
    tablet_id = scan.tablet_id or job.tablet_id
    code = tags.codes_of(session, [tablet_id]).get(tablet_id, scan.code)
    found = Match(job, tablet_id, code, expected_to_bring(session, job))
    telling = telling_with(session, scan, found, actor=courier, settings=settings, now=now)
    try:
        with session.begin_nested():
            words = carry_out(session, telling)
    except (Conflict, BadInput, NotFound) as refused:
        why = " ".join(refused.reasons) if isinstance(refused, MoveRefused) and refused.reasons else refused.message
        raise Conflict(f"Nothing was settled. The books do not allow it: {why}") from refused
    scan.counts, scan.job_id, scan.run_id, scan.tablet_id = True, job.id, job.run_id, found.tablet_id
    scan.answer, scan.reason, scan.sentence = Answer.APPLIED, "counted_after_all", f"{found.code}. {words}"
    look_again(telling, found.code)

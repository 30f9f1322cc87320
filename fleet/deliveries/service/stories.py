"""A stop's story: the facts that count, with one more or without it, and what follows for those told before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.facts import Told
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.outcomes import outcome
from fleet.deliveries.rules import Answer, JobKind
from fleet.deliveries.service.figures import Telling
from fleet.deliveries.service.matching import Match
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.models import User
from fleet.users.rules import Role
from fleet.users.service import actor_of


def told_by(scan: Scan, job: DeliveryJob) -> Told:
    """What a scan says of its job: at a swap, of the tablet that goes out or of the one that comes back."""
    brought = job.kind is JobKind.SWAP and scan.tablet_id != job.tablet_id
    return Told(scan.client_id, scan.action, scan.effective_at, scan.sequence, scan.clock_flagged, brought)


def telling_with(
    session: Session, scan: Scan, found: Match, *, actor: Actor, settings: Settings, now: datetime
) -> Telling:
    """The stop's story with this fact, beside the story without it."""
    job = found.job
    others = queries.counted_scans(session, job.id)
    told = [told_by(each, job) for each in others]
    return Telling(
        job=job,
        tablet_id=job.tablet_id if job.kind is JobKind.SWAP else found.tablet_id,
        brings_id=found.brings_id,
        before=outcome(job.kind, told),
        after=outcome(job.kind, [*told, told_by(scan, job)]),
        scans={each.client_id: each for each in (*others, scan)},
        actor=actor,
        settings=settings,
        now=now,
    )


def changes(telling: Telling) -> bool:
    before, after = telling.before, telling.after
    swapped_at_last = telling.job.kind is JobKind.SWAP and before.door is None and after.door is not None
    return swapped_at_last or (after.state, after.attempts) != (before.state, before.attempts)


def look_again(telling: Telling, code: str) -> None:
    """What was told before may contradict the story as it is known by now, or do so no longer."""
    before, after = telling.before.contested, telling.after.contested
    for other_id in after - before:
        telling.scans[other_id].needs_review = True
    for other_id in before - after:
        freed = telling.scans[other_id]
        freed.needs_review = False
        if freed.answer is Answer.CONFLICT:
            say(freed, Answer.APPLIED, "", f"{code}. It fits what was told since.")


def say(scan: Scan, answer: Answer, reason: str, sentence: str) -> None:
    scan.answer, scan.reason, scan.sentence = answer, reason, sentence
    scan.needs_review = answer is Answer.CONFLICT


def teller(session: Session, scan: Scan) -> Actor | None:
    """The courier who told a fact, as who it counts."""
    user: User | None = queries.user(session, scan.courier_id or 0)
    return replace(actor_of(user), role=Role.COURIER) if user is not None and Role.COURIER in user.roles else None

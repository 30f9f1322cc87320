"""The figures of a job and its loan, as its facts together say them: how often, when, to whom, in what condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.facts import Details, Told, details_of, first_said
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.outcomes import Outcome
from fleet.deliveries.rules import Action, JobKind, JobState
from fleet.deliveries.words import KIT_WORDS
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import HandedTo
from fleet.loans.service import Condition
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Telling:
    """A job on its way into the books: what it was by its facts, what it is with one more, and who tells that one."""

    job: DeliveryJob
    tablet_id: int
    """The one the stop is about; at a swap the one that comes back."""
    brings_id: int | None
    """The one that goes out to a swap."""
    before: Outcome
    after: Outcome
    scans: Mapping[str, Scan]
    actor: Actor
    settings: Settings
    now: datetime

    def happening(self, fact: Told) -> Happening:
        """The moment of a fact. Its id goes into the logs once, with the first thing it does."""
        scan = self.scans[fact.id]
        done_before = fact in self.before.story
        return Happening(
            now=self.now, source=scan.source, client_at=fact.at, client_id=None if done_before else scan.client_id
        )

    def unsaid(self, fact: Told) -> Happening:
        """The same moment, for what the fact implies but nobody scanned."""
        return replace(self.happening(fact), client_id=None)

    @property
    def aside(self) -> Happening:
        """No moment of anybody's: what follows from the facts together."""
        return Happening(now=self.now, source="phone")

    def details(self, fact: Told) -> Details:
        return details_of(self.scans[fact.id].details)

    def seen(self, outcome: Outcome) -> Details:
        """What was ticked at the door, by all that was told of it; nothing while nothing was."""
        return first_said([self.details(fact) for fact in outcome.at_the_door])


def set_figures(session: Session, telling: Telling, loan: Loan | None) -> None:
    """Everything that is counted, dated or ticked is set from the outcome; nothing is added up on the way."""
    _set_job(telling)
    if loan is None:
        return
    _set_door(session, telling, loan)
    _set_place(session, telling)
    _set_attempts(session, telling, loan)


def _set_job(telling: Telling) -> None:
    """What the facts say of the job itself."""
    job, after = telling.job, telling.after
    failed = after.last(Action.FAILED)
    job.attempts = after.attempts
    job.fail_reason = telling.details(failed).reason if failed else None
    done = after.home if job.kind is JobKind.HOME else after.door
    job.done_at = done.at if done else None
    job.face = telling.seen(after).face
    if job.state is JobState.CLOSED and after.state is JobState.CLOSED and after.home is not None:
        job.closed_at = after.home.at


def _set_attempts(session: Session, telling: Telling, loan: Loan) -> None:
    """The loan's attempts are those of all its deliveries."""
    job = telling.job
    if job.kind is JobKind.DELIVER and telling.after.attempts != telling.before.attempts:
        loans.attempts_told(
            session,
            loan.id,
            queries.attempts_for(session, [loan.id])[loan.id, job.kind],
            actor=telling.actor,
            settings=telling.settings,
            happening=telling.aside,
        )


def _set_door(session: Session, telling: Telling, loan: Loan) -> None:
    """Where the moment at the door was known before and is told otherwise by now, the loan follows."""
    before, after = telling.before, telling.after
    if before.door is None or after.door is None:
        return
    seen, happening = telling.seen(after), telling.unsaid(after.door)
    if (after.door, seen) == (before.door, telling.seen(before)):
        return
    if telling.job.kind is JobKind.COLLECT:
        take_back(session, telling, loans.taken_back_earlier, happening)
        return
    if telling.job.kind is JobKind.SWAP:
        swap(session, telling, loans.swapped_earlier, happening)
        return
    loans.handed_over_earlier(
        session,
        loan.id,
        handed_to=seen.handed_to or HandedTo.PARTICIPANT,
        actor=telling.actor,
        settings=telling.settings,
        happening=happening,
    )


def _set_place(session: Session, telling: Telling) -> None:
    """Left at two places: the later one has it, whichever was told first."""
    before, after = telling.before.last(Action.DROP), telling.after.last(Action.DROP)
    if telling.before.state is not JobState.DROPPED or telling.after.state is not JobState.DROPPED or after is None:
        return
    if before is not None and telling.details(before).place == telling.details(after).place:
        return
    if tablets.get_tablet(session, telling.tablet_id).stage is Stage.IN_TRANSIT_BACK:
        leave_at_partner(session, telling, after, telling.unsaid(after))


def leave_at_partner(session: Session, telling: Telling, fact: Told, happening: Happening) -> None:
    """Ask the loans room to leave it at the place that this fact names."""
    loans.leave_at_partner(
        session,
        tablet_id=telling.tablet_id,
        place_id=telling.details(fact).place or 0,
        actor=telling.actor,
        settings=telling.settings,
        happening=happening,
    )


def take_back(session: Session, telling: Telling, act: Callable[..., Loan], happening: Happening) -> None:
    """Ask an act of the loans room about taking back, with what was seen at the door."""
    seen = telling.seen(telling.after)
    act(
        session,
        telling.job.of_loan,
        actor=telling.actor,
        settings=telling.settings,
        happening=happening,
        condition=Condition(seen.condition) if seen.condition else None,
        sim_in_tray=seen.sim_in_tray,
        kit_missing=", ".join(KIT_WORDS[part].lower() for part in sorted(seen.kit_missing)),
    )


def swap(session: Session, telling: Telling, act: Callable[..., Loan], happening: Happening) -> None:
    """Ask an act of the loans room about a swap, with what was seen at the door."""
    seen = telling.seen(telling.after)
    act(
        session,
        telling.job.of_loan,
        tablet_id=telling.tablet_id,
        brought_id=telling.brings_id,
        handed_to=seen.handed_to or HandedTo.PARTICIPANT,
        actor=telling.actor,
        settings=telling.settings,
        happening=happening,
        seen={
            "condition": seen.condition,
            "sim_in_tray": seen.sim_in_tray,
            "kit_missing": ", ".join(KIT_WORDS[part].lower() for part in sorted(seen.kit_missing)),
        },
    )

"""What a day leaves in the database, and how it ended in the eyes of a person the day after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from fleet.bundles.models import DataBundle, Sim
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.rules import Answer
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.tablets.models import Hold, Tablet, TabletEvent
from fleet.tablets.rules import HoldKind
from tests.fleet.deliveries.days.books import Books

EndState = dict[str, Any]


@dataclass(frozen=True)
class Stop:
    """A job with everything it concerns."""

    job: DeliveryJob
    loan: Loan
    tablet: Tablet
    sim: Sim
    bundle: DataBundle
    brings: Tablet | None

    @property
    def swapped(self) -> bool:
        return self.brings is not None and self.loan.swap_tablet_id is None

    @property
    def own(self) -> Tablet:
        """The tablet the loan has."""
        return self.brings if self.brings is not None and self.swapped else self.tablet

    @property
    def other(self) -> Tablet | None:
        """The other one of a swap: kept for it, or come back from it."""
        return self.tablet if self.swapped else self.brings


@dataclass(frozen=True)
class Left:
    """What a day leaves in the database."""

    stops: tuple[Stop, ...]
    scans: tuple[Scan, ...]
    holds: frozenset[tuple[int, HoldKind]]
    open_loans: tuple[tuple[int, int], ...]
    had: tuple[tuple[int, int, datetime, datetime | None], ...]
    """Which loan had which tablet, from when to when."""
    events: tuple[TabletEvent, ...]


_BRINGS = aliased(Tablet)
_STOPS = (
    select(DeliveryJob, Loan, Tablet, Sim, DataBundle, _BRINGS)
    .join(Loan, Loan.id == DeliveryJob.loan_id)
    .join(Tablet, Tablet.id == DeliveryJob.tablet_id)
    .join(LoanSim, LoanSim.loan_id == Loan.id)
    .join(Sim, Sim.id == LoanSim.sim_id)
    .join(DataBundle, DataBundle.sim_id == Sim.id)
    .outerjoin(_BRINGS, _BRINGS.id == DeliveryJob.brings_id)
    .where(DeliveryJob.id.in_(bindparam("jobs", expanding=True)))
    .order_by(DeliveryJob.id)
)
_LINKS = select(LoanTablet.loan_id, LoanTablet.tablet_id, LoanTablet.from_at, LoanTablet.to_at)
_HOLDS = select(Hold.tablet_id, Hold.kind).where(Hold.lifted_at.is_(None))
_SCANS = select(Scan).order_by(Scan.client_id)
_EVENTS = select(TabletEvent).order_by(TabletEvent.tablet_id, TabletEvent.id)


def read(session: Session, books: Books) -> Left:
    had = [(loan_id, tablet_id, since, until) for loan_id, tablet_id, since, until in session.execute(_LINKS)]
    return Left(
        stops=tuple(Stop(*row) for row in session.execute(_STOPS, {"jobs": books.jobs})),
        scans=tuple(session.scalars(_SCANS)),
        holds=frozenset((tablet_id, kind) for tablet_id, kind in session.execute(_HOLDS)),
        open_loans=tuple((tablet_id, loan_id) for loan_id, tablet_id, _, until in had if until is None),
        had=tuple(sorted(had, key=lambda each: each[:2])),
        events=tuple(session.scalars(_EVENTS)),
    )


def end_state(left: Left) -> EndState:
    """All that a person would notice the day after, of the stops, their loans, tablets and SIMs, and what is left
    for somebody to look at. Not in it: the logs and the times of writing, which tell when the news came; and the
    refusals, which were for the courier who was standing there."""
    end: EndState = {"holds": left.holds, "had": left.had}
    for place, stop in enumerate(left.stops):
        end |= {f"stop {place}: {name}": value for name, value in _of_a_stop(stop).items()}
    end["counted"] = [scan.client_id for scan in left.scans if scan.counts]
    end["to be looked at"] = [
        scan.client_id for scan in left.scans if scan.needs_review and scan.answer is not Answer.REFUSED
    ]
    return end


def differences(one: EndState, other: EndState) -> dict[str, tuple[Any, Any]]:
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}


def _of_a_stop(stop: Stop) -> EndState:
    return {
        **_fields(stop.job, "state", "ended", "attempts", "fail_reason", "face", "done_at", "closed_at"),
        **_fields(stop.loan, "state", "attempts", "handed_to", "agreement_accepted_at", "started_on"),
        **_fields(stop.loan, "original_due_on", "due_on", "returned_on", "condition", "sim_in_tray", "kit_missing"),
        **_fields(stop.loan, "return_arranged_at", "closed_at"),
        **_of_a_tablet(stop.tablet),
        **_fields(stop.loan, "swap_tablet_id"),
        **({f"brings: {name}": value for name, value in _of_a_tablet(stop.brings).items()} if stop.brings else {}),
        **_fields(stop.sim, "state"),
        **_fields(stop.bundle, "activated_on", "ends_on", "suspended_on"),
    }


def _of_a_tablet(tablet: Tablet) -> dict[str, Any]:
    return _fields(tablet, "stage", "data", "custody", "holder")


def _fields(row: object, *names: str) -> dict[str, Any]:
    return {f"{type(row).__name__}.{name}": getattr(row, name) for name in names}

"""The life of one tablet across its loans: when it was lent and came back, repaired and wiped. Never to or by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import NotFound
from fleet.loans.models import Loan, LoanTablet
from fleet.loans.words import KIND_WORDS
from fleet.proof import queries
from fleet.proof.rules import FATE_WORDS, FATES, Happened, HowItEnded, Repair, Stay, repairs, stays, total_days
from fleet.proof.service.statement import giver_bound
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet, TabletEvent
from fleet.tablets.rules import Move
from fleet.tablets.words import name_of
from fleet.users.actor import Actor
from fleet.users.rules import Role

_KINDS = (
    Move.HAND_OVER,
    Move.HUB_HAND_OVER,
    Move.UNDO_HAND_OVER,
    Move.UNDO_HUB_HAND_OVER,
    Move.COLLECT,
    Move.HAND_IN,
    Move.HAND_IN_ELSEWHERE,
    Move.UNDO_HAND_IN,
    Move.LOSE,
    Move.GIFT,
    Move.SEND_TO_REPAIR,
    Move.BACK_FROM_REPAIR,
    Move.RETIRE,
)


@dataclass(frozen=True)
class Loaned:
    """One loan of the tablet, by its place in the row of them. Outside the hub, days are told as months."""

    number: int
    kind: str
    began: str
    ended: str
    how: HowItEnded
    days: int | None
    condition: str


@dataclass(frozen=True)
class Wiped:
    on: str
    certificate: str


@dataclass(frozen=True)
class Mended:
    began: str
    ended: str


@dataclass(frozen=True)
class Life:
    """What a tablet has been through. `serial` is empty for those who may not know which tablet it is."""

    tablet_id: int
    kind: str
    serial: str
    stands: str
    loans: tuple[Loaned, ...]
    repairs: tuple[Mended, ...]
    wipes: tuple[Wiped, ...]
    days_lent: int
    exact: bool

    @property
    def sentence(self) -> str:
        """Lent 4 times, 112 days in all; repaired once; wiped 5 times."""
        lent = f"Lent {_times(len(self.loans))}, {_days(self.days_lent)} in all" if self.loans else "Not lent yet"
        mended = f"repaired {_times(len(self.repairs))}" if self.repairs else "never repaired"
        wiped = f"wiped {_times(len(self.wipes))}" if self.wipes else "not wiped yet"
        return f"{lent}; {mended}; {wiped}."


def life_of(session: Session, tablet_id: int, *, actor: Actor, now: datetime) -> Life:
    """A tablet's life as this person may know it: the hub day by day, a giver and an evaluator by months; an evaluator
    without the serial. Raises `NotFound`, also where it is not this giver's."""
    tablet = tablets.get_tablet(session, tablet_id)
    bound = giver_bound(actor)
    if bound is not None and not queries.is_gift_of(session, tablet_id, bound):
        raise NotFound(f"There is no tablet number {tablet_id}.", next_step="Look for it among your gifts.")
    exact = actor.role not in (Role.DONOR, Role.EVALUATOR)
    log = [Happened(each.kind, _day_of(each)) for each in queries.log(session, tablet_id, *_KINDS)]
    was_lent, today = stays(log), local_date(now)
    of_loans = _of_loans(queries.loans_of_tablet(session, tablet_id), was_lent)
    return Life(
        tablet_id=tablet.id,
        kind=name_of(tablet),
        serial="" if actor.role is Role.EVALUATOR else tablet.serial,
        stands=FATE_WORDS[FATES[tablet.stage]],
        loans=tuple(
            _loaned(number, stay, of_loans.get(number, ("", "")), today, exact)
            for number, stay in enumerate(was_lent, start=1)
        ),
        repairs=tuple(_mended(each, exact) for each in repairs(log)),
        wipes=_wipes(session, tablet, exact),
        days_lent=total_days(was_lent, today),
        exact=exact,
    )


def _day_of(event: TabletEvent) -> date:
    """When it happened, as the phone tells it that was there."""
    return local_date(event.client_at or event.at)


def _loaned(number: int, stay: Stay, of_loan: tuple[str, str], today: date, exact: bool) -> Loaned:
    ended = _said(stay.ended, exact) if stay.ended else ""
    days = stay.days(today) if exact else None
    return Loaned(number, of_loan[0], _said(stay.began, exact), ended, stay.how, days, of_loan[1])


def _mended(each: Repair, exact: bool) -> Mended:
    return Mended(_said(each.began, exact), _said(each.ended, exact) if each.ended else "")


def _wipes(session: Session, tablet: Tablet, exact: bool) -> tuple[Wiped, ...]:
    found = queries.certificates(session, tablet.id)
    return tuple(Wiped(_said(local_date(each.issued_at), exact), each.number) for each in found)


def _of_loans(rows: Sequence[tuple[LoanTablet, Loan]], was_lent: Sequence[Stay]) -> dict[int, tuple[str, str]]:
    """By the number of the stay, the kind of its loan, and how the tablet came back where the loan ended with it."""
    found = {}
    for number, stay in enumerate(was_lent, start=1):
        for link, loan in rows:
            began = local_date(link.from_at)
            if began <= stay.began and (link.to_at is None or stay.began <= local_date(link.to_at)):
                back = stay.how is HowItEnded.BACK and loan.returned_on == stay.ended
                found[number] = (KIND_WORDS[loan.kind], loan.condition.replace("_", " ") if back else "")
    return found


def _said(day: date, exact: bool) -> str:
    return f"{day:%-d %B %Y}" if exact else f"{day:%B %Y}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"

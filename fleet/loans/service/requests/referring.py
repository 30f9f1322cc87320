"""Asking for many people at once from a sheet: looked at row by row first, and then kept whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.queries import turns
from fleet.loans.rules.sheets import read_sheet
from fleet.loans.service.requests.asking import request_loan
from fleet.loans.service.requests.sheets import Referral, compared, looked_row, without_a_place
from fleet.people import service as people
from fleet.settings import Settings
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Looked:
    """A sheet as it was looked at. `problem` says why none of it could be read."""

    rows: tuple[Referral, ...] = ()
    problem: str = ""

    @property
    def may_be_kept(self) -> bool:
        return bool(self.rows) and not any(row.problems for row in self.rows)


def look_at_sheet(session: Session, text: str, *, happening: Happening, referrer_id: int | None) -> Looked:
    """Say of every row what is wrong with it, and whom it looks like. Keeps nothing.

    A partner is told only of its own people: whom others asked for is not theirs to know.
    """
    sheet = read_sheet(text)
    programmes = {each.name.lower(): each.id for each in cohorts.active_programmes(session)}
    open_months = cohorts.cohorts_not_over(session, local_date(happening.now))
    months = {(each.programme_id, each.name.lower()): each for each in open_months}
    seen: dict[tuple[str, ...], int] = {}
    rows = []
    for row in sheet.rows:
        referral = looked_row(session, row, programmes, months, local_date(happening.now))
        rows.append(compared(session, referral, seen, referrer_id))
    return Looked(_with_places(session, rows), sheet.problem)


def _with_places(session: Session, rows: Sequence[Referral]) -> tuple[Referral, ...]:
    """The rows, those beyond the places of their cohort with that as a problem."""
    wanted = {row.cohort.id for row in rows if row.cohort is not None}
    full = without_a_place(rows, {each: turns.asked_into(session, each) for each in sorted(wanted)})
    return tuple(
        replace(row, problems=(*row.problems, full[row.number])) if row.number in full else row for row in rows
    )


def keep_sheet(
    session: Session,
    text: str,
    *,
    somebody_else: Collection[int],
    same_person: Collection[int] = (),
    hub_id: int,
    referrer_id: int | None,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> list[Loan]:
    """Ask for everybody in a sheet, or for nobody. Raises `BadInput` while any row has a problem.

    A row that looks like somebody already asked for is left out, unless its number is in `somebody_else`, or in
    `same_person`: then it is a request on the record that is there. The same sheet kept twice makes each request once.
    """
    looked = look_at_sheet(session, text, happening=happening, referrer_id=referrer_id)
    if not looked.may_be_kept:
        raise BadInput(
            "Nobody was asked for: the whole file is kept, or nothing of it.",
            fields={"sheet": looked.problem or "Some rows have a problem. Mend them and send the file again."},
        )
    mark = sha256(f"{referrer_id}:{text}".encode()).hexdigest()[:40]
    again = {row.number: row.same_person_id for row in looked.rows if row.number in same_person}
    kept = [row for row in looked.rows if not row.same_as or row.number in somebody_else or again.get(row.number)]
    return [
        _ask(
            session,
            row,
            person_id=again.get(row.number),
            hub_id=hub_id,
            referrer_id=referrer_id,
            actor=actor,
            settings=settings,
            happening=Happening(now=happening.now, source=happening.source, client_id=f"sheet-{mark}-{row.number}"),
        )
        for row in kept
    ]


def _ask(
    session: Session,
    row: Referral,
    *,
    person_id: int | None,
    hub_id: int,
    referrer_id: int | None,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Loan:
    assert row.details is not None
    assert row.programme_id is not None
    assert row.asked is not None
    if person_id is None:
        recorded = people.add_person(
            session, row.details, hub_id=hub_id, referrer_id=referrer_id, actor=actor, happening=happening
        )
        person_id = recorded.person.id
    return request_loan(
        session,
        person_id=person_id,
        programme_id=row.programme_id,
        cohort_id=row.cohort.id if row.cohort is not None else None,
        safe_at_home=row.asked.safe_at_home,
        barriers=row.asked.barriers,
        referrer_id=referrer_id,
        actor=actor,
        settings=settings,
        happening=happening,
    )

"""Asking for many people at once from a sheet: looked at row by row first, and then kept whole or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules.sheets import read_sheet
from fleet.loans.service.requests.asking import request_loan
from fleet.loans.service.requests.sheets import Referral, looked_row, same_as
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
    seen: dict[tuple[str, ...], int] = {}
    rows = []
    for row in sheet.rows:
        referral = looked_row(session, row, programmes, local_date(happening.now))
        rows.append(replace(referral, same_as=same_as(session, referral, seen, referrer_id)))
    return Looked(tuple(rows), sheet.problem)


def keep_sheet(
    session: Session,
    text: str,
    *,
    somebody_else: Collection[int],
    hub_id: int,
    referrer_id: int | None,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> list[Loan]:
    """Ask for everybody in a sheet, or for nobody. Raises `BadInput` while any row has a problem.

    A row that looks like somebody already asked for is left out, unless its number is in `somebody_else`. The same
    sheet kept twice makes each request once.
    """
    looked = look_at_sheet(session, text, happening=happening, referrer_id=referrer_id)
    if not looked.may_be_kept:
        raise BadInput(
            "Nobody was asked for: the whole file is kept, or nothing of it.",
            fields={"sheet": looked.problem or "Some rows have a problem. Mend them and send the file again."},
        )
    mark = sha256(f"{referrer_id}:{text}".encode()).hexdigest()[:40]
    kept = [row for row in looked.rows if not row.same_as or row.number in somebody_else]
    return [
        _ask(
            session,
            row,
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
    hub_id: int,
    referrer_id: int | None,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Loan:
    assert row.details is not None
    assert row.programme_id is not None
    assert row.asked is not None
    recorded = people.add_person(
        session, row.details, hub_id=hub_id, referrer_id=referrer_id, actor=actor, happening=happening
    )
    return request_loan(
        session,
        person_id=recorded.person.id,
        programme_id=row.programme_id,
        safe_at_home=row.asked.safe_at_home,
        barriers=row.asked.barriers,
        referrer_id=referrer_id,
        actor=actor,
        settings=settings,
        happening=happening,
    )

"""Asking for many people at once from a sheet: looked at row by row first, and then kept whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Programme
from fleet.cohorts.rules import not_for_them
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import Barrier, SafeAtHome
from fleet.loans.rules.sheets import SheetRow, read_sheet
from fleet.loans.service.asking import request_loan
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.rules import age_problem, area_of, tidy_phone, tidy_postcode
from fleet.people.schemas import PersonIn
from fleet.people.service import Details
from fleet.settings import Settings
from fleet.users.actor import Actor

Model = TypeVar("Model", bound=BaseModel)


class Asked(BaseModel):
    """What a row asks for, apart from the person."""

    safe_at_home: SafeAtHome | None = None
    barriers: list[Barrier] = []


@dataclass(frozen=True)
class Referral:
    """One row as it would be kept. `problems` stop the whole sheet; `same_as` says whom it looks like."""

    number: int
    name: str
    problems: tuple[str, ...] = ()
    same_as: str = ""
    details: Details | None = None
    programme_id: int | None = None
    asked: Asked | None = None


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
        referral = _looked(session, row, programmes, local_date(happening.now))
        rows.append(replace(referral, same_as=_same(session, referral, seen, referrer_id)))
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


def _looked(session: Session, row: SheetRow, programmes: Mapping[str, int], today: date) -> Referral:
    cells = dict(row.cells)
    programme_id, programme_problem = _programme(cells.pop("programme", None), programmes)
    problems = [*row.problems, *programme_problem]
    asked = _read(Asked, {name: cells.pop(name) for name in Asked.model_fields if name in cells}, problems)
    person = _read(PersonIn, cells, problems)
    details = person.details() if person is not None else None
    if details is not None:
        try:
            people.check(details, today)
        except BadInput as refused:
            problems += refused.fields.values()
    if programme_id is not None and details is not None and asked is not None:
        problems += _not_for_them(cohorts.get_programme(session, programme_id), details, asked, today)
    name = f"{cells.get('first_name', '')} {cells.get('last_name', '')}".strip()
    return Referral(row.number, name or "No name", tuple(problems), "", details, programme_id, asked)


def _not_for_them(programme: Programme, details: Details, asked: Asked, today: date) -> list[str]:
    """The programme's own rules, which a request asks again."""
    too_young = age_problem(details.birth_year, programme.min_age, today)
    area = area_of(tidy_postcode(details.postcode))
    others = not_for_them(programme.policy, area=area, barriers=asked.barriers)
    return [*([too_young] if too_young else []), *others.values()]


def _read(model: type[Model], cells: Mapping[str, object], problems: list[str]) -> Model | None:
    try:
        return model.model_validate(cells)
    except ValidationError as error:
        problems += [f"{each['loc'][0]}: {each['msg']}." for each in error.errors(include_url=False)]
        return None


def _programme(typed: object, programmes: Mapping[str, int]) -> tuple[int | None, list[str]]:
    """By name; where there is only one, the cell may be empty."""
    if typed is None and len(programmes) == 1:
        return next(iter(programmes.values())), []
    found = programmes.get(str(typed or "").lower())
    return found, [] if found is not None else [f"programme: write one of {', '.join(sorted(programmes)) or 'none'}."]


def _same(session: Session, referral: Referral, seen: dict[tuple[str, ...], int], referrer_id: int | None) -> str:
    if referral.details is None:
        return ""
    details = referral.details
    phone, postcode = tidy_phone(details.phone), tidy_postcode(details.postcode)
    keys: list[tuple[str, ...]] = [("phone", phone)] if phone else []
    if postcode:
        keys.append((details.first_name.lower(), details.last_name.lower(), postcode))
    before = next((seen[key] for key in keys if key in seen), None)
    seen.update({key: referral.number for key in keys if key not in seen})
    if before is not None:
        return f"the same as row {before} of this file"
    return _on_record(people.look_alikes(session, details), referrer_id)


def _on_record(alike: Iterable[Person], referrer_id: int | None) -> str:
    own = [each for each in alike if referrer_id is None or each.referrer_id == referrer_id]
    return f"{own[0].first_name} {own[0].last_name}, who is on record already" if own else ""

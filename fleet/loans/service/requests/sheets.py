"""One row of a sheet of people, read: what is wrong with it, and whom it looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Cohort, Programme
from fleet.cohorts.rules import not_for_them
from fleet.errors import BadInput
from fleet.loans.rules import Barrier, SafeAtHome
from fleet.loans.rules.sheets import SheetRow
from fleet.loans.service.requests.cohort import full_words
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.rules import age_problem, area_of, tidy_phone, tidy_postcode
from fleet.people.schemas import PersonIn
from fleet.people.service import Details

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
    same_person_id: int | None = None
    """The record that it looks like, where it is one and not another row of the file."""
    details: Details | None = None
    programme_id: int | None = None
    cohort: Cohort | None = None
    asked: Asked | None = None


Months = Mapping[tuple[int, str], Cohort]
"""(programme, name in small letters) -> a cohort that is still to end."""


def looked_row(session: Session, row: SheetRow, programmes: Mapping[str, int], months: Months, today: date) -> Referral:
    cells = dict(row.cells)
    programme_id, programme_problem = _programme(cells.pop("programme", None), programmes)
    cohort, cohort_problem = _cohort(cells.pop("cohort", None), programme_id, months)
    problems = [*row.problems, *programme_problem, *cohort_problem]
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
    return Referral(row.number, name or "No name", tuple(problems), "", None, details, programme_id, cohort, asked)


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


def _cohort(typed: object, programme_id: int | None, months: Months) -> tuple[Cohort | None, list[str]]:
    """By its name within the programme; an empty cell is a loan of their own."""
    if typed is None or programme_id is None:
        return None, []
    found = months.get((programme_id, str(typed).lower()))
    names = sorted(cohort.name for (number, _), cohort in months.items() if number == programme_id)
    return found, [] if found is not None else [f"cohort: write one of {', '.join(names) or 'none'}, or nothing."]


def without_a_place(rows: Iterable[Referral], taken: Mapping[int, int]) -> dict[int, str]:
    """Row -> that its cohort is full, once those above it have their places. `taken` is by cohort. Who is left out of
    the file takes none."""
    asked = Counter(taken)
    found = {}
    for row in rows:
        if row.cohort is None or row.same_as:
            continue
        if full := full_words(row.cohort, asked[row.cohort.id], 1):
            found[row.number] = f"cohort: {full}"
        else:
            asked[row.cohort.id] += 1
    return found


def compared(
    session: Session, referral: Referral, seen: dict[tuple[str, ...], int], referrer_id: int | None
) -> Referral:
    """The row with whom it looks like."""
    if referral.details is None:
        return referral
    details = referral.details
    phone, postcode = tidy_phone(details.phone), tidy_postcode(details.postcode)
    keys: list[tuple[str, ...]] = [("phone", phone)] if phone else []
    if postcode:
        keys.append((details.first_name.lower(), details.last_name.lower(), postcode))
    before = next((seen[key] for key in keys if key in seen), None)
    seen.update({key: referral.number for key in keys if key not in seen})
    if before is not None:
        return replace(referral, same_as=f"the same as row {before} of this file")
    own = _on_record(people.look_alikes(session, details), referrer_id)
    if own is None:
        return referral
    return replace(
        referral, same_as=f"{own.first_name} {own.last_name}, who is on record already", same_person_id=own.id
    )


def _on_record(alike: Iterable[Person], referrer_id: int | None) -> Person | None:
    return next((each for each in alike if referrer_id is None or each.referrer_id == referrer_id), None)

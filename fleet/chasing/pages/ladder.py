"""A programme's ladder: who hears from us when, and in what words; tried on real loans before it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.chasing import service
from fleet.chasing.api import Chaser
from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import MOVED, Acts, Ladder, Rung, with_words_kept
from fleet.chasing.service import Planned, Previewed, Words
from fleet.chasing.words import ACTION_TAGS, ACTS_CHOICES, BY_WORDS, WAY_CHOICES, hard_words
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.database.lists import Found
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans.words import due_line
from fleet.people.rules import Channel
from fleet.people.sight import seen
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/chasing")

EMPTY_STEPS = 1
"""How many empty steps stand below the others, to be filled in."""


@dataclass(frozen=True)
class Step:
    """One step in the form, as it was typed."""

    number: int
    title: str
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def acts(self) -> str:
        """Who acts, while the step is folded up."""
        return dict(ACTS_CHOICES).get(self.values["by"], "") if self.values["days"] else ""


@dataclass(frozen=True)
class Line:
    """One real loan in the preview."""

    loan_id: int
    name: str
    due: str
    as_it_is: str
    as_it_would_be: str

    @property
    def changes(self) -> bool:
        return self.as_it_is != self.as_it_would_be


@dataclass(frozen=True)
class LadderPage:
    programme_id: int
    programme: str
    steps: tuple[Step, ...]
    grace_days: str
    errors: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    words: tuple[Words, ...] = ()
    tried: bool = False
    may_do: bool = True
    acts: tuple[tuple[str, str], ...] = ACTS_CHOICES
    ways: tuple[tuple[str, str], ...] = WAY_CHOICES
    always: Rung = MOVED
    title: str = "Who hears from us, and when?"


@dataclass(frozen=True)
class LaddersPage:
    table: Table
    title: str = "Whose ladder is whose?"


@router.get("/ladders", dependencies=[Depends(may(Permission.CHASING_SEE))])
def ladders_page(request: Request, session: ReadSession, query: Listed) -> Response:
    programmes = service.programmes_with_ladders(session)
    start = (query.page - 1) * query.per_page
    shown = table(
        Found(programmes[start : start + query.per_page], len(programmes), query),
        caption="Programmes and their ladders",
        columns=(Column("Programme"), Column("Ladder"), Column("Steps", numeric=True)),
        row=lambda each: (
            Cell(each.name, href=f"/chasing/programmes/{each.programme_id}/ladder"),
            Cell(f"its own, set by {each.set_by}" if each.set_by else "the usual one"),
            Cell(str(each.steps)),
        ),
        path="/chasing/ladders",
        empty="There is no programme yet. Each one that is set up follows the usual ladder until it gets its own.",
    )
    if query.as_csv:
        return table_csv("ladders", shown)
    return render(request, "chasing/ladders.html", LaddersPage(shown))


@router.get("/programmes/{programme_id}/ladder")
def ladder_page(
    request: Request,
    programme_id: RowId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.CHASING_SEE))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    ladder = service.ladder_of(session, cohorts.get_programme(session, programme_id).id)
    page = _page(session, programme_id, _typed(ladder), str(ladder.grace_days), may_do=actor.may(Permission.CHASING_DO))
    return render(request, "chasing/ladder.html", page)


@router.post("/programmes/{programme_id}/ladder")
def set_ladder(
    request: Request,
    programme_id: RowId,
    form: FormDep,
    session: WriteSession,
    actor: Chaser,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """Try the ladder on real loans, put the default back, or let the programme follow it: the button pressed says."""
    if form.get("press") == "default":
        ladder = default_ladder()
        service.set_ladder(
            session,
            programme_id,
            ladder.rungs,
            grace_days=ladder.grace_days,
            actor=actor,
            happening=Happening(now=clock()),
        )
        return see_other(f"/chasing/programmes/{programme_id}/ladder", said="The programme follows the usual ladder.")
    steps = _steps(form)
    try:
        rungs, grace_days = [_rung(step, steps) for step in steps], _number(form.get("grace_days"))
        kept = with_words_kept(rungs, service.ladder_of(session, programme_id))
        ladder = service.check_ladder(kept, grace_days)
        if form.get("press") == "save":
            service.set_ladder(
                session, programme_id, rungs, grace_days=grace_days, actor=actor, happening=Happening(now=clock())
            )
            said = f"The programme follows this ladder.{hard_words(ladder)}"
            return see_other(f"/chasing/programmes/{programme_id}/ladder", said=said)
    except BadInput as error:
        page = _page(session, programme_id, steps, form.get("grace_days"), errors=error.fields)
        return render(request, "chasing/ladder.html", page, status=422)
    previewed = service.preview_loans(session, programme_id, ladder, at=clock())
    page = _page(
        session,
        programme_id,
        steps,
        form.get("grace_days"),
        lines=tuple(_line(each, actor) for each in previewed),
        words=service.preview_words(previewed, ladder, settings),
        tried=True,
    )
    return render(request, "chasing/ladder.html", page)


FIELDS = (
    *("key", "days", "working_days", "stage", "by", "channel", "words", "task"),
    *("subject", "body", "easy", "arranged"),
)


def _typed(ladder: Ladder) -> list[dict[str, str]]:
    """The rungs as a form shows them."""
    return [
        {
            "key": rung.key,
            "days": str(rung.days),
            "working_days": "yes" if rung.working_days else "",
            "stage": str(rung.stage),
            "by": rung.by.value,
            "channel": rung.channel.value if rung.channel else "",
            "words": rung.words,
            "task": rung.task,
            "subject": rung.subject,
            "body": rung.body,
            "easy": rung.easy,
            "arranged": "yes" if rung.though_return_arranged else "",
        }
        for rung in ladder.rungs
    ]


def _steps(form: Form) -> list[dict[str, str]]:
    """The steps that were filled in and not struck out, in the order of their days."""
    found = []
    number = 0
    while f"days-{number}" in form.values:
        step = {name: form.get(f"{name}-{number}") for name in FIELDS}
        if step["days"].strip() and not form.get(f"remove-{number}"):
            found.append(step)
        number += 1
    return sorted(found, key=lambda step: _number(step["days"]) if _is_number(step["days"]) else 0)


def _rung(step: Mapping[str, str], steps: Sequence[Mapping[str, str]]) -> Rung:
    place = steps.index(step)
    if not _is_number(step["days"]) or not _is_number(step["stage"]):
        name = "stage" if _is_number(step["days"]) else "days"
        raise BadInput("The ladder was not changed.", fields={f"{name}-{place}": "Enter a whole number."})
    return Rung(
        key=step["key"] or _free_key(steps),
        days=_number(step["days"]),
        stage=_number(step["stage"]),
        by=Acts(step["by"]) if step["by"] in list(Acts) else Acts.COORDINATOR,
        words=step["words"].strip(),
        task=step["task"].strip(),
        working_days=bool(step["working_days"]),
        though_return_arranged=bool(step["arranged"]),
        channel=Channel(step["channel"]) if step["channel"] in list(Channel) else None,
        subject=step["subject"].strip(),
        body=step["body"].replace("\r\n", "\n").strip(),
        easy=step["easy"].replace("\r\n", "\n").strip(),
    )


def _free_key(steps: Sequence[Mapping[str, str]]) -> str:
    taken = {step["key"] for step in steps} | {rung.key for rung in default_ladder().rungs}
    return next(key for key in (f"step_{number}" for number in range(1, 100)) if key not in taken)


def _is_number(typed: str) -> bool:
    return typed.strip().removeprefix("-").isdecimal() and len(typed.strip()) <= 5


def _number(typed: str) -> int:
    if not _is_number(typed):
        raise BadInput("The ladder was not changed.", fields={"grace_days": "Enter a whole number."})
    return int(typed)


def _page(
    session: Session,
    programme_id: int,
    typed: Sequence[Mapping[str, str]],
    grace_days: str,
    *,
    errors: Mapping[str, str] | None = None,
    lines: tuple[Line, ...] = (),
    words: tuple[Words, ...] = (),
    tried: bool = False,
    may_do: bool = True,
) -> LadderPage:
    found = errors or {}
    blank = {**dict.fromkeys(FIELDS, ""), "by": Acts.COORDINATOR.value}
    every = [*typed, *[blank] * (EMPTY_STEPS if may_do else 0)]
    steps = tuple(
        Step(
            number,
            each["words"] or "another step",
            each,
            {name: found[f"{name}-{number}"] for name in FIELDS if f"{name}-{number}" in found},
        )
        for number, each in enumerate(every)
    )
    programme = cohorts.get_programme(session, programme_id)
    return LadderPage(programme.id, programme.name, steps, grace_days, found, lines, words, tried, may_do)


def _line(each: Previewed, actor: Actor) -> Line:
    situation = each.situation
    today = local_date(situation.facts.local)
    return Line(
        situation.loan.id,
        seen(situation.person, (), actor).name,
        due_line(situation.loan, today),
        _said(each.as_it_is),
        _said(each.as_it_would_be),
    )


def _said(planned: Planned | None) -> str:
    if planned is None:
        return "Nothing is due"
    tag = ACTION_TAGS[planned.action].word
    what = f"{tag} by {BY_WORDS[planned.channel]}" if planned.action.value == "message" else tag
    return f"{what}: {planned.rung.words}"

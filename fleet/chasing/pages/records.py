"""Who would get what on a day, and everything the ladder has asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.chasing import queries, service
from fleet.chasing.api import Day
from fleet.chasing.models import Chase
from fleet.chasing.rules import ChaseState, short_day, week_day
from fleet.chasing.service import Planned
from fleet.chasing.wording import ENGLISH
from fleet.chasing.words import ACTION_TAGS, BY_WORDS, STATE_TAGS
from fleet.clock import local_date
from fleet.database.lists import Found
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep
from fleet.people.models import Person
from fleet.people.service import viewed_all
from fleet.people.sight import seen
from fleet.people.words import language_words
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/chasing")

DRY_COLUMNS = (
    Column("Name"),
    Column("Due"),
    Column("What"),
    Column("Step"),
    Column("Why"),
    Column("Loan", numeric=True),
)
LEDGER_COLUMNS = (
    Column("When", "when", whole=True),
    Column("Loan", "loan", numeric=True),
    Column("Step", "stage"),
    Column("How it stands", "state"),
    Column("By"),
    Column("Note"),
)


@dataclass(frozen=True)
class DryRunPage:
    table: Table
    on: date
    earliest: date
    day: str
    title: str = "Who would hear from us?"


@dataclass(frozen=True)
class LedgerPage:
    table: Table
    title: str = "What have we sent?"


@router.get("/dry-run")
def dry_run_page(
    request: Request,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.CHASING_SEE))],
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    query: Listed,
    on: Day = None,
) -> Response:
    today = local_date(clock())
    day = service.day_asked(on, today=today)
    planned, total = service.plan_page(
        session,
        day,
        first=(query.page - 1) * query.per_page,
        count=query.per_page,
        is_copy=service.is_copy(session, settings),
    )
    found = Found(planned, total, query)
    people = queries.people(session, [each.person_id for each in found.items])
    viewed_all(database, people, actor=actor, now=clock())
    shown = table(
        found,
        caption=f"On {week_day(day)}",
        columns=DRY_COLUMNS,
        row=lambda each: _planned_row(each, people, actor),
        path="/chasing/dry-run",
        empty=f"Nobody would hear from us on {week_day(day)}. Choose another day to see who would.",
    )
    if query.as_csv:
        return table_csv(f"dry-run-{day}", shown)
    return render(request, "chasing/dry_run.html", DryRunPage(shown, day, today, week_day(day)))


@router.get("/ledger", dependencies=[Depends(may(Permission.CHASING_SEE))])
def ledger_page(request: Request, session: ReadSession, query: Listed) -> Response:
    states = (("", "Any"), *((state.value, STATE_TAGS[state].word) for state in ChaseState))
    found = queries.find_chases(session, query)
    names = service.step_names(session, found.items)
    shown = table(
        found,
        caption="Messages and tasks",
        columns=LEDGER_COLUMNS,
        row=lambda each: _ledger_row(each, names[each.id]),
        path="/chasing/ledger",
        filters=(
            Filter("state", "How it stands", query.filter("state"), states),
            Filter("loan", "Loan number", query.filter("loan")),
        ),
        empty="Every message and task will be listed here, from a week before a tablet is due.",
    )
    if query.as_csv:
        return table_csv("chasing-ledger", shown)
    return render(request, "chasing/ledger.html", LedgerPage(shown))


def _planned_row(each: Planned, people: Mapping[int, Person], actor: Actor) -> tuple[Cell, ...]:
    tag = ACTION_TAGS[each.action]
    what = f"{tag.word} by {BY_WORDS[each.channel]}" if each.action.value == "message" else tag.word
    if each.language not in ("", ENGLISH):
        what += f", in {language_words(each.language)}"
    return (
        Cell(seen(people[each.person_id], (), actor).name, href=f"/chasing/loans/{each.loan_id}"),
        Cell(short_day(each.due_on)),
        Cell(what, state=tag.shape),
        Cell(each.rung.words),
        Cell(each.why),
        Cell(str(each.loan_id)),
    )


def _ledger_row(chase: Chase, step: str) -> tuple[Cell, ...]:
    tag = STATE_TAGS[chase.state]
    return (
        Cell(f"{local_date(chase.created_at):%-d %b %Y}"),
        Cell(str(chase.loan_id), href=f"/chasing/loans/{chase.loan_id}"),
        Cell(step, note=f"stage {chase.stage}"),
        Cell(tag.word, state=tag.shape),
        Cell(BY_WORDS[chase.channel] if chase.channel else ""),
        Cell(chase.note),
    )

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
from fleet.chasing.pages.day_parts import WaysOut, ways_out_of
from fleet.chasing.rules import ChaseState, short_day, week_day
from fleet.chasing.service import Done, Planned
from fleet.chasing.wording import ENGLISH
from fleet.chasing.words import ACTION_TAGS, BY_WORDS, STATE_TAGS, done_words, state_tag
from fleet.clock import local_date
from fleet.database.lists import Found
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep
from fleet.people.models import Person
from fleet.people.service import list_taken, viewed_all
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
class Said:
    """What the page says of a day gone by, of today, or of one to come."""

    heading: str
    lead: str
    empty: str


@dataclass(frozen=True)
class DryRunPage:
    table: Table
    on: date
    said: Said
    ways: WaysOut
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
    now = clock()
    today = local_date(now)
    day = service.day_asked(on, today=today)
    told = service.dry_run(
        session,
        day,
        now=now,
        first=(query.page - 1) * query.per_page,
        count=query.per_page,
        is_copy=service.is_copy(session, settings),
    )
    found = Found(told.lines, told.total, query)
    people = queries.people(session, [each.person_id for each in found.items])
    viewed_all(database, people, actor=actor, now=now)
    said = _said(day, today)
    shown = table(
        found,
        caption=f"On {week_day(day)}",
        columns=DRY_COLUMNS,
        row=lambda each: _line(each, people, actor),
        path="/chasing/dry-run",
        empty=said.empty,
    )
    if query.as_csv:
        what = f"list of who hears from us on {day:%-d %B %Y}"
        list_taken(database, "dry-run", what, people, actor=actor, now=now)
        return table_csv(f"dry-run-{day}", shown)
    return render(request, "chasing/dry_run.html", DryRunPage(shown, day, said, ways_out_of(settings)))


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


def _said(day: date, today: date) -> Said:
    on = week_day(day)
    if day < today:
        return Said(
            f"Who heard from us on {on}?",
            "What was done that day, as the ledger has it.",
            f"Nobody heard from us on {on}, and nobody was asked to ring. Why? on a person’s page says more.",
        )
    if day == today:
        return Said(
            f"Who hears from us today, {on}?",
            "First what was done so far, then what is planned if nothing changes. Nothing is sent from here.",
            f"Nobody hears from us on {on}. Choose another day to see who would.",
        )
    return Said(
        f"Who would hear from us on {on}?",
        "If nothing changes before then. Nothing is sent from here.",
        f"Nobody would hear from us on {on}. Choose another day to see who would.",
    )


def _line(each: Planned | Done, people: Mapping[int, Person], actor: Actor) -> tuple[Cell, ...]:
    return _done_row(each, people, actor) if isinstance(each, Done) else _planned_row(each, people, actor)


def _done_row(each: Done, people: Mapping[int, Person], actor: Actor) -> tuple[Cell, ...]:
    return (
        Cell(seen(people[each.person_id], (), actor).name, href=f"/chasing/loans/{each.loan_id}"),
        Cell(short_day(each.due_on)),
        Cell(
            done_words(each.state, each.action, each.channel) + _in_language(each.language),
            state=STATE_TAGS[each.state].shape,
        ),
        Cell(each.step),
        Cell(each.note),
        Cell(str(each.loan_id)),
    )


def _in_language(language: str) -> str:
    return f", in {language_words(language)}" if language not in ("", ENGLISH) else ""


def _planned_row(each: Planned, people: Mapping[int, Person], actor: Actor) -> tuple[Cell, ...]:
    tag = ACTION_TAGS[each.action]
    what = f"{tag.word} by {BY_WORDS[each.channel]}" if each.action.value == "message" else tag.word
    return (
        Cell(seen(people[each.person_id], (), actor).name, href=f"/chasing/loans/{each.loan_id}"),
        Cell(short_day(each.due_on)),
        Cell(what + _in_language(each.language), state=tag.shape),
        Cell(each.rung.words),
        Cell(each.why),
        Cell(str(each.loan_id)),
    )


def _ledger_row(chase: Chase, step: str) -> tuple[Cell, ...]:
    tag = state_tag(chase.state, chase.channel)
    return (
        Cell(f"{local_date(chase.created_at):%-d %b %Y}"),
        Cell(str(chase.loan_id), href=f"/chasing/loans/{chase.loan_id}"),
        Cell(step, note=f"stage {chase.stage}"),
        Cell(tag.word, state=tag.shape),
        Cell(BY_WORDS[chase.channel] if chase.channel else ""),
        Cell(chase.note),
    )

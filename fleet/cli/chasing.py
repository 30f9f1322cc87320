"""`doorstep chase` and `doorstep why`: who would hear from us on a day, and why somebody did or did not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer

from fleet.chasing import service
from fleet.chasing.schemas import PlannedOut, TickOut
from fleet.chasing.service import Done, LookedBack, Planned, Story
from fleet.chasing.words import ACTION_TAGS, BY_WORDS, done_words
from fleet.cli.console import JsonOption, fail, out, print_json, print_rows, speaks_plainly
from fleet.cli.installation import the_database
from fleet.clock import Clock, installation_clock, local_date
from fleet.database.session import Database
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

DayOption = Annotated[
    datetime | None,
    typer.Option(
        "--on", formats=["%Y-%m-%d"], help="A day within a year of today, such as 2026-06-12; today if left out."
    ),
]


@contextmanager
def _here() -> Iterator[tuple[Settings, Database, Clock]]:
    settings = Settings()
    with the_database(settings) as database:
        yield settings, database, installation_clock(demo=settings.demo, data_dir=settings.data_dir)


@speaks_plainly
def chase(
    on: DayOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say who would get, or got, what, and do nothing.")
    ] = False,
    ours: Annotated[
        bool,
        typer.Option("--this-is-ours", help="Say that this restored database counts from here on, and may send again."),
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="With --this-is-ours: the day on which the backup was made, where that is known."
        ),
    ] = None,
    send_all: Annotated[
        bool, typer.Option("--send-all", help="With --this-is-ours: send also what may have left before the restore.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Send what is due to borrowers, or say who gets or got what on a day.

    Sending is what the schedule does every five minutes; the tasks that people do are made with it. Numbers only: no
    names.

    Example: `doorstep chase --on 2026-06-12 --dry-run --json`
    """
    if on is not None and not dry_run:
        raise fail("Nothing was sent: a day can be looked at, not lived through.", "Add --dry-run, or leave --on out.")
    with _here() as (settings, database, clock):
        back = None
        if ours:
            way_out = service.outbox(settings)
            back = service.accept(
                database,
                settings,
                channel=way_out,
                clock=clock,
                actor=SYSTEM,
                since=_day(since),
                send_all=send_all,
            )
        if dry_run:
            _dry_run(settings, database, clock, _day(on), as_json=as_json)
            return
        done = service.tick(database, clock=clock, settings=settings, channel=service.outbox(settings))
        copied = _is_copy(settings, database)
    if as_json:
        print_json({**TickOut.model_validate(done).model_dump(), "is_copy": copied, **_restored(back)})
    else:
        if back is not None:
            passed = 0 if send_all else len(back.doubtful)
            out.print(f"Put back into the ledger: {_put_back(back)}. Passed over, for they may have left: {passed}.")
        letters = f" Letters to print: {done.to_print}." if done.to_print else ""
        asked = f"Tasks for a person: {done.tasks}. Waiting: {done.waiting}."
        out.print(f"Messages sent: {done.sent}.{letters} {asked}")
        if ours and back is None:
            out.print("This database counts already; nothing was changed about that.")
        if copied:
            out.print("This is a copy restored from a backup: nothing leaves. With --this-is-ours it counts again.")


def _put_back(back: LookedBack) -> int:
    return len(back.left) + len(back.begun_and_left)


def _restored(back: LookedBack | None) -> dict[str, object]:
    """What was found out about the time since the backup, where somebody said that this database counts again."""
    if back is None:
        return {}
    doubtful = [{"loan_id": each.loan_id, "step": each.step} for each in back.doubtful]
    told = {"since": back.since.isoformat(), "is_whole": back.is_whole, "put_back": _put_back(back)}
    return {"restored": {**told, "may_have_left": doubtful, "did_not_leave": back.certain}}


def _dry_run(settings: Settings, database: Database, clock: Clock, on: date | None, *, as_json: bool) -> None:
    now = clock()
    day = service.day_asked(on, today=local_date(now))
    copied = _is_copy(settings, database)
    with database.read() as session:
        told = service.dry_run(session, day, now=now, is_copy=copied).lines
    if as_json:
        items = [PlannedOut.of(each).model_dump(mode="json") for each in told]
        print_json({"on": day.isoformat(), "is_copy": copied, "items": items})
    else:
        columns = ("Loan", "Person", "Due", "What", "Step", "Why")
        print_rows(f"On {day:%A %-d %B %Y}", columns, [_row(each) for each in told])


def _row(each: Planned | Done) -> tuple[object, ...]:
    if isinstance(each, Done):
        done = done_words(each.state, each.action, each.channel)
        return each.loan_id, each.person_id, each.due_on, done, each.step, each.note
    tag = ACTION_TAGS[each.action].word
    what = f"{tag} by {BY_WORDS[each.channel]}" if each.action.value == "message" else tag
    return each.loan_id, each.person_id, each.due_on, what, each.rung.words, each.why


@speaks_plainly
def why(
    person: Annotated[int, typer.Argument(help="The number of a person, as in the address of their page.")],
    on: DayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why somebody was, or was not, messaged.

    One sentence for each of their loans on that day, and what the ledger holds of it. Numbers only: no names.

    Example: `doorstep why 12 --on 2026-06-04 --json`
    """
    with _here() as (settings, database, clock), database.read() as session:
        day = service.day_asked(_day(on), today=local_date(clock()))
        copied = service.is_copy(session, settings)
        stories = service.why_person(session, person, now=clock(), on=day, is_copy=copied)
    if as_json:
        print_json({"person_id": person, "on": day.isoformat(), "loans": [_told(each) for each in stories]})
        return
    for each in stories:
        out.print(f"Loan {each.loan_id}: {each.sentence}", soft_wrap=True)
    if not stories:
        out.print("This person never had a tablet of ours.")


def _told(story: Story) -> dict[str, object]:
    return {"loan_id": story.loan_id, "sentence": story.sentence, "ledger": [dict(each) for each in story.ledger]}


def _day(on: datetime | None) -> date | None:
    return on.date() if on is not None else None


def _is_copy(settings: Settings, database: Database) -> bool:
    with database.read() as session:
        return service.is_copy(session, settings)

"""What couriers told that the books do not allow: the list, and each beside what the books say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import LONDON
from fleet.deliveries import queries, service
from fleet.deliveries.api import Id, Planner
from fleet.deliveries.models import Scan
from fleet.deliveries.pages.story import Entry
from fleet.deliveries.rules import Action, Choice
from fleet.deliveries.service import Prospect
from fleet.deliveries.words import ACTION_WORDS, ANSWER_TAGS, job_tag
from fleet.errors import BadInput, Conflict
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape, StateTag

router = PageRouter(prefix="/courier-runs/conflicts")

SCAN_COLUMNS = (
    Column("Scan", "id", numeric=True),
    Column("When", "when"),
    Column("Courier", "courier"),
    Column("What was told"),
    Column("Answer"),
)
CHOICES = ((Choice.COUNT.value, "Count it after all"), (Choice.LEAVE.value, "Leave the books as they are"))


@dataclass(frozen=True)
class ScansPage:
    table: Table
    title: str = "What does not fit"


@dataclass(frozen=True)
class Told:
    """A fact as its phone told it: its own time, by how much that clock was off, its own count, and when we heard."""

    number: int
    what: str
    at: datetime
    clock: str
    sequence: int
    heard_at: datetime
    answer: StateTag
    this_one: bool


@dataclass(frozen=True)
class ReviewPage:
    """Both stories of one fact, and what each choice would do."""

    title: str
    scan: Scan
    what: str
    stands: StateTag | None
    books: tuple[Entry, ...]
    told: tuple[Told, ...]
    prospect: Prospect
    open: bool
    choices: tuple[tuple[str, str], ...]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))])
def conflicts_page(request: Request, session: ReadSession, query: Listed) -> Response:
    which = (("waiting", "To be looked at"), ("settled", "Settled"), ("all", "All scans"))
    answers = (("", "Any"), *((answer.value, tag.word) for answer, tag in ANSWER_TAGS.items()))
    actions = (("", "Anything"), *((action.value, ACTION_WORDS[action]) for action in Action))
    shown = table(
        queries.find_scans(session, query),
        caption="Scans",
        columns=SCAN_COLUMNS,
        row=_scan_row,
        path="/courier-runs/conflicts",
        filters=(
            Filter("review", "Which", query.filter("review") or "waiting", which),
            Filter("action", "What was told", query.filter("action"), actions),
            Filter("answer", "Answer", query.filter("answer"), answers),
        ),
        empty="Nothing waits. What a courier told and the books do not allow is kept here until somebody settles it.",
    )
    if query.as_csv:
        return table_csv("scans", shown)
    return render(request, "deliveries/conflicts.html", ScansPage(shown))


def _scan_row(scan: Scan) -> tuple[Cell, ...]:
    tag = ANSWER_TAGS[scan.answer]
    at = scan.effective_at.astimezone(LONDON)
    return (
        Cell(str(scan.id), href=f"/courier-runs/conflicts/{scan.id}"),
        Cell(f"{at:%a} {at.day} {at:%b}, {at:%H:%M}", note="its clock was wrong" if scan.clock_flagged else ""),
        Cell(scan.courier_name),
        Cell(ACTION_WORDS[scan.action], note=scan.sentence),
        Cell(tag.word, state=tag.shape, note=f"Settled: {scan.settle_reason}" if scan.settled_at else ""),
    )


@router.get("/{scan_number}", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))])
def review_page(request: Request, scan_number: Id, session: ReadSession) -> Response:
    return _review(request, session, scan_number)


def _review(
    request: Request,
    session: Session,
    scan_number: int,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    scan = service.get_scan(session, scan_number)
    ahead = service.prospect(session, scan)
    job = service.job_of(session, scan)
    page = ReviewPage(
        title=f"Scan {scan.id}",
        scan=scan,
        what=ACTION_WORDS[scan.action],
        stands=job_tag(job.state, job.ended) if job is not None else None,
        books=_books(session, scan, job.loan_id if job is not None else None),
        told=_told(session, scan),
        prospect=ahead,
        open=scan.needs_review and scan.settled_at is None,
        choices=CHOICES if ahead.possible else CHOICES[1:],
        values={"choice": Choice.LEAVE.value, **(values or {})},
        errors=errors or {},
    )
    return render(request, "deliveries/review.html", page, status=422 if errors else 200)


def _books(session: Session, scan: Scan, loan_id: int | None) -> tuple[Entry, ...]:
    """What happened to the loan and the tablet by our own log, newest first."""
    of_loan = queries.loan_events(session, loan_id) if loan_id is not None else ()
    of_tablet = queries.tablet_events(session, scan.tablet_id) if scan.tablet_id is not None else ()
    entries = [
        *(Entry(each.at, f"Loan: {each.words}", each.actor_name, each.reason, Shape.PLAIN) for each in of_loan),
        *(Entry(each.at, f"Tablet: {each.words}", each.actor_name, each.reason, Shape.PLAIN) for each in of_tablet),
    ]
    return tuple(sorted(entries, key=lambda entry: entry.when, reverse=True)[:30])


def _told(session: Session, scan: Scan) -> tuple[Told, ...]:
    """This fact among the others of its stop, or of its tablet, in the order they count."""
    if scan.job_id is not None:
        others = queries.scans_of_job(session, scan.job_id)
    else:
        others = queries.scans_of_tablet(session, scan.tablet_id) if scan.tablet_id is not None else [scan]
    return tuple(
        Told(
            number=each.id,
            what=ACTION_WORDS[each.action],
            at=each.occurred_at,
            clock=clock_words(each.clock_offset_ms, flagged=each.clock_flagged),
            sequence=each.sequence,
            heard_at=each.received_at,
            answer=ANSWER_TAGS[each.answer],
            this_one=each.id == scan.id,
        )
        for each in others
    )


def clock_words(offset_ms: int, *, flagged: bool) -> str:
    """How far a phone's clock was off, as far as that says anything."""
    if flagged:
        return "its clock could not be believed"
    off = abs(offset_ms) // 1000
    if off < 2:
        return "its clock was right"
    how_far = f"{off} s" if off < 120 else f"{off // 60} min" if off < 7200 else f"{off // 3600} h"
    return f"its clock was {how_far} {'ahead' if offset_ms > 0 else 'behind'}"


@router.post("/{scan_number}/settle")
def settle(
    request: Request,
    scan_number: Id,
    form: FormDep,
    session: WriteSession,
    actor: Planner,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    choice = Choice(form.get("choice")) if form.get("choice") in list(Choice) else Choice.LEAVE
    try:
        with session.begin_nested():
            service.settle(
                session,
                scan_number,
                choice=choice,
                reason=form.get("reason"),
                actor=actor,
                settings=settings,
                now=clock(),
            )
    except (BadInput, Conflict) as refused:
        said = refused.fields if isinstance(refused, BadInput) else {"choice": f"{refused.message} {refused.next_step}"}
        return _review(request, session, scan_number, form.values, said)
    done = "counts after all" if choice is Choice.COUNT else "is left as it is"
    return see_other("/courier-runs/conflicts", said=f"Scan {scan_number} {done}.")

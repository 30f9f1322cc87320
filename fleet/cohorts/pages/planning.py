"""Bringing in a programme's plan: paste or upload it, answer what it asks line by line, then set all of it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Depends, Request, Response

from fleet.cohorts import service
from fleet.cohorts.api import ProgrammeId, SetUp
from fleet.cohorts.models import Programme
from fleet.cohorts.plan import COLUMNS, KEPT, MOST_LINES, DateKind, PlanLine, day_words, read_plan
from fleet.cohorts.service import SeenPlan
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter()

KIND_WORDS = {
    DateKind.MILESTONE: "Milestone",
    DateKind.COHORT_STARTS: "A cohort begins",
    DateKind.COHORT_ENDS: "A cohort ends",
    DateKind.DATA_COLLECTION: "Data collection",
}
MOST_BYTES = 200_000
EXAMPLE = "date,what\n5 October 2026,Start of Cohort 1\n9 November 2026,Data collection\n"


@dataclass(frozen=True)
class LineShown:
    """A line with what it asks. `note` says when it takes place, where that is not the day that is written."""

    number: int
    day: str
    words: str
    kind: str
    note: str = ""
    question: str = ""
    fitting: tuple[str, ...] = ()
    problem: str = ""
    mends: str = ""
    """The column in which the problem can be mended."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What was answered so far, by column."""


@dataclass(frozen=True)
class PlanPage:
    programme: Programme
    title: str
    plan: str = ""
    places: str = ""
    lines: tuple[LineShown, ...] = ()
    cohorts: tuple[tuple[str, str, str], ...] = ()
    may_be_imported: bool = False
    asked: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[tuple[str, str], ...] = tuple((kind.value, words) for kind, words in KIND_WORDS.items())
    example: str = EXAMPLE
    back_href: str = "/cohorts"
    back_text: str = "Programmes and cohorts"


@router.get("/programmes/{programme_id}/plan", dependencies=[Depends(may(Permission.COHORTS_SET_UP))])
def plan_page(request: Request, programme_id: ProgrammeId, session: ReadSession) -> Response:
    programme = service.get_programme(session, programme_id)
    return render(request, "cohorts/plan.html", PlanPage(programme, f"Plan of {programme.name}"))


@router.post("/programmes/{programme_id}/plan")
def bring_in_plan(
    request: Request, programme_id: ProgrammeId, form: FormDep, session: WriteSession, actor: SetUp, clock: ClockDep
) -> Response:
    """Shows what the plan amounts to until nothing is asked and somebody presses "Set all of it up"."""
    programme = service.get_programme(session, programme_id)
    try:
        text, places = _text(form), _places(form)
        lines = read_plan(text, _answers(form))
        seen = service.look_at_plan(session, programme_id, lines, places=places)
    except BadInput as refused:
        page = PlanPage(
            programme, f"Plan of {programme.name}", form.get("plan"), form.get("places"), errors=refused.fields
        )
        return render(request, "cohorts/plan.html", page, status=422)
    if form.get("do") == "import" and seen.may_be_imported:
        made = service.import_plan(session, programme_id, lines, places=places, actor=actor, now=clock())
        return see_other("/cohorts", said=_said(len(made.cohorts), len(made.dates)))
    page = _seen_page(programme, seen, text, form)
    return render(request, "cohorts/plan.html", page, status=200 if seen.may_be_imported else 422)


def _text(form: Form) -> str:
    """The plan: what was pasted, else the file. Raises `BadInput`."""
    raw = b""
    if "file" in form.files:
        with form.files["file"].file as upload:
            raw = upload.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise BadInput("The plan was not read.", fields={"file": f"A plan has up to {MOST_LINES} lines; this is more."})
    try:
        return form.get("plan") or raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        said = "This file is no CSV in UTF-8. Save it as “CSV UTF-8” and choose it again."
        raise BadInput("The plan was not read.", fields={"file": said}) from error


def _places(form: Form) -> int | None:
    typed = form.get("places")
    if not typed:
        return None
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 9 or not 1 <= int(typed) <= service.MAX_PLACES:
        raise BadInput("The plan was not read.", fields={"places": f"Enter a number from 1 to {service.MAX_PLACES:,}."})
    return int(typed)


def _answers(form: Form) -> dict[int, dict[str, str]]:
    return {number: _typed(form, number) for number in range(1, MOST_LINES + 1)}


def _typed(form: Form, number: int) -> dict[str, str]:
    return {name: told for name in (*COLUMNS, KEPT) if (told := form.get(f"{name}_{number}"))}


def _seen_page(programme: Programme, seen: SeenPlan, text: str, form: Form) -> PlanPage:
    return PlanPage(
        programme=programme,
        title=f"Plan of {programme.name}",
        plan=text,
        places=form.get("places"),
        lines=tuple(_line(line, seen, form) for line in seen.lines),
        cohorts=tuple(
            (
                each.name,
                f"{day_words(each.starts_on)} to {day_words(each.ends_on)}, {each.end_from}",
                str(each.places) if each.places else "not said",
            )
            for each in seen.draft.cohorts
        ),
        may_be_imported=seen.may_be_imported,
        asked=len({each.line for each in seen.questions} | seen.problems.keys()),
        errors={f"{problem.column}_{number}": problem.words for number, problem in seen.problems.items()},
    )


def _line(line: PlanLine, seen: SeenPlan, form: Form) -> LineShown:
    question = next((each for each in seen.questions if each.line == line.number), None)
    problem = seen.problems.get(line.number)
    moved = seen.takes_place.get(line.number)
    note = f"Closed ({seen.why_moved[line.number]}): it takes place on {day_words(moved)}." if moved else ""
    return LineShown(
        number=line.number,
        day=day_words(line.day) if line.day else "",
        words=line.words,
        kind=f"{KIND_WORDS[line.kind]}{f', {line.cohort}' if line.cohort else ''}",
        note=note,
        question=question.why if question else "",
        fitting=tuple(day_words(each) for each in question.fitting) if question else (),
        problem=problem.words if problem else "",
        mends=problem.column if problem else "",
        typed=_typed(form, line.number),
    )


def _said(cohorts: int, dates: int) -> str:
    return (
        f"The plan is set up: {cohorts} cohort{'' if cohorts == 1 else 's'} and {dates} other day"
        f"{'' if dates == 1 else 's'}."
    )

"""Changing a cohort: its name, days and places, with the loans that another last day moves, shown before they move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Cohort
from fleet.cohorts.schemas import CohortChange
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.planning import service
from fleet.planning.api import SetUp
from fleet.planning.pages.moving import Moving, moving
from fleet.planning.service import CohortAsked, CohortPreview
from fleet.planning.words import day_words
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/cohorts")


@dataclass(frozen=True)
class ChangePage:
    """`seen` says what would move, once that was looked at; None before."""

    cohort: Cohort
    title: str
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    question: cohorts.Question | None = None
    seen: CohortPreview | None = None
    moving: Moving = field(default_factory=Moving)
    words: tuple[str, ...] = ()
    earlier: bool = False
    """Whether people would be asked for their tablets sooner than they were told."""
    refused: str = ""
    back_href: str = "/cohorts"
    back_text: str = "Programmes and cohorts"


@router.get("/{cohort_id}/change", dependencies=[Depends(may(Permission.COHORTS_SET_UP))])
def change_page(request: Request, cohort_id: RowId, session: ReadSession) -> Response:
    cohort = cohorts.get_cohort(session, cohort_id)
    values = {name: str(getattr(cohort, name)) for name in ("name", "starts_on", "ends_on", "places")}
    values["keep_because"] = cohort.kept_because
    return render(request, "planning/cohort_change.html", _page(cohort, values))


@router.post("/{cohort_id}/change")
def change(
    request: Request, cohort_id: RowId, form: FormDep, session: WriteSession, actor: SetUp, clock: ClockDep
) -> Response:
    """Shows which loans would move, where some would; the buttons on that page carry its digest and do it."""
    cohort = cohorts.get_cohort(session, cohort_id)
    status = 422
    try:
        asked = _asked(form)
        seen = service.look_at_change(session, cohort_id, asked, now=clock())
        if (seen.moves or seen.passed) and form.get("do") not in ("move", "stay"):
            return render(
                request, "planning/cohort_change.html", _seen(session, cohort, form, asked, seen, actor, clock())
            )
        return _done(session, cohort, form, asked, actor, clock())
    except cohorts.OutOfOrder as refused:
        page = _page(cohort, form.values, errors=refused.fields, question=refused.question)
    except BadInput as refused:
        page = _page(cohort, form.values, errors=refused.fields)
    except service.NotWhatWasSeen as refused:
        page, status = _seen(session, cohort, form, asked, seen, actor, clock(), refused.message), 409
    except Conflict as refused:
        page, status = _page(cohort, form.values, refused=refused.message), 409
    return render(request, "planning/cohort_change.html", page, status=status)


def _asked(form: Form) -> CohortAsked:
    asked = form.parse(CohortChange)
    return CohortAsked(asked.name, asked.starts_on, asked.ends_on, asked.places, asked.keep_because)


def _done(session: Session, cohort: Cohort, form: Form, asked: CohortAsked, actor: Actor, now: datetime) -> Response:
    moved = service.change_cohort(
        session,
        cohort.id,
        asked,
        seen=form.get("digest") if form.get("do") == "move" else None,
        actor=actor,
        happening=Happening(now=now),
    )
    told = f" {moved} loan{' has' if moved == 1 else 's have'} another due date." if moved else ""
    return see_other(f"/cohorts/{cohort.id}", said=f"{cohort.name} is changed.{told}")


def _page(
    cohort: Cohort,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    question: cohorts.Question | None = None,
    refused: str = "",
) -> ChangePage:
    return ChangePage(
        cohort=cohort,
        title=f"Change {cohort.name}",
        values=values,
        errors=errors or {},
        question=question,
        refused=refused,
        back_href=f"/cohorts/{cohort.id}",
        back_text=cohort.name,
    )


def _seen(
    session: Session,
    cohort: Cohort,
    form: Form,
    asked: CohortAsked,
    seen: CohortPreview,
    actor: Actor,
    now: datetime,
    refused: str = "",
) -> ChangePage:
    return ChangePage(
        cohort=cohort,
        title=f"Change {cohort.name}",
        values=form.values,
        seen=seen,
        moving=moving(session, seen.moves, actor=actor, now=now),
        words=_words(seen, asked.places),
        earlier=seen.due_after < seen.due_before,
        refused=refused,
        back_href=f"/cohorts/{cohort.id}",
        back_text=cohort.name,
    )


def _words(seen: CohortPreview, places: int) -> tuple[str, ...]:
    """What else the change comes to, a sentence each."""
    own = "its own" if seen.own_day == 1 else "their own"
    it = "it" if seen.to_come == 1 else "they"
    told = (
        (seen.own_day, f"{_loans(seen.own_day)} due on a day of {own}, which stays."),
        (seen.to_come, f"{_loans(seen.to_come)} not handed over yet: {it} will be due on {day_words(seen.due_after)}."),
        (seen.taken > places, f"{seen.taken} people have a place already, and you say {places}."),
    )
    return tuple(sentence for counts, sentence in told if counts)


def _loans(count: int) -> str:
    return "1 loan is" if count == 1 else f"{count} loans are"

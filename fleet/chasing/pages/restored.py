"""Does this restored database count again? What left since the backup, what may have, and what leaves all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Request, Response

from fleet.chasing import queries, service
from fleet.chasing.api import Chaser
from fleet.chasing.rules import short_day, week_day
from fleet.chasing.service import Doubt, LookedBack
from fleet.chasing.words import BY_WORDS, WHY_OFF_WORDS
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, SettingsDep
from fleet.people.models import Person
from fleet.people.service import viewed_all
from fleet.people.sight import seen
from fleet.users.actor import Actor
from fleet.web.filters import count
from fleet.web.render import render

router = PageRouter(prefix="/chasing")

MOST_SHOWN = 200


@dataclass(frozen=True)
class RestoredPage:
    is_copy: bool
    since: date
    today: date
    why: str = ""
    """What does not belong together; empty where it counts."""
    off_since: datetime | None = None
    day: str = ""
    known: tuple[str, ...] = ()
    """What was found out, in sentences."""
    doubtful: tuple[tuple[str, str], ...] = ()
    """(loan, what may have left about it)."""
    total: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "Does this database count again?"

    @property
    def more(self) -> int:
        """How many others there are than those that are shown."""
        return self.total - len(self.doubtful)


@router.get("/restored")
def restored_page(
    request: Request,
    actor: Chaser,
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    since: Annotated[date | None, Query(description="Since when the installation was away.")] = None,
) -> Response:
    today = local_date(clock())
    with database.read() as session:
        state = service.sending_state(session, settings)
    if state.why_off is None:
        return render(request, "chasing/restored.html", RestoredPage(False, today, today))
    why = WHY_OFF_WORDS[state.why_off]
    try:
        found = service.look_back(database, settings, channel=service.outbox(settings), now=clock(), since=since)
    except BadInput as error:
        page = RestoredPage(True, since or today, today, why, state.off_since, errors=error.fields)
        return render(request, "chasing/restored.html", page, status=422)
    shown = found.doubtful[:MOST_SHOWN]
    with database.read() as session:
        people = queries.people(session, [each.person_id for each in shown])
    viewed_all(database, people, actor=actor, now=clock())
    page = RestoredPage(
        True,
        found.since,
        today,
        why,
        state.off_since,
        week_day(found.since),
        _known(found),
        tuple((str(each.loan_id), _doubt(each, people, actor)) for each in shown),
        len(found.doubtful),
    )
    return render(request, "chasing/restored.html", page)


@router.post("/this-is-ours")
def accept(form: FormDep, actor: Chaser, database: DatabaseDep, settings: SettingsDep, clock: ClockDep) -> Response:
    found = service.accept(
        database,
        settings,
        channel=service.outbox(settings),
        clock=clock,
        actor=actor,
        since=form.day("since", refused="Nothing was decided."),
        send=set(form.rows("send")),
        send_all="yes" in form.lists.get("all", ()),
    )
    if found is None:
        return see_other("/chasing", said="This database counts already. Nothing was changed.")
    back = len(found.left) + len(found.begun_and_left)
    put_back = f" {count(back, 'message')} that left meanwhile {'is' if back == 1 else 'are'} in the ledger again."
    return see_other("/chasing", said=f"This database counts from here on.{put_back if back else ''}")


def _known(found: LookedBack) -> tuple[str, ...]:
    back = len(found.left) + len(found.begun_and_left)
    said = []
    if found.is_whole:
        said.append("This machine wrote down every message that left since then.")
    else:
        said.append("Nobody wrote down here what left since then, so each step that is due may have left.")
    if back:
        said.append(f"{count(back, 'message')} left for certain, and will stand in the ledger again.")
    if found.certain:
        leave = "did not leave, and leaves" if found.certain == 1 else "did not leave, and leave"
        said.append(f"{count(found.certain, 'step')} {leave} in the usual way.")
    return tuple(said)


def _doubt(each: Doubt, people: Mapping[int, Person], actor: Actor) -> str:
    name = seen(people[each.person_id], (), actor).name
    return f"{name}, due on {short_day(each.due_on)}: {BY_WORDS[each.channel]}, {each.step}"

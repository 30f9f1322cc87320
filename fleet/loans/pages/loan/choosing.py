"""Choosing a tablet for somebody, those that fit best first: what the pages of a loan's first tablet, of a swap and of
other short forms about one loan share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.http.forms import Form
from fleet.loans import queries, service
from fleet.loans.models import Loan
from fleet.loans.rules import BEFORE_ALLOCATION, SetUp, Wanted, fit_words, lacking, rank
from fleet.people import service as people
from fleet.people.sight import need_words
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move
from fleet.tablets.rules import refusals as tablet_refusals
from fleet.tablets.words import name_of, stage_words
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.users.rules import Sight

SHOWN = 12
"""So many tablets are proposed: enough to choose from, few enough to read."""
Made = TypeVar("Made")
Refusal = BadInput | Conflict
Choices = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class TabletChoice:
    """Whom a tablet is for, and those that may be chosen."""

    loan: Loan
    name: str
    needs: tuple[str, ...]
    tablets: Choices
    first: str
    """The one that fits best; empty where each lacks something that they need."""
    lacking: bool
    """Whether any of those proposed lacks something."""
    old: str
    made: str
    """The tablet that the bench makes for them, in words."""


@dataclass(frozen=True)
class Answers:
    """What stands in a form: what was typed, and after a refusal why it was not done."""

    values: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def tablets_for(session: Session, loan: Loan, *, actor: Actor, settings: Settings, now: datetime) -> TabletChoice:
    person = people.get_person(session, loan.person_id)
    needs = queries.needs_of(session, person.id)
    wanted = service.wanted_by(person, needs)
    ready = on_the_shelf(session, loan.hub_id, actor, settings, now)
    made_into = service.set_ups(session, ready)
    best = sorted(ready, key=lambda tablet: rank(made_into[tablet.id], wanted))[:SHOWN]
    labels = tags.codes_of(session, [tablet.id for tablet in best])
    fitting = [tablet for tablet in best if not lacking(made_into[tablet.id], wanted)]
    return TabletChoice(
        loan=loan,
        name=f"{person.first_name} {person.last_name}",
        needs=need_words(needs, Sight.FULL, own=False),
        tablets=tuple(
            (str(each.id), tablet_words(each, labels), _set_up_words(each, made_into[each.id], wanted)) for each in best
        ),
        first=str(fitting[0].id) if fitting else "",
        lacking=len(fitting) < len(best),
        old=too_long_ready(session, loan.hub_id, settings, now),
        made=_made(session, loan),
    )


def answers(form: Form, refusal: Refusal) -> Answers:
    """A form that was refused, as it is shown again."""
    reasons = refusal.reasons if isinstance(refusal, MoveRefused) else ()
    if isinstance(refusal, Conflict) and not reasons:
        reasons = (f"{refusal.message.removeprefix('Nothing was changed. ')} {refusal.next_step}".strip(),)
    return Answers(form.values, reasons, refusal.fields if isinstance(refusal, BadInput) else {})


def tried(session: Session, act: Callable[[], Made]) -> Made | Refusal:
    """What came of it. Of what was refused nothing is left, so that its form can be shown again."""
    try:
        with session.begin_nested():
            return act()
    except (BadInput, Conflict) as refusal:
        return refusal


def on_the_shelf(session: Session, hub_id: int, actor: Actor, settings: Settings, now: datetime) -> list[Tablet]:
    """Ready tablets that nothing speaks against lending."""
    ready = queries.ready_tablets(session, hub_id=hub_id, fresh_since=tablets.fresh_since(settings, now))
    return [
        tablet
        for tablet in ready
        if not tablet_refusals(
            Move.ALLOCATE, tablets.facts_of(session, tablet, settings=settings, now=now), actor.roles
        )
    ]


def too_long_ready(session: Session, hub_id: int, settings: Settings, now: datetime) -> str:
    """Why tablets that stand ready are not offered, and which they are; empty where there are none."""
    since = tablets.fresh_since(settings, now)
    some, count = queries.ready_too_long(session, hub_id=hub_id, fresh_since=since)
    if not count:
        return ""
    labels = tags.codes_of(session, [tablet.id for tablet in some])
    names = ", ".join(labels.get(tablet.id, f"Tablet {tablet.id}") for tablet in some)
    more = f" and {count - len(some)} more" if count > len(some) else ""
    stand = "1 tablet stands ready, but was" if count == 1 else f"{count} tablets stand ready, but were"
    return f"{stand} verified more than {settings.verify_valid_days} days ago: {names}{more}."


def _made(session: Session, loan: Loan) -> str:
    made = queries.set_up_tablet_id(session, loan.id)
    if made is None or loan.state not in BEFORE_ALLOCATION:
        return ""
    tablet = tablets.get_tablet(session, made)
    return f"{tablet_words(tablet, tags.codes_of(session, [made]))}: {stage_words(tablet.stage).lower()}"


def tablet_words(tablet: Tablet, labels: Mapping[int, str]) -> str:
    return f"{labels.get(tablet.id, f'Tablet {tablet.id}')}, {name_of(tablet)}"


def _set_up_words(tablet: Tablet, set_up: SetUp, wanted: Wanted) -> str:
    made = f"Set up as {tablet.profile}" if tablet.profile else "No profile"
    battery = f"battery {tablet.battery_percent} %" if tablet.battery_percent is not None else ""
    return ", ".join(words for words in (made, battery, fit_words(set_up, wanted)) if words)

"""Choosing a tablet for somebody, those that fit best first: what the pages of a loan's first tablet, of a swap and of
other short forms about one loan share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.http.forms import Form
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import fits
from fleet.people import service as people
from fleet.people.models import Need
from fleet.people.rules import NeedCode
from fleet.people.sight import need_words
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move
from fleet.tablets.rules import refusals as tablet_refusals
from fleet.tablets.words import name_of
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

    @property
    def first(self) -> str:
        return self.tablets[0][0] if self.tablets else ""


@dataclass(frozen=True)
class Answers:
    """What stands in a form: what was typed, and after a refusal why it was not done."""

    values: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def tablets_for(session: Session, loan: Loan, *, actor: Actor, settings: Settings, now: datetime) -> TabletChoice:
    person = people.get_person(session, loan.person_id)
    needs = queries.needs_of(session, person.id)
    return TabletChoice(
        loan=loan,
        name=f"{person.first_name} {person.last_name}",
        needs=need_words(needs, Sight.FULL, own=False),
        tablets=_propose(session, loan, needs, actor, settings, now),
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


def chosen(form: Form, name: str) -> int | None:
    """The number that was chosen; None for none, and for what no form of ours offers."""
    text = form.get(name)
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _propose(
    session: Session, loan: Loan, needs: Sequence[Need], actor: Actor, settings: Settings, now: datetime
) -> Choices:
    """Ready tablets that nothing speaks against, those set up as the person needs first."""
    codes_needed = frozenset(need.code for need in needs)
    ready = lendable(session, queries.ready_tablets(session, hub_id=loan.hub_id), actor, settings, now)
    best = sorted(ready, key=lambda tablet: not fits(tablet.profile, codes_needed))[:SHOWN]
    labels = tags.codes_of(session, [tablet.id for tablet in best])
    return tuple((str(tablet.id), tablet_words(tablet, labels), _fit_words(tablet, codes_needed)) for tablet in best)


def lendable(
    session: Session, ready: Sequence[Tablet], actor: Actor, settings: Settings, now: datetime
) -> list[Tablet]:
    """Those of the tablets that nothing speaks against lending."""
    return [
        tablet
        for tablet in ready
        if not tablet_refusals(
            Move.ALLOCATE, tablets.facts_of(session, tablet, settings=settings, now=now), actor.roles
        )
    ]


def tablet_words(tablet: Tablet, labels: Mapping[int, str]) -> str:
    return f"{labels.get(tablet.id, f'Tablet {tablet.id}')}, {name_of(tablet)}"


def _fit_words(tablet: Tablet, needs: frozenset[NeedCode]) -> str:
    set_up = f"Set up as {tablet.profile}" if tablet.profile else "No profile"
    battery = f", battery {tablet.battery_percent} %" if tablet.battery_percent is not None else ""
    return f"{set_up}{battery}{', as they need it' if needs and fits(tablet.profile, needs) else ''}"

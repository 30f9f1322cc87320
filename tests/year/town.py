"""Three hubs of one service, two in England and one in Scotland: who works there, and how they ask Doorstep for things.

Everything goes through the same services that pages, phones and workers call; nothing is written into tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import FakeClock, make_user
from tests.year.days import BANK_HOLIDAYS, SATURDAY, ZONE
from tests.year.letters import Postman

Answer = TypeVar("Answer")

HUBS = (("North hub", "ENG"), ("South hub", "ENG"), ("Firth hub", "SCT"))
COURIERS = 3


@dataclass
class Hub:
    """One hub, its programmes (the first has cohorts) and what the year wants of it."""

    id: int
    nation: str
    cohort_programme: int = 0
    rolling_programme: int = 0
    cohorts: list[tuple[int, date, date, int]] = field(default_factory=list)
    """(number, first day, last day, places)."""
    closed: list[tuple[date, date]] = field(default_factory=list)
    """Days that were closed later, beside weekends and bank holidays."""

    def is_open(self, day: date) -> bool:
        """By the year's own books."""
        closed = any(first <= day <= last for first, last in self.closed)
        return day.weekday() < SATURDAY and day not in BANK_HOLIDAYS[self.nation] and not closed


@dataclass(frozen=True)
class Asking:
    """Somebody asked for longer, and what the server answered. `version` is the due version that the loan has since."""

    loan_id: int
    version: int
    day: date
    short: bool
    """Whether others would go without, by the year's own books."""
    codes: frozenset[str]
    """What spoke against it."""
    overridden: bool = False

    @property
    def granted(self) -> bool:
        return self.overridden or not self.codes


@dataclass
class Town:
    """The service as its staff use it. `seen` counts what came about, for the end of the year."""

    database: Database
    settings: Settings
    clock: FakeClock
    post: Postman
    hubs: tuple[Hub, ...]
    actors: dict[Role, Actor]
    couriers: tuple[Actor, ...]
    venue_id: int
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """What was answered otherwise than it should have been, in sentences that begin with a rule."""
    overridden: set[int] = field(default_factory=set)
    """Loans that somebody extended beyond their cap, on purpose."""
    asked_longer: list[Asking] = field(default_factory=list)
    told_no: set[int] = field(default_factory=set)
    """Loans that were not extended because others wait, and whose people asked no second time."""
    is_copy: bool = False
    """Whether a backup came back and nobody has said yet that it counts."""
    ticked: bool = True
    """Whether the reminders' worker did its round today."""
    told_since_the_backup: set[tuple[str, str]] = field(default_factory=set)
    """(home, words) of what left after the backup was made that came back: its ledger does not know of it."""
    hosts: set[str] = field(default_factory=set)
    """Where else than on this machine a connection was asked for."""
    _open: Session | None = None

    @property
    def today(self) -> date:
        return self.clock().astimezone(ZONE).date()

    @contextmanager
    def together(self) -> Iterator[Session]:
        """Several acts in one transaction, as a sheet or a batch is."""
        with self.database.write() as session:
            self._open = session
            try:
                yield session
            finally:
                self._open = None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        if self._open is not None:
            yield self._open
            return
        with self.database.write() as session:
            yield session

    def happening(self, **told: Any) -> Happening:
        return Happening(**{"now": self.clock(), "source": "year", **told})

    def do(self, act: Callable[..., Answer], *given: Any, role: Role = Role.COORDINATOR, **asked: Any) -> Answer:
        """Ask for something that takes an actor, the settings and a happening; `reason`, `client_id` and `client_at` go
        into the happening."""
        return self.tell(act, *given, role=role, settings=self.settings, **asked)

    def tell(
        self,
        act: Callable[..., Answer],
        *given: Any,
        role: Role = Role.COORDINATOR,
        by: Actor | None = None,
        **asked: Any,
    ) -> Answer:
        """`do` for acts that take no settings."""
        told = {name: asked.pop(name) for name in ("reason", "client_id", "client_at") if name in asked}
        with self.writing() as session:
            return act(session, *given, actor=by or self.actors[role], happening=self.happening(**told), **asked)

    def refused(self, rule: str, act: Callable[..., Any], *given: Any, **asked: Any) -> None:
        """Ask for what the rule forbids; being allowed to is a fault. Counted as `refused RULE`."""
        try:
            self.do(act, *given, **asked)
        except (Conflict, BadInput):
            self.seen[f"refused {rule}"] += 1
        else:
            self.wrong.append(f"{rule}: {getattr(act, '__name__', act)} {given} was not refused on {self.today}")

    def read(self, ask: Callable[..., Answer], *given: Any, **asked: Any) -> Answer:
        if self._open is not None:
            return ask(self._open, *given, **asked)
        with self.database.read() as session:
            return ask(session, *given, **asked)


def found_town(database: Database, settings: Settings, clock: FakeClock, post: Postman) -> Town:
    """The hubs, a partner's place where tablets may be left, and the people who work there."""
    with database.write() as session:
        made = [
            partners.add_organisation(
                session, kind=OrganisationKind.HUB, name=name, now=clock(), nation=nation, help_phone="020 7946 0100"
            ).id
            for name, nation in HUBS
        ]
        venue = partners.add_organisation(session, kind=OrganisationKind.VENUE, name="Sample library", now=clock()).id
    hubs = tuple(Hub(number, nation) for number, (_, nation) in zip(made, HUBS, strict=True))
    roles = (Role.COORDINATOR, Role.TECHNICIAN, Role.DATA_PROTECTION, Role.COURIER, Role.HUB_ADMIN)
    actors = {role: make_user(database, clock, role) for role in roles}
    couriers = tuple(make_user(database, clock, Role.COURIER) for _ in range(COURIERS))
    return Town(database, settings, clock, post, hubs, actors, couriers, venue)

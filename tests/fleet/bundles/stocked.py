"""Asking the bundles room for things in a test, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from fleet.bundles import service
from fleet.bundles.models import Sim
from fleet.bundles.queries import usage
from fleet.bundles.rules import Asks, SimMove
from fleet.clock import local_date
from fleet.database.lists import ListQuery
from fleet.users.rules import Role
from tests.lending import Lending

Answer = TypeVar("Answer")


def act(lending: Lending, function: Callable[..., Answer], *given: Any, **asked: Any) -> Answer:
    """Ask a service as a coordinator; `reason` and `client_id` go into the happening."""
    told = {name: asked.pop(name) for name in ("reason", "client_id", "client_at") if name in asked}
    with lending.database.write() as session:
        actor, happening = lending.actor(Role.COORDINATOR), lending.happening(**told)
        return function(session, *given, actor=actor, happening=happening, **asked)


def today(lending: Lending) -> date:
    return local_date(lending.clock())


def in_use(lending: Lending, *, needed_until: date | None = None, months: int = 3) -> Sim:
    """A SIM with 20 GB a month that somebody has had since today."""
    sim = lending.sim(months=months)
    loan = lending.request()
    kept_for = service.KeptFor(loan.id, loan.person_id, needed_until)
    act(lending, service.move, sim.id, SimMove.RESERVE, kept_for=kept_for)
    act(lending, service.move, sim.id, SimMove.ACTIVATE)
    return sim


def asks(lending: Lending, sim_id: int) -> list[Asks]:
    """What the SIM's page warns of."""
    with lending.database.read() as session:
        return [each.asks for each in service.warnings_of(session, sim_id, today=today(lending))]


def needed(lending: Lending, **filters: str) -> list[tuple[Asks, int]]:
    """The list of data that needs somebody."""
    with lending.database.read() as session:
        found = usage.find_needed(session, ListQuery(filters=filters), today(lending))
        assert found.total == len(found.items)
        return [(each.asks, each.number) for each in found.items]

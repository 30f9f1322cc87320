"""The hub that is furnished, and its people: what the rest of this folder puts things into."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleet.bench import service as bench
from fleet.database.session import Database
from fleet.loans.rules import LoanState
from fleet.partners import service as partners
from fleet.partners.models import Organisation, OrganisationKind
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import SIGN_IN_ROLES, Role
from provisioning.transports.keys import load_or_make_key
from tests.delivering import Delivering
from tests.fleet.bench.conftest import _MakeSocket
from tests.fleet.bench.workbench import Workbench, keep_key
from tests.lending import Lending
from tests.people import FakeClock, make_user


@dataclass
class Everything:
    """The furnished hub. `numbers` holds, by the name of an address's parameter, what to put there."""

    database: Database
    settings: Settings
    clock: FakeClock
    lending: Lending
    delivering: Delivering
    workbench: Workbench
    organisations: Mapping[OrganisationKind, Organisation]
    loans: dict[LoanState, int] = field(default_factory=dict)
    numbers: dict[str, list[str]] = field(default_factory=dict)

    def note(self, parameter: str, value: object) -> None:
        self.numbers.setdefault(parameter, []).append(str(value))

    def actor(self, role: Role) -> Actor:
        return self.lending.actor(role)

    def act(self, function: Any, *given: Any, role: Role = Role.TECHNICIAN, **asked: Any) -> Any:
        """Ask a service for something as somebody with that role, in a transaction of its own."""
        with self.database.write() as session:
            happening = self.lending.happening()
            return function(session, *given, actor=self.actor(role), happening=happening, **asked)


def begin(
    stack: contextlib.ExitStack, folder: Path, database: Database, settings: Settings, clock: FakeClock
) -> Everything:
    with database.write() as session:
        partners.ensure_hub(session, settings=settings, now=clock())
        organisations: dict[OrganisationKind, Organisation] = {}
        for kind in OrganisationKind:
            if kind is not OrganisationKind.HUB:
                name = f"Sample {kind.value}"
                organisations[kind] = partners.add_organisation(session, kind=kind, name=name, now=clock())
        organisations[OrganisationKind.HUB] = partners.get_hub(session)
    hub_id = organisations[OrganisationKind.HUB].id
    lending = Lending(database, hub_id, clock, settings, _everybody(database, clock, organisations))
    delivering = Delivering(lending, [lending.actor(Role.COURIER)])
    key = load_or_make_key(folder / "key")
    keep_key(key, settings)
    technician = lending.actor(Role.TECHNICIAN)
    with database.write() as session:
        made = bench.add_bench(session, name="Bench 1", actor=technician, clock=clock)
    sockets = _MakeSocket(folder / "tablets", key, stack)
    workbench = Workbench(database, settings, clock, technician, made, sockets, lending.tablet)
    stack.callback(_close_links, workbench)
    everything = Everything(database, settings, clock, lending, delivering, workbench, organisations)
    for organisation in organisations.values():
        everything.note("organisation_id", organisation.id)
    for actor in lending.people.values():
        everything.note("user_id", actor.user_id)
    everything.note("bench_id", made.id)
    return everything


def _close_links(workbench: Workbench) -> None:
    for link in workbench.links:
        link.close()


def _everybody(
    database: Database, clock: FakeClock, organisations: Mapping[OrganisationKind, Organisation]
) -> dict[Role, Actor]:
    theirs = {
        Role.REFERRER: OrganisationKind.REFERRER,
        Role.PARTNER_LEAD: OrganisationKind.REFERRER,
        Role.COURIER: OrganisationKind.COURIER,
        Role.DONOR: OrganisationKind.DONOR,
    }
    return {
        role: make_user(database, clock, role, organisation_id=organisations[theirs.get(role, OrganisationKind.HUB)].id)
        for role in SIGN_IN_ROLES
    }

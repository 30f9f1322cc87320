"""The ways to wipe the tablet in a slot, asked of the tablet itself before anything is begun. It changes nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.link import OpenTablet, bench_key, open_at, open_tablet
from fleet.bench.models import Slot
from fleet.bench.rules import sdk_of_release
from fleet.bench.service.benches import get_bench, get_slot
from fleet.bench.service.consents import standing_consent
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.settings import Settings
from fleet.tablets import service as tablets
from provisioning.engine.observe import observe
from provisioning.errors import FactUnreadable, ServiceRefused, TransportError, WipeError
from provisioning.transports.base import Transport
from provisioning.wipe.blockers import Blocker, BlockerCode, WipePolicy, find_blockers, reset_protected
from provisioning.wipe.routes import Route, find_routes, reporting_routes
from provisioning.wipe.trade_in import read_report

_OLD = frozenset({BlockerCode.OS_FLOOR, BlockerCode.PATCH_AGE, BlockerCode.UNREADABLE_SECURITY_PATCH})
"""What a waived floor covers: an Android that gets no more updates has no young patch either."""


@dataclass(frozen=True)
class Ways:
    """What one look found: every way, the best offered one first, and what has to be settled before any of them.

    `problem` says why there was no look; then both are empty.
    """

    slot: Slot
    tablet_id: int | None
    routes: tuple[Route, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    problem: str = ""


def ways_in_slot(
    database: Database, slot_id: int, *, settings: Settings, clock: Clock, opener: OpenTablet = open_tablet
) -> Ways:
    """Ask the tablet in a slot. Takes the database and not a session: no transaction is open meanwhile."""
    with database.read() as session:
        slot = get_slot(session, slot_id)
        bench = get_bench(session, slot.bench_id)
        busy = queries.unfinished_run_in_slot(session, slot_id)
        policy = wipe_policy(session, slot.tablet_id, settings) if slot.tablet_id else _house_rules(settings)
        session.expunge_all()
    if busy is not None:
        return Ways(slot, slot.tablet_id, problem=f"Run {busy.id} works in this slot; its page says how it stands.")
    if bench.own_worker:
        return Ways(
            slot,
            slot.tablet_id,
            problem=f"Only {bench.name}'s own computer reaches this tablet, so it is not asked from here. Begin the "
            "wipe in its slot: the best way it offers is taken, and the run's page says which others there were.",
        )
    connect = partial(
        open_at,
        bench,
        slot.address,
        settings=settings,
        opener=opener,
        signer=bench_key(settings),
        on_prompt=lambda: None,
    )
    try:
        routes, blockers = _ask(connect, policy, clock)
    except (TransportError, FactUnreadable, WipeError) as error:
        return Ways(slot, slot.tablet_id, problem=str(error))
    return Ways(slot, slot.tablet_id, routes, blockers)


def _ask(
    connect: partial[Transport], policy: WipePolicy, clock: Clock
) -> tuple[tuple[Route, ...], tuple[Blocker, ...]]:
    transport = connect()
    try:
        observation = observe(transport, now=clock)
        return find_routes(transport, observation, policy), find_blockers(observation, policy)
    except ServiceRefused:
        _close(transport)
        transport = connect()
        report = read_report(transport)
        return reporting_routes(), tuple(reset_protected(report.reset_protection))
    finally:
        _close(transport)


def _close(transport: Transport) -> None:
    with suppress(TransportError):
        transport.close()


def wipe_policy(session: Session, tablet_id: int, settings: Settings) -> WipePolicy:
    """What this hub has decided about a tablet, as it stands at this moment."""
    tablet = tablets.get_tablet(session, tablet_id)
    waived = {waiver.code for waiver in queries.waivers(session, tablet.id)}
    if tablet.os_floor_waiver is not None or tablet.retiring:
        waived |= _OLD
    agreed = standing_consent(session, tablet.id) is not None
    return _house_rules(settings, waived=frozenset(waived), removal_agreed=agreed)


def _house_rules(
    settings: Settings, *, waived: frozenset[str] = frozenset(), removal_agreed: bool = False
) -> WipePolicy:
    floor = settings.os_floor_release
    return WipePolicy(
        least_sdk=sdk_of_release(floor),
        least_release=str(floor),
        oldest_patch_days=365 * settings.oldest_patch_years,
        our_owners=settings.own_management_apps,
        waived=waived,
        removal_agreed=removal_agreed,
    )

"""The technicians' days: tablets come in, are wiped with a certificate, set up, looked over and, worn out, recycled.

The bench's own moves are made as its worker makes them; the evidence on the certificates is that of one made-up wipe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.bench import service as bench
from fleet.bench.rules import RunState
from fleet.bench.service.runs import set_state
from fleet.intake import service as intake
from fleet.intake.rules import Answer, BatteryLook, QuickLook, Route
from fleet.intake.service import Kind, Source
from fleet.loans import service as loans
from fleet.tablets import service as tablets
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Grade, HoldKind, Move, Stage
from fleet.tags import service as tags
from fleet.users.actor import SYSTEM
from fleet.users.rules import Role
from provisioning.wipe.judging import judge
from tests.provisioning.wipe.samples import BEFORE, WIPED
from tests.year.town import Hub, Town

VERDICT = judge(BEFORE, WIPED)
RECYCLED_BY = "Sample Recycling, CBDU000000, note SR-1, 20 01 36, 0.5 kg."
LARGE = "large-text"
_X_EVERY, _SWOLLEN_EVERY, _FAILS_EVERY = 50, 40, 20
_AT_ONCE = 30
"""More than a hub ever sets up on a day."""


@dataclass
class Benches:
    """The one slot of each hub's bench."""

    slots: dict[int, int]


def set_up_benches(town: Town) -> Benches:
    slots = {}
    with town.database.write() as session:
        technician = town.actors[Role.TECHNICIAN]
        for hub in town.hubs:
            made = bench.add_bench(session, name="Bench 1", actor=technician, clock=town.clock, hub_id=hub.id)
            slot = bench.add_slot(
                session, bench_id=made.id, place="1", address=f"tcp:127.0.0.1:{6000 + hub.id}", actor=technician
            )
            slots[hub.id] = slot.id
    return Benches(slots)


def take_in(town: Town, hub: Hub, serials: Sequence[str]) -> None:
    """A batch at the intake table, from the first scan to the end of triage; one in fifty is worn out."""
    with town.together():
        for serial in serials:
            _take_in_one(town, hub, serial)


def _take_in_one(town: Town, hub: Hub, serial: str) -> None:
    kind: dict[str, Any] = {"hub_id": hub.id, "serial": serial, "manufacturer": "Example", "model": "Sample Tab 10"}
    tablet = town.tell(tablets.expect_tablet, role=Role.TECHNICIAN, **kind)
    booked: dict[str, Any] = {"source": Source(), "kind": Kind(), "client_id": f"in-{serial}"}
    for _ in range(2 if tablet.id % _X_EVERY == 1 else 1):
        town.do(intake.book_in, serial, role=Role.TECHNICIAN, **booked)
    swollen = tablet.id % _SWOLLEN_EVERY == 7
    look = QuickLook(Answer.NO, Answer.NO, BatteryLook.SWOLLEN if swollen else BatteryLook.OK)
    town.tell(intake.record_look, tablet.id, look, role=Role.TECHNICIAN)
    with town.writing() as session:
        intake.waive_stolen_check(
            session,
            tablet.id,
            reason="Bought from the maker.",
            actor=town.actors[Role.COORDINATOR],
            happening=town.happening(),
        )
        tablets.identify(session, tablet, os_release=14, battery_percent=95, now=town.clock())
    worn_out = tablet.id % _X_EVERY == 0
    grade, route = (Grade.X, Route.RECYCLE) if worn_out else (Grade.A, Route.USABLE)
    with town.writing() as session:
        intake.triage(
            session,
            tablet.id,
            reason="As it looks.",
            actor=town.actors[Role.TECHNICIAN],
            settings=town.settings,
            happening=town.happening(),
            grade=grade,
            route=route,
        )
    if swollen:
        town.seen["held at intake"] += 1


def is_large(profile: str) -> bool:
    """Whether a tablet of this profile is set up large and clear."""
    return profile == LARGE


def make_ready(town: Town, benches: Benches, hub: Hub, wanted: Sequence[bool]) -> None:
    """Wipe, set up and label tablets until what is wanted stands on the shelf: large and clear, or as usual."""
    lacking = Counter(wanted) - Counter(is_large(profile) for _, _, profile in town.read(_at, hub.id, Stage.READY))
    for tablet_id, stage, profile in town.read(_waiting, hub.id) if lacking else ():
        large = is_large(profile) if stage is Stage.PROVISIONED else next(iter(lacking), False)
        if not lacking[large]:
            continue
        lacking -= Counter([large])
        if stage is Stage.CLEANED:
            _move(town, tablet_id, Move.QUEUE_WIPE_AGAIN)
        with town.together():
            if stage is not Stage.PROVISIONED:
                wipe(town, benches, hub, tablet_id)
            set_up(town, tablet_id, again=stage is Stage.PROVISIONED, large=large)


def _at(session: Session, hub_id: int, *stages: Stage) -> list[tuple[int, Stage, str]]:
    query = select(Tablet.id, Tablet.stage, Tablet.profile).where(Tablet.hub_id == hub_id, Tablet.stage.in_(stages))
    return [(*row,) for row in session.execute(query.order_by(Tablet.id))]


def _waiting(session: Session, hub_id: int) -> list[tuple[int, Stage, str]]:
    """Those that may go on: not held, not on their way out; what needs no wipe first."""
    held = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
    stages = (Stage.PROVISIONED, Stage.CLEANED, Stage.AWAITING_WIPE)
    query = select(Tablet.id, Tablet.stage, Tablet.profile).where(
        Tablet.hub_id == hub_id, Tablet.stage.in_(stages), Tablet.retiring.is_(False), Tablet.id.not_in(held)
    )
    return [(*row,) for row in session.execute(query.order_by(Tablet.stage.desc(), Tablet.id).limit(_AT_ONCE))]


def wipe(town: Town, benches: Benches, hub: Hub, tablet_id: int) -> None:
    """One wipe with its certificate; every twentieth is not proved at first, and begun again."""
    town.clock.advance(seconds=20)
    if town.seen["wipes"] % _FAILS_EVERY == 3:
        _move(town, tablet_id, Move.START_WIPE)
        _move(town, tablet_id, Move.RESET_SENT)
        _move(town, tablet_id, Move.WIPE_FAILED, reason="A mark was still there.")
        town.refused("R22", tablets.move, tablet_id, Move.START_PROVISION, role=Role.TECHNICIAN)
        town.clock.advance(seconds=20)
    with town.writing() as session:
        run = bench.start_wipe(
            session,
            tablet_id,
            benches.slots[hub.id],
            actor=town.actors[Role.TECHNICIAN],
            settings=town.settings,
            happening=town.happening(),
            media_removed=True,
        )
        _move(town, tablet_id, Move.RESET_SENT)
        bench.write_certificate(session, run, BEFORE, WIPED, VERDICT, now=town.clock())
        for state in (
            *(RunState.IDENTITY_CHECK, RunState.PRE_FACTS, RunState.RESET_SENT),
            *(RunState.WAITING_HANDS, RunState.VERIFYING, RunState.PASSED),
        ):
            set_state(run, state, now=town.clock())
    _move(town, tablet_id, Move.WIPE_PASSED)
    town.seen["wipes"] += 1


def set_up(town: Town, tablet_id: int, *, again: bool, large: bool) -> None:
    """Provisioned and verified, labelled, its kit looked through, ready to lend."""
    _move(town, tablet_id, Move.REFRESH if again else Move.START_PROVISION)
    if town.seen["set up"] % _FAILS_EVERY == 5 and not again:
        _move(town, tablet_id, Move.PROVISION_FAILED, reason="An app was not there.")
        _move(town, tablet_id, Move.START_PROVISION)
    with town.writing() as session:
        tablets.record_profile(session, tablet_id, profile=LARGE if large else "standard", version=1, now=town.clock())
    _move(town, tablet_id, Move.PROVISION_PASSED)
    if town.seen["set up"] % _FAILS_EVERY == 6:
        town.refused("R22", tablets.move, tablet_id, Move.ALLOCATE)
    with town.writing() as session:
        (tag,) = tags.make_tags(session, [tablet_id], actor=town.actors[Role.TECHNICIAN], happening=town.happening())
        if tag.confirmed_at is None:
            town.tell(tags.confirm_scan, tag.code, tablet_id, role=Role.TECHNICIAN)
    town.tell(tablets.check_kit, tablet_id, role=Role.TECHNICIAN)
    _move(town, tablet_id, Move.MAKE_READY)
    town.seen["set up"] += 1


def send_for_refresh(town: Town, tablet_id: int) -> None:
    """It stood on the shelf for so long that what was verified is verified again."""
    _move(town, tablet_id, Move.NEEDS_REFRESH, reason="Verified more than 14 days ago.", by_system=True)


def retire(town: Town, benches: Benches, hub: Hub, tablet_id: int) -> None:
    """Worn out: wiped a last time and given to the recycler."""
    stage = town.read(tablets.get_tablet, tablet_id).stage
    with town.together():
        if stage is not Stage.RETIRED:
            _move(town, tablet_id, Move.RETIRE, reason="The screen is cracked.")
        _move(town, tablet_id, Move.QUEUE_FINAL_WIPE)
    town.refused("R24", tablets.move, tablet_id, Move.RECYCLE, role=Role.TECHNICIAN, reason=RECYCLED_BY)
    with town.together():
        wipe(town, benches, hub, tablet_id)
        _move(town, tablet_id, Move.FINISH_RETIREMENT)
        _move(town, tablet_id, Move.RECYCLE, reason=RECYCLED_BY)
    town.refused("I6", tablets.move, tablet_id, Move.RECEIVE, role=Role.TECHNICIAN)
    town.seen["recycled"] += 1


def look_over(town: Town, tablet_id: int, *, damaged: bool, seen: str, in_tray: bool) -> None:
    """A returned tablet is inspected and wiped down, and the card in its tray is compared with the record."""
    looked: dict[str, Any] = {"sim_in_tray": in_tray, "sim_seen": seen} if seen or in_tray else {}
    town.do(
        loans.inspect,
        tablet_id=tablet_id,
        condition=loans.Condition.DAMAGED if damaged else loans.Condition.GOOD,
        cleaned=True,
        role=Role.TECHNICIAN,
        **looked,
    )


def hold_and_try(town: Town, tablet_id: int) -> None:
    """A tablet on the shelf gets hot: it is held, and nobody can lend it until the hold is lifted."""
    town.tell(tablets.place_hold, tablet_id, HoldKind.SAFETY, role=Role.TECHNICIAN, reason="It gets hot.")
    town.refused("I8", tablets.move, tablet_id, Move.ALLOCATE)


def lift(town: Town, tablet_id: int) -> None:
    town.tell(tablets.lift_hold, tablet_id, HoldKind.SAFETY, role=Role.TECHNICIAN, reason="Another battery is in it.")


def _move(town: Town, tablet_id: int, move: Move, *, reason: str = "", by_system: bool = False) -> None:
    with town.writing() as session:
        tablets.move(
            session,
            tablet_id,
            move,
            actor=SYSTEM if by_system else town.actors[Role.TECHNICIAN],
            settings=town.settings,
            happening=town.happening(reason=reason),
        )

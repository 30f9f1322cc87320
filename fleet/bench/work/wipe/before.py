"""Everything before the reset: which tablet, what stands against it, by which way, and the evidence to compare with.

Killed anywhere in here it begins again, which changes nothing on the tablet but the mark it leaves there. The one
exception says so: opening a tablet in trade-in mode has it erase itself at its next start.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.bench.rules import RunState, StepOutcome
from fleet.bench.service.ways import wipe_policy
from fleet.bench.work.record import Record
from fleet.bench.work.tablet_link import TabletLink
from fleet.happening import Happening
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move
from fleet.users.actor import SYSTEM
from provisioning.engine.observe import observe
from provisioning.errors import FactUnreadable
from provisioning.facts.observation import Observation
from provisioning.transports.base import Transport
from provisioning.wipe.blockers import Blocker, find_blockers, reset_protected
from provisioning.wipe.evidence import prepare_wipe
from provisioning.wipe.routes import Route, choose, find_routes, reporting_routes
from provisioning.wipe.trade_in import evaluate

_LOOKS_WHILE_OPENING = 6
"""How often a tablet in trade-in mode is asked to open itself before the run says that it will not."""

_SAFE = "Nothing was wiped."
_OPENED = "Nothing was wiped so far, but trade-in mode was opened: the tablet erases itself at its next start."


def identity_check(record: Record, link: TabletLink) -> None:
    record.begin_step("identity")
    link.open(reporting=True)
    with record.writing() as (session, run):
        record.note_step(session, run, "identity", StepOutcome.OK)
        record.progress_to(run, RunState.PRE_FACTS, "Reading the tablet")


def pre_facts(record: Record, link: TabletLink) -> None:
    record.begin_step("blockers")
    transport = link.open(reporting=True)
    if link.report is not None:
        _open_for_reading(record, link, transport)
        return
    observation = observe(transport, now=record.now)
    with record.writing() as (session, run):
        run.observation = observation.to_json()
        policy, asked = wipe_policy(session, run.tablet_id, record.settings), run.route_asked
    blockers = find_blockers(observation, policy)
    if blockers:
        refuse(record, blockers, safe=_OPENED if link.evaluated else _SAFE)
        return
    routes = find_routes(transport, observation, policy)
    _note_routes(record, routes)
    route = choose(routes, asked)
    record.end_step("blockers", StepOutcome.OK)
    _keep_evidence(record, link, observation, route)


def _keep_evidence(record: Record, link: TabletLink, observation: Observation, route: Route) -> None:
    record.begin_step("evidence")
    before = prepare_wipe(link.open(), observation, token(record), key_fingerprint=link.key_fingerprint, now=record.now)
    with record.writing() as (session, run):
        run.before, run.route = before.to_json(), route.code.value
        record.note_step(session, run, "evidence", StepOutcome.OK, "\n".join(before.canaries))
        record.progress_to(run, RunState.RESET_SENT, route.title)
        move(record, session, Move.RESET_SENT)


def _open_for_reading(record: Record, link: TabletLink, transport: Transport) -> None:
    """A tablet that waits in its first-run setup, reset by somebody before it came here. Raises `TryAgain`."""
    assert link.report is not None, "only a tablet that reports comes here"
    run = record.read()
    _note_routes(record, reporting_routes())
    if link.report.reset_protection:
        refuse(record, tuple(reset_protected(True)), safe=_SAFE)
        return
    choose(reporting_routes(), run.route_asked)
    if run.unanswered >= _LOOKS_WHILE_OPENING:
        record.fail(
            "Nothing was wiped. The tablet would not open itself for reading out of trade-in mode.",
            "Go through its welcome screens, switch on USB debugging, then try again from here.",
        )
        return
    try:
        evaluate(transport)
    except FactUnreadable as error:
        raise record.wait("The tablet would not open itself for reading so far") from error
    finally:
        link.close()
    raise record.wait("The tablet opens itself for reading")


def refuse(record: Record, blockers: tuple[Blocker, ...], *, safe: str) -> None:
    record.end_step("blockers", StepOutcome.REFUSED, "\n".join(blocker.what for blocker in blockers))
    record.refuse(blockers, safe=safe)


def token(record: Record, after: str = "") -> str:
    """The run's own token, or the one that follows `after`: the same after a restart, and nobody else's guess."""
    return record.settings.keyed(f"wipe:{record.run_id}:{after}")


def move(record: Record, session: Session, name: Move, **details: object) -> None:
    happening = Happening(now=record.now(), source="bench", details={"run_id": record.run_id, **details})
    tablets.move(session, record.tablet_id, name, actor=SYSTEM, settings=record.settings, happening=happening)


def _note_routes(record: Record, routes: tuple[Route, ...]) -> None:
    with record.writing() as (_, run):
        run.routes = [route.to_json() for route in routes]

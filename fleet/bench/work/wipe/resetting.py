"""The moment of the reset: everything that could stand against it is read once more, and then it is begun.

A tablet that does not answer may be in the middle of its reset already; that is waited for, never begun a second time.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from fleet.bench.models import Run
from fleet.bench.rules import RunState, StepOutcome
from fleet.bench.service.ways import wipe_policy
from fleet.bench.work.record import Record
from fleet.bench.work.tablet_link import TabletLink
from fleet.bench.work.wipe.before import refuse, token
from fleet.bench.work.wipe.standing import Standing, kept_evidence, stands
from provisioning.engine.observe import observe
from provisioning.errors import FactUnreadable, TransportError
from provisioning.facts.catalogue import observation_from_json
from provisioning.facts.reading import read_facts
from provisioning.transports.base import Transport
from provisioning.wipe.blockers import FACTS, Blocker, find_blockers
from provisioning.wipe.evidence import prepare_wipe
from provisioning.wipe.hands import Hands, begin_reset
from provisioning.wipe.routes import RouteCode

NOT_SEEN = "The tablet did not answer when its reset was to be begun"
_BY_HAND = "Look at the tablet. When it answers, the bench opens its reset page."
_ON_ITS_OWN = {
    RouteCode.TEST_HARNESS: "It erases itself and comes back; nobody has to touch it",
    RouteCode.DEVICE_OWNER: "Our management app resets it",
    RouteCode.TRADE_IN: "It restarts, erases itself and comes back; nobody has to touch it",
}


def reset_sent(record: Record, link: TabletLink) -> None:
    record.begin_step("reset")
    try:
        transport = link.open(reporting=True)
        standing = Standing.CHANGED if link.report is not None else stands(transport, kept_evidence(record.read()))
        if standing in (Standing.CHANGED, Standing.ERASED_FOR_A_TEST):
            _wait(record, StepOutcome.UNKNOWN, "It was reset already", None)
            return
        if standing is Standing.RESTARTED:
            gather_again(record, link, transport)
        blockers = present_blockers(record, transport)
        if blockers:
            refuse(record, blockers, safe="Nothing was wiped: its reset was not begun.")
            return
        hands: Hands | None = _begin(record, transport)
    except (TransportError, FactUnreadable):
        link.close()
        hands = None
    begun = hands is not None and hands.opened
    _wait(record, StepOutcome.OK if begun else StepOutcome.UNKNOWN, hands.screen if hands else NOT_SEEN, hands)


def gather_again(
    record: Record, link: TabletLink, transport: Transport, also: Callable[[Session, Run], None] | None = None
) -> None:
    """Leave another mark and read everything anew: what was kept is of a life, or a start, that is over.

    `also` is written in the same transaction.
    """
    observation = observe(transport, now=record.now)
    used = kept_evidence(record.read()).token
    before = prepare_wipe(
        transport, observation, token(record, after=used), key_fingerprint=link.key_fingerprint, now=record.now
    )
    with record.writing() as (session, run):
        if also is not None:
            also(session, run)
        run.before, run.observation = before.to_json(), observation.to_json()
        record.note_step(session, run, "evidence", StepOutcome.OK, "\n".join(before.canaries))


def present_blockers(record: Record, transport: Transport) -> tuple[Blocker, ...]:
    """What stands against the wipe at this very moment, by what this hub has decided at this very moment."""
    observation = read_facts(transport, FACTS, now=record.now)
    with record.context.database.read() as session:
        policy = wipe_policy(session, record.tablet_id, record.settings)
    return find_blockers(observation, policy)


def _begin(record: Record, transport: Transport) -> Hands:
    run = record.read()
    assert run.observation is not None, "a run is in this state only with its observation"
    return begin_reset(transport, observation_from_json(run.observation), RouteCode(run.route))


def _wait(record: Record, outcome: StepOutcome, said: str, hands: Hands | None) -> None:
    with record.writing() as (session, run):
        record.note_step(session, run, "reset", outcome, said)
        record.progress_to(run, RunState.WAITING_HANDS, "Waiting for somebody's hands")
        run.hands = hands.sentence if hands else _BY_HAND
        run.hands_guide = list(hands.guide) if hands else []
        if hands is not None and not hands.sentence:
            run.doing = _ON_ITS_OWN[hands.route]
        run.waiting_since = record.now()
    record.begin_step("hands")

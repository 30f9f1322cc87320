"""Waiting until the tablet was reset and is back: one look at a time, by its place and serial, for a day or more."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.bench.models import Run
from fleet.bench.queries import step as step_of
from fleet.bench.rules import LOCKING_BLOCKERS, RunState, StepOutcome
from fleet.bench.work.record import Record
from fleet.bench.work.tablet_link import TabletLink
from fleet.bench.work.wipe.before import refuse
from fleet.bench.work.wipe.resetting import gather_again, present_blockers
from fleet.bench.work.wipe.standing import Standing, kept_evidence, stands
from fleet.jobs.service import TryAgain
from provisioning.errors import (
    CannotConnect,
    CommandTimedOut,
    FactUnreadable,
    LinkLost,
    NotAuthorised,
    ServiceRefused,
    WrongTablet,
)
from provisioning.facts.catalogue import observation_from_json
from provisioning.transports.base import Transport
from provisioning.wipe.evidence import collect_after
from provisioning.wipe.hands import at_home, leave_reset, open_reset
from provisioning.wipe.judging import judge
from provisioning.wipe.routes import RouteCode

_ASKS_AGAIN = "It asks again whether to trust this bench"
_AWAY = "It is away: resetting, starting, or its debugging is still off"
_NOT_YET = "The tablet has not been reset yet"
_RESETS_BY_HAND = 2
"""A tablet that restarts without having been erased may only have been switched off: it is asked for this often."""
_LOOKS_UNATTENDED = 3
"""How often a tablet that should erase itself may be found untouched before a person is asked to reset it."""


def waiting_hands(record: Record, link: TabletLink) -> None:
    """Look once. Goes on to the proofs when the tablet is back and was reset, or came back as if it had been."""
    run = record.read()
    before = kept_evidence(run)
    try:
        transport = _knock(record, link, run)
        standing = Standing.CHANGED if link.report is not None else stands(transport, before)
        _judge_standing(record, link, transport, run, standing, before.traces.boot_count is not None)
    except NotAuthorised as error:
        raise _missed(record, link, run, _ASKS_AGAIN, "Tick Always allow, then tap Allow") from error
    except (CannotConnect, LinkLost, CommandTimedOut, ServiceRefused) as error:
        raise _missed(record, link, run, _AWAY) from error
    except FactUnreadable as error:
        raise record.wait("It is back, and Android is still starting") from error
    except WrongTablet as error:
        link.close()
        raise record.wait("Another tablet is in this slot", hands=str(error)) from error


def _judge_standing(
    record: Record, link: TabletLink, transport: Transport, run: Run, standing: Standing, counts_boots: bool
) -> None:
    attended = run.route == RouteCode.SETTINGS_RESET
    if standing is Standing.ERASED_FOR_A_TEST:
        _erased_once(record, link, transport, run)
    elif standing is Standing.UNTOUCHED and (run.gone_at is None or counts_boots):
        _still_untouched(record, transport, run, attended)
    elif standing is Standing.RESTARTED and not (attended and _opened(record, times=_RESETS_BY_HAND)):
        _reset_by_hand(record, "It restarted, and nothing was erased")
    else:
        with record.writing() as (session, row):
            record.note_step(session, row, "hands", StepOutcome.OK)
            record.progress_to(row, RunState.VERIFYING, "Reading the proofs")


def _still_untouched(record: Record, transport: Transport, run: Run, attended: bool) -> None:
    """Nobody has reset it so far. Should a lock have appeared, the page is taken away and the run ends."""
    locks = tuple(each for each in present_blockers(record, transport) if each.code.value in LOCKING_BLOCKERS)
    if locks:
        leave_reset(transport)
        refuse(record, locks, safe="Nothing was wiped, and its reset page was closed again.")
        return
    if not attended and run.unanswered >= _LOOKS_UNATTENDED:
        _reset_by_hand(record, "It was told to erase itself, and did not")
        return
    if attended and not _opened(record):
        _reset_by_hand(record, "Its reset page has not been opened yet")
        return
    with record.writing() as (_, row):
        row.knocking, row.asked_again = False, None  # it was never reset, so nothing can have been asked again either
    if attended and at_home(transport):
        raise _page_again(record, transport, run)
    raise record.wait(_NOT_YET, hands=run.hands, guide=run.hands_guide)


def _page_again(record: Record, transport: Transport, run: Run) -> TryAgain:
    """Somebody pressed Home, or switched the tablet off and on, while the wall says that its reset page is up."""
    assert run.observation is not None, "a run is in this state only with its observation"
    hands = open_reset(transport, observation_from_json(run.observation))
    why = "It went back to its home screen; its reset page was opened again" if hands.opened else _NOT_YET
    return record.wait(why, hands=hands.sentence, guide=hands.guide)


def _opened(record: Record, *, times: int = 1) -> bool:
    """Whether the reset was begun this time, and for how many times at least."""
    with record.context.database.read() as session:
        reset = step_of(session, record.run_id, "reset")
        return reset is not None and reset.outcome is StepOutcome.OK and reset.tries >= times


def _reset_by_hand(record: Record, why: str) -> None:
    """Open the reset page for a person: what was tried before has changed nothing, so its evidence still stands."""
    with record.writing() as (session, run):
        record.note_step(session, run, "reset", StepOutcome.UNKNOWN, why)
        run.route = RouteCode.SETTINGS_RESET.value
        _forget_the_wait(run)
        record.progress_to(run, RunState.RESET_SENT, f"{why}: opening its reset page")


def _erased_once(record: Record, link: TabletLink, transport: Transport, run: Run) -> None:
    """Keep the evidence of the first erase, and gather fresh evidence for the reset from Settings that must follow."""
    first = kept_evidence(run)
    after = collect_after(transport, first, now=record.now)

    def go_on(session: Session, row: Run) -> None:
        verdict = judge(first, after)
        row.first_stage = {"before": run.before, "after": after.to_json(), "verdict": verdict.to_json()}
        row.route = RouteCode.SETTINGS_RESET.value
        _forget_the_wait(row)
        record.note_step(session, row, "reset", StepOutcome.UNKNOWN, "Erased once; a reset from Settings must follow")
        record.progress_to(row, RunState.RESET_SENT, "Erased once; opening its reset page for the second time")

    gather_again(record, link, transport, go_on)


def _forget_the_wait(run: Run) -> None:
    run.gone_at, run.asked_again, run.knocking = None, None, False


def _knock(record: Record, link: TabletLink, run: Run) -> Transport:
    """Connect, keeping note of whether the tablet asked again for trust.

    `asked_again` becomes False only where a whole connection was seen in which it did not ask. Once a worker died in
    the middle of one, nobody knows: `knocking` stays true and the answer None. A tablet in trade-in mode asks nobody.
    """

    def asked() -> None:
        with record.writing() as (_, row):
            row.asked_again = True

    with record.writing() as (_, row):
        row.knocking = True
    transport = link.open(asked, reporting=True)
    asks_nobody = link.report is not None or link.evaluated
    with record.writing() as (_, row):
        row.knocking = run.knocking
        if row.asked_again is not True:
            row.asked_again = None if run.knocking or asks_nobody else False
    return transport


def _missed(record: Record, link: TabletLink, run: Run, why: str, hands: str = "") -> TryAgain:
    """The tablet is away or asks for trust: it is on its way through the reset."""
    link.close()
    with record.writing() as (_, row):
        row.knocking = run.knocking
        if row.gone_at is None:
            row.gone_at, row.unanswered = record.now(), 0
    return record.wait(why, hands=hands or run.hands, guide=run.hands_guide)

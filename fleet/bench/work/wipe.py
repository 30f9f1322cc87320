"""A wipe, state by state: right tablet, no blockers, evidence kept, reset page, somebody's hands, the proofs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from fleet.bench import queries
from fleet.bench.models import Run
from fleet.bench.rules import RunState, StepOutcome, sdk_of_release
from fleet.bench.service.certificates import write_certificate
from fleet.bench.work.record import Record
from fleet.bench.work.tablet_link import TabletLink
from fleet.jobs.service import TryAgain
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move
from fleet.tablets.service import Happening
from fleet.users.actor import SYSTEM
from provisioning.engine.observe import observe
from provisioning.errors import (
    CannotConnect,
    CommandTimedOut,
    FactUnreadable,
    LinkLost,
    NotAuthorised,
    ServiceRefused,
    TransportError,
    WrongTablet,
)
from provisioning.facts.catalogue import observation_from_json
from provisioning.facts.files import file_on_tablet
from provisioning.facts.identity import ANDROID_ID
from provisioning.facts.reading import read_facts
from provisioning.facts.settings import SETTINGS_GLOBAL
from provisioning.transports.base import Transport
from provisioning.wipe.blockers import BlockerCode, WipePolicy, find_blockers
from provisioning.wipe.evidence import AfterWipe, BeforeWipe, before_wipe_from_json, collect_after, prepare_wipe
from provisioning.wipe.hands import Hands, open_reset
from provisioning.wipe.judging import Verdict, judge
from provisioning.wipe.proofs import ProofOutcome

_LOOKS_AT_PROOFS = 6
"""How often proofs that cannot be read yet are asked for before the wipe counts as not proved."""

_OLD = frozenset({BlockerCode.OS_FLOOR, BlockerCode.PATCH_AGE, BlockerCode.UNREADABLE_SECURITY_PATCH})
"""What a waived floor covers: an Android that gets no more updates has no young patch either."""

_ASKS_AGAIN = "It asks again whether to trust this bench"
_AWAY = "It is away: resetting, starting, or its debugging is still off"
_NOT_SEEN = "The tablet did not answer when its reset page was to be opened. Reset it by hand, from its Settings."


def identity_check(record: Record, link: TabletLink) -> None:
    record.begin_step("identity")
    link.open()
    with record.writing() as (session, run):
        record.note_step(session, run, "identity", StepOutcome.OK)
        record.progress_to(run, RunState.PRE_FACTS, "Reading the tablet")


def pre_facts(record: Record, link: TabletLink) -> None:
    """Everything before the reset. Killed anywhere in here, it begins again, which changes nothing."""
    record.begin_step("blockers")
    transport = link.open()
    observation = observe(transport, now=record.now)
    with record.writing() as (session, run):
        run.observation = observation.to_json()
        policy = _policy(record, session, run)
    blockers = find_blockers(observation, policy)
    if blockers:
        record.end_step("blockers", StepOutcome.REFUSED, "\n".join(blocker.what for blocker in blockers))
        record.fail(
            f"Nothing was wiped. {' '.join(blocker.what for blocker in blockers)}",
            blockers[0].next,
            blockers=blockers,
        )
        return
    record.end_step("blockers", StepOutcome.OK)
    record.begin_step("evidence")
    before = prepare_wipe(transport, observation, _token(record), key_fingerprint=link.key_fingerprint, now=record.now)
    with record.writing() as (session, run):
        run.before = before.to_json()
        record.note_step(session, run, "evidence", StepOutcome.OK, "\n".join(before.canaries))
        record.progress_to(run, RunState.RESET_SENT, "Opening its reset page")
        _move(record, session, Move.RESET_SENT)


def reset_sent(record: Record, link: TabletLink) -> None:
    """Open the reset page. A tablet that does not answer may be in the middle of its reset: that is waited for."""
    record.begin_step("reset")
    run = record.read()
    assert run.observation is not None, "a run is in this state only with its observation"
    try:
        hands: Hands | None = open_reset(link.open(), observation_from_json(run.observation))
    except (TransportError, FactUnreadable):
        link.close()
        hands = None
    outcome = StepOutcome.OK if hands is not None and hands.opened else StepOutcome.UNKNOWN
    with record.writing() as (session, run):
        record.note_step(session, run, "reset", outcome, hands.screen if hands else _NOT_SEEN)
        record.progress_to(run, RunState.WAITING_HANDS, "Waiting for somebody's hands")
        run.hands = hands.sentence if hands else _NOT_SEEN
        run.hands_guide = list(hands.guide) if hands else []
        run.waiting_since = record.now()
    record.begin_step("hands")


class Standing(StrEnum):
    """How a tablet stands while its reset is waited for."""

    UNTOUCHED = "untouched"
    RESTARTED = "restarted"
    CHANGED = "changed"


def waiting_hands(record: Record, link: TabletLink) -> None:
    """Look once. Goes on to the proofs when the tablet is back and was reset, or came back as if it had been."""
    run = record.read()
    before = before_wipe_from_json(_kept(run.before))
    try:
        transport = _knock(record, link, run)
        standing = stands(transport, before)
    except NotAuthorised as error:
        raise _missed(record, link, run, _ASKS_AGAIN, "Tick Always allow, then tap Allow") from error
    except (CannotConnect, LinkLost, CommandTimedOut, ServiceRefused) as error:
        raise _missed(record, link, run, _AWAY) from error
    except FactUnreadable as error:
        raise record.wait("It is back, and Android is still starting") from error
    except WrongTablet as error:
        link.close()
        raise record.wait("Another tablet is in this slot", hands=str(error)) from error
    if standing is Standing.UNTOUCHED and (run.gone_at is None or before.traces.boot_count is not None):
        raise _not_yet(record, run)
    with record.writing() as (session, run):
        record.note_step(session, run, "hands", StepOutcome.OK)
        record.progress_to(run, RunState.VERIFYING, "Reading the proofs")


def verifying(record: Record, link: TabletLink) -> None:
    record.begin_step("proofs")
    run = record.read()
    before = before_wipe_from_json(_kept(run.before))
    after = collect_after(link.open(), before, asked_again=run.asked_again, now=record.now)
    verdict = judge(before, after)
    if verdict.wiped:
        _pass(record, before, after, verdict)
        return
    with record.writing() as (_, run):
        run.after, run.result = after.to_json(), verdict.to_json()
        looks = run.unanswered
    said = "\n".join(verdict.reasons)
    contradicted = [verdict.same_unit, *(proof.outcome for proof in verdict.proofs)].count(ProofOutcome.CONTRADICTED)
    if not contradicted and looks < _LOOKS_AT_PROOFS:
        raise record.wait("Not every proof can be read yet; Android may still be starting")
    record.end_step("proofs", StepOutcome.REFUSED, said)
    record.fail(
        "The tablet still counts as holding somebody's data, and no certificate was written. "
        + " ".join(verdict.reasons),
        "Reset it again from its Settings: try again from here.",
    )


def _pass(record: Record, before: BeforeWipe, after: AfterWipe, verdict: Verdict) -> None:
    """Certificate, tablet and run in one transaction: all of it is true or none of it."""
    with record.writing() as (session, run):
        run.after, run.result = after.to_json(), verdict.to_json()
        certificate = write_certificate(session, run, before, after, verdict, now=record.now())
        _move(record, session, Move.WIPE_PASSED, certificate=certificate.number)
        record.note_step(session, run, "proofs", StepOutcome.OK, f"Certificate {certificate.number}")
        record.progress_to(run, RunState.PASSED, "")


def stands(transport: Transport, before: BeforeWipe) -> Standing:
    """Compare three cheap readings with the evidence. Raises `FactUnreadable` while Android is still starting."""
    files = tuple(file_on_tablet(path) for path in before.canaries)
    seen = read_facts(transport, (ANDROID_ID, SETTINGS_GLOBAL, *files))
    if seen.value(ANDROID_ID).value != before.traces.android_id:
        return Standing.CHANGED
    if any(seen.value(file).sha256 is None for file in files):
        return Standing.CHANGED
    earlier = before.traces.boot_count
    boots = seen.value(SETTINGS_GLOBAL).get("boot_count")
    return Standing.UNTOUCHED if boots == (None if earlier is None else str(earlier)) else Standing.RESTARTED


def _knock(record: Record, link: TabletLink, run: Run) -> Transport:
    """Connect, keeping note of whether the tablet asked again for trust.

    `asked_again` becomes False only where a whole connection was seen in which it did not ask. Once a worker died in
    the middle of one, nobody knows: `knocking` stays true and the answer None.
    """

    def asked() -> None:
        with record.writing() as (_, row):
            row.asked_again = True

    with record.writing() as (_, row):
        row.knocking = True
    transport = link.open(asked)
    with record.writing() as (_, row):
        row.knocking = run.knocking
        if row.asked_again is not True:
            row.asked_again = None if run.knocking else False
    return transport


def _missed(record: Record, link: TabletLink, run: Run, why: str, hands: str = "") -> TryAgain:
    """The tablet is away or asks for trust: it is on its way through the reset."""
    link.close()
    with record.writing() as (_, row):
        row.knocking = run.knocking
        if row.gone_at is None:
            row.gone_at, row.unanswered = record.now(), 0
    return record.wait(why, hands=hands or run.hands, guide=run.hands_guide)


def _not_yet(record: Record, run: Run) -> TryAgain:
    """Nobody has reset it so far, so nothing can have been asked again either."""
    with record.writing() as (_, row):
        row.knocking, row.asked_again = False, None
    return record.wait("The tablet has not been reset yet", hands=run.hands, guide=run.hands_guide)


def _policy(record: Record, session: Any, run: Run) -> WipePolicy:
    tablet = tablets.get_tablet(session, run.tablet_id)
    floor = record.settings.os_floor_release
    waived = {waiver.code for waiver in queries.waivers(session, tablet.id)}
    if tablet.os_floor_waiver is not None or tablet.retiring:
        waived |= _OLD
    return WipePolicy(least_sdk=sdk_of_release(floor), least_release=str(floor), waived=frozenset(waived))


def _token(record: Record) -> str:
    """The run's own token: the same after a restart, and nobody else's guess."""
    secret = record.settings.secret_key.get_secret_value().encode()
    return hmac.new(secret, f"wipe:{record.run_id}".encode(), hashlib.sha256).hexdigest()


def _move(record: Record, session: Any, move: Move, **details: object) -> None:
    happening = Happening(now=record.now(), source="bench", details={"run_id": record.run_id, **details})
    tablets.move(session, record.tablet_id, move, actor=SYSTEM, settings=record.settings, happening=happening)


def _kept(stored: Mapping[str, Any] | None) -> Mapping[str, Any]:
    assert stored is not None, "a run is in this state only with its evidence"
    return stored


ACTS: Mapping[RunState, Callable[[Record, TabletLink], None]] = {
    RunState.QUEUED: lambda record, _: record.become(RunState.IDENTITY_CHECK, "Looking at the tablet"),
    RunState.IDENTITY_CHECK: identity_check,
    RunState.PRE_FACTS: pre_facts,
    RunState.RESET_SENT: reset_sent,
    RunState.WAITING_HANDS: waiting_hands,
    RunState.VERIFYING: verifying,
}

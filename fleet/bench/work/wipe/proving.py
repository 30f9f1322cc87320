"""The proofs, and what follows from them: a certificate, a further look, or a wipe that was not proved."""

from __future__ import annotations

from fleet.bench.models import Run
from fleet.bench.rules import RunState, StepOutcome
from fleet.bench.service.certificates import write_certificate
from fleet.bench.work.record import Record
from fleet.bench.work.tablet_link import TabletLink
from fleet.bench.work.wipe.before import move
from fleet.bench.work.wipe.standing import kept_evidence
from fleet.tablets.rules import Move
from provisioning.errors import FactUnreadable
from provisioning.facts.plain import from_plain, to_plain
from provisioning.facts.trade_in import TradeInReport
from provisioning.transports.base import Transport
from provisioning.wipe.evidence import AfterWipe, BeforeWipe, after_wipe_from_json, collect_after
from provisioning.wipe.hands import restart
from provisioning.wipe.judging import Verdict, judge, verdict_from_json
from provisioning.wipe.proofs import ProofOutcome
from provisioning.wipe.trade_in import evaluate

_LOOKS_AT_PROOFS = 6
"""How often proofs that cannot be read yet are asked for before the wipe counts as not proved."""


def verifying(record: Record, link: TabletLink) -> None:
    """A tablet that only reports is opened to be read, which costs it one more reset: it is passed after that one."""
    record.begin_step("proofs")
    run = record.read()
    before = kept_evidence(run)
    transport = link.open(reporting=True)
    proved = _proved(run)
    if link.report is not None:
        if proved is not None and not link.report.reset_protection:
            _pass(record, before, *proved)
            return
        _open_for_reading(record, link, transport, run)
    after = collect_after(
        transport,
        before,
        asked_again=None if link.evaluated else run.asked_again,
        trade_in=_reported(run) if link.evaluated or proved is not None else None,
        now=record.now,
    )
    verdict = judge(before, after)
    if verdict.wiped and link.evaluated:
        _erase_once_more(record, link, transport, after, verdict)
    if verdict.wiped:
        _pass(record, before, after, verdict)
    elif proved is not None and not _contradicted(verdict):
        _pass(record, before, *proved)
    else:
        _not_proved(record, after, verdict)


def _proved(run: Run) -> tuple[AfterWipe, Verdict] | None:
    """What was proved while the tablet stood open, before it was sent to erase itself once more."""
    if run.after is None or run.result is None:
        return None
    verdict = verdict_from_json(run.result)
    return (after_wipe_from_json(run.after), verdict) if verdict.wiped else None


def _reported(run: Run) -> TradeInReport | None:
    return None if run.trade_in is None else from_plain(TradeInReport, run.trade_in)


def _open_for_reading(record: Record, link: TabletLink, transport: Transport, run: Run) -> None:
    """Keep the tablet's own report and open it. Raises `TryAgain`, or `RunOver` where it will not be opened."""
    assert link.report is not None, "only a tablet that reports comes here"
    with record.writing() as (_, row):
        row.trade_in = to_plain(link.report)
    if link.report.reset_protection or run.unanswered >= _LOOKS_AT_PROOFS:
        locked = "it asks for an earlier owner's account" if link.report.reset_protection else "it would not open"
        raise record.give_up(
            f"The tablet still counts as holding somebody's data, and no certificate was written: {locked}.",
            "Go through its welcome screens, switch on USB debugging, then try again from here.",
        )
    try:
        evaluate(transport)
    except FactUnreadable as error:
        raise record.wait("The tablet would not open itself for reading so far") from error
    finally:
        link.close()
    raise record.wait("It reports that it was reset; it opens itself so that the proofs can be read")


def _erase_once_more(
    record: Record, link: TabletLink, transport: Transport, after: AfterWipe, verdict: Verdict
) -> None:
    """The proofs hold. Opened for reading, the tablet has to erase itself before anybody uses it. Raises `TryAgain`."""
    with record.writing() as (_, run):
        run.after, run.result = after.to_json(), verdict.to_json()
        restarts = run.unanswered
    if restarts >= _LOOKS_AT_PROOFS:
        raise record.give_up(
            "The tablet was erased, but it stays open to anyone: it does not erase itself at its start, as it has to. "
            "No certificate was written.",
            "Reset it from its Settings, then try again from here.",
        )
    restart(transport)
    link.close()
    raise record.wait("The proofs hold; having been opened for reading, it restarts and erases itself once more")


def _not_proved(record: Record, after: AfterWipe, verdict: Verdict) -> None:
    with record.writing() as (_, run):
        run.after, run.result = after.to_json(), verdict.to_json()
        looks = run.unanswered
    if not _contradicted(verdict) and looks < _LOOKS_AT_PROOFS:
        raise record.wait("Not every proof can be read yet; Android may still be starting")
    record.end_step("proofs", StepOutcome.REFUSED, "\n".join(verdict.reasons))
    record.fail(
        "The tablet still counts as holding somebody's data, and no certificate was written. "
        + " ".join(verdict.reasons),
        "Reset it again from its Settings: try again from here.",
    )


def _contradicted(verdict: Verdict) -> bool:
    return ProofOutcome.CONTRADICTED in (verdict.same_unit, *(proof.outcome for proof in verdict.proofs))


def _pass(record: Record, before: BeforeWipe, after: AfterWipe, verdict: Verdict) -> None:
    """Certificate, tablet and run in one transaction: all of it is true or none of it."""
    with record.writing() as (session, run):
        run.after, run.result = after.to_json(), verdict.to_json()
        certificate = write_certificate(session, run, before, after, verdict, now=record.now())
        move(record, session, Move.WIPE_PASSED, certificate=certificate.number)
        record.note_step(session, run, "proofs", StepOutcome.OK, f"Certificate {certificate.number}")
        record.progress_to(run, RunState.PASSED, "")

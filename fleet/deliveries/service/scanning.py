"""Facts from couriers' phones: kept whatever they say, applied once, answered the same when they are told again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.facts import Believed, Details, Fact, Told, believed, in_order, kept_details
from fleet.deliveries.models import Scan
from fleet.deliveries.rules import Action, Answer, JobEnd, JobKind
from fleet.deliveries.service.effects import carry_out
from fleet.deliveries.service.figures import Telling
from fleet.deliveries.service.hazard import warn
from fleet.deliveries.service.matching import Match, NoMatch, goes_with_a_sim, match
from fleet.deliveries.service.stories import changes, look_again, say, telling_with
from fleet.deliveries.service.taken_back import TAKEN_BACK, is_void, make_once_more, void_words
from fleet.deliveries.words import NEEDED, SIM
from fleet.errors import BadInput, Conflict, MoveRefused, NotFound
from fleet.loans import service as loans
from fleet.settings import Settings
from fleet.users.actor import Actor

MOST_FACTS = 500
"""In one batch: a long day of a full car, several times over."""
LATE = 600
"""Seconds after which a refusal no longer reaches the courier at the door, so that a person should see it."""


@dataclass(frozen=True)
class Answered:
    """What became of a fact. `replayed` when it had been told before; then nothing was changed."""

    id: str
    answer: Answer
    reason: str
    sentence: str
    replayed: bool = False
    clock_flagged: bool = False
    job_id: int | None = None


def tell(
    session: Session,
    facts: Sequence[Fact],
    *,
    actor: Actor,
    settings: Settings,
    now: datetime,
    source: str = "phone",
) -> list[Answered]:
    """Take in what a phone tells, in the order it happened; the answers are in the order of `facts`.

    A fact is stored whatever its answer. Raises nothing for what a fact says: that is what the answers are for.
    """
    batch = [(fact, believed(fact, now), place) for place, fact in enumerate(facts)]
    known = queries.told_before(session, [fact.id for fact in facts])
    answers: dict[int, Answered] = {}
    for fact, when, place in in_order(batch, lambda each: _heard(each[0], each[1])):
        if fact.id in known:
            answers[place] = _told_again(known[fact.id], fact, actor)
            continue
        scan = _row(fact, when, actor, now, source)
        _judge(session, scan, fact, when, actor=actor, settings=settings, now=now)
        known[fact.id] = _kept(session, scan)
        answers[place] = _answered(scan)
    return [answers[place] for place in range(len(batch))]


def _heard(fact: Fact, when: Believed) -> Told:
    return Told(fact.id, fact.action, when.at, fact.sequence, when.flagged)


def _kept(session: Session, scan: Scan) -> Scan:
    session.add(scan)
    session.flush()
    return scan


def _row(fact: Fact, when: Believed, actor: Actor, now: datetime, source: str) -> Scan:
    return Scan(
        client_id=fact.id,
        code=fact.code[:120],
        action=fact.action,
        occurred_at=fact.occurred_at,
        clock_offset_ms=fact.clock_offset_ms,
        sequence=fact.sequence,
        received_at=now,
        effective_at=when.at,
        clock_flagged=when.flagged,
        courier_id=actor.user_id,
        courier_name=actor.name,
        details=kept_details(fact.details),
        source=source,
        answer=Answer.CONFLICT,
        reason="not_judged",
    )


def _told_again(known: Scan, fact: Fact, actor: Actor) -> Answered:
    """The answer it got. An id that stands for something else, or for somebody else's fact, says no more than that."""
    if known.courier_id != actor.user_id or known.action is not fact.action or known.code != fact.code[:120]:
        sentence = "This id was used before, for something else. Send it again with an id of its own."
        return Answered(fact.id, Answer.REFUSED, "id_used_before", sentence)
    return _answered(known, replayed=True)


def _answered(scan: Scan, *, replayed: bool = False) -> Answered:
    return Answered(
        id=scan.client_id,
        answer=scan.answer,
        reason=scan.reason,
        sentence=scan.sentence,
        replayed=replayed,
        clock_flagged=scan.clock_flagged,
        job_id=scan.job_id,
    )


def _judge(
    session: Session, scan: Scan, fact: Fact, when: Believed, *, actor: Actor, settings: Settings, now: datetime
) -> None:
    if fact.action is Action.HAZARD:
        warn(session, scan, actor=actor, now=now)
        return
    found = match(session, fact, when, actor=actor)
    if isinstance(found, NoMatch):
        scan.run_id, scan.tablet_id = found.run_id, found.tablet_id
        say(scan, Answer.CONFLICT if found.look else Answer.REFUSED, found.reason, found.sentence)
        return
    scan.run_id, scan.job_id, scan.tablet_id = found.job.run_id, found.job.id, found.tablet_id
    loan = loans.get_loan(session, found.job.loan_id) if found.job.loan_id is not None else None
    if loan is not None:
        make_once_more(session, found.job, loan, settings=settings, now=now)
        if is_void(session, scan, loan):
            say(scan, Answer.CONFLICT, TAKEN_BACK, void_words(found.code, scan.action))
            return
    telling = telling_with(session, scan, found, actor=actor, settings=settings, now=now)
    has_sim = fact.action is Action.SWAP and goes_with_a_sim(session, found.job)
    lacking = missing(fact.action, fact.details, has_sim=has_sim)
    if lacking is not None:
        _incomplete(scan, found, telling, lacking)
    elif found.job.ended is JobEnd.NOT_DONE and scan.action in (Action.LOAD, Action.FAILED):
        say(scan, Answer.CONFLICT, "run_finished", f"{found.code}: this run was finished. Ring the hub.")
    else:
        _count_in(session, scan, found, telling)


def _incomplete(scan: Scan, found: Match, telling: Telling, lacking: tuple[str, str]) -> None:
    """It does not count, whatever came before it; it is refused unless it would have said nothing more."""
    if changes(telling):
        _refuse(scan, *lacking)
    else:
        say(scan, Answer.ALREADY, "known", _known_words(found, telling, scan))


def _count_in(session: Session, scan: Scan, found: Match, telling: Telling) -> None:
    try:
        with session.begin_nested():
            words = carry_out(session, telling)
            _counts(scan, found, telling, words)
            session.add(scan)  # with all that it changes it is written in one go
    except MoveRefused as refused:
        _cannot(scan, found, " ".join(refused.reasons) or refused.message)
    except (Conflict, BadInput, NotFound) as refused:
        _cannot(scan, found, refused.message)


def _counts(scan: Scan, found: Match, telling: Telling, words: str) -> None:
    scan.counts = True
    if scan.client_id in telling.after.contested:
        say(scan, Answer.CONFLICT, *_contradiction(scan.action, found))
    elif changes(telling):
        say(scan, Answer.APPLIED, "", f"{found.code}. {words}")
    else:
        say(scan, Answer.ALREADY, "known", _known_words(found, telling, scan))
    look_again(telling, found.code)


def _cannot(scan: Scan, found: Match, why: str) -> None:
    """The books do not allow it. A loading can be put right on the spot; anything else has happened at a door."""
    if scan.action is Action.LOAD:
        _refuse(scan, "not_to_be_carried", f"{found.code} must not go out. {why} Put it back and tell the hub.")
    else:
        sentence = f"{found.code}: what you told is kept, but it does not fit our books. {why} Ring the hub."
        say(scan, Answer.CONFLICT, "does_not_fit", sentence)


def _refuse(scan: Scan, reason: str, sentence: str) -> None:
    """A refusal that reaches nobody at the door any more becomes something for a person to look at."""
    say(scan, Answer.REFUSED, reason, sentence)
    scan.needs_review = (scan.received_at - scan.effective_at).total_seconds() > LATE


def missing(action: Action, details: Details, *, has_sim: bool) -> tuple[str, str] | None:
    """What a fact must say before it can count: (reason code, sentence)."""
    needed = [row for row in NEEDED.get(action, ()) if has_sim or row[0] != SIM]
    unsaid = (row for row in needed if getattr(details, row[0]) == getattr(_NOTHING_SAID, row[0]))
    return next(((reason, sentence) for _name, reason, sentence in unsaid), None)


_NOTHING_SAID = Details()


def _contradiction(action: Action, found: Match) -> tuple[str, str]:
    if action in (Action.BACK_AT_HUB, Action.HAND_IN, Action.DROP) and found.job.done_at is None:
        if found.job.kind is JobKind.SWAP:
            return "swap_first", f"{found.code} was not swapped yet. Scan the swap too; this waits for it."
        return "collect_first", f"{found.code} was not collected yet. Scan the collection too; this waits for it."
    return "contradicts", f"{found.code}: kept, but it does not fit what was told before. Somebody will look at it."


def _known_words(found: Match, telling: Telling, scan: Scan) -> str:
    if any(each.action is scan.action for each in telling.before.story):
        return f"{found.code}. You told us this already; nothing more is needed."
    return f"{found.code}. This was known already; nothing more is needed."


def own_fact(session: Session, fact_id: str, *, actor: Actor) -> Scan:
    """A fact this courier told. Raises `NotFound` for anybody else's, in the same words as for none at all."""
    scan = queries.scan_by_client_id(session, fact_id)
    if scan is None or actor.user_id is None or scan.courier_id != actor.user_id:
        raise NotFound("You have told nothing by this id.", next_step="Send what was told first, then its photo.")
    return scan

"""What becomes of a message that the ledger has and that has not left: whether it may leave, and whether it is tried
again, given to a person, or kept back. The dry run tells of such messages by the same answer."""

from __future__ import annotations

from fleet.chasing.models import Chase
from fleet.chasing.rules import (
    MAX_FAILURES,
    MOVED,
    Action,
    Acts,
    ChaseState,
    Decision,
    Rung,
    decide,
    decide_letter,
    never,
)
from fleet.chasing.service.planning import Planned, language_of
from fleet.chasing.service.situation import Situation, address_for, is_from_before_a_stop
from fleet.people.rules import Channel


def decision_about(situation: Situation, chase: Chase) -> Decision:
    """Whether this message may leave at this moment."""
    rung = situation.ladder.rung(chase.rung)
    overtaken = _overtaken(situation, chase, rung)
    if overtaken is not None or rung is None:
        return overtaken or Decision(Action.NEVER)
    if is_asked_for(rung, chase):
        return decision_about_letter(situation, chase)
    if chase.channel and chase.channel != situation.person.channel.value and chase.state is ChaseState.PREPARING:
        return Decision(Action.WAIT, _ANOTHER_WAY)
    return decide(rung, situation.facts)


_ANOTHER_WAY = "they want to hear from us another way"


def is_asked_for(rung: Rung, chase: Chase) -> bool:
    """Whether a person asked for this letter, at a step at which nothing is written of itself."""
    return rung.by is not Acts.SYSTEM and chase.channel == Channel.LETTER.value


def decision_about_letter(situation: Situation, chase: Chase) -> Decision:
    """Whether a letter of the queue may be printed and posted at this moment."""
    rung = situation.ladder.rung(chase.rung)
    overtaken = _overtaken(situation, chase, rung)
    if overtaken is not None or rung is None:
        return overtaken or Decision(Action.NEVER)
    asked_for = is_asked_for(rung, chase)
    if not asked_for and situation.person.channel is not Channel.LETTER:
        return Decision(Action.WAIT, _ANOTHER_WAY)
    if not address_for(situation.person, Channel.LETTER):
        return Decision(Action.TASK, "there is no address to post it to")
    return decide_letter(rung, situation.facts, asked_for=asked_for)


def _overtaken(situation: Situation, chase: Chase, rung: Rung | None) -> Decision | None:
    """Why a message of the ledger is never wanted any more, by the ladder and the dates of the loan."""
    if rung is None:
        return Decision(Action.NEVER, "the ladder has no such step any more")
    if is_from_before_a_stop(chase, situation.loan):
        return Decision(Action.NEVER, "everything was stopped since it was asked for")
    if chase.due_version != situation.loan.due_version:
        return Decision(Action.NEVER, never(situation.facts) or "it is due on another day")
    if rung == MOVED and (situation.dates is None or situation.dates.moved is None):
        return Decision(Action.NEVER, "it is due on the day that they know")
    return None


def decision_again(situation: Situation, chase: Chase) -> Decision:
    """What is done about a message that did not leave. One that failed too often, or by a way that they no longer want
    and that alone could be asked whether it left, becomes a task for a person; one that must not leave is withdrawn
    with the next tick, and nobody is asked to ring somebody who has died."""
    decision = decision_about(situation, chase)
    if decision.action is Action.NEVER:
        return decision
    if chase.failures >= MAX_FAILURES:
        return Decision(Action.TASK, f"it did not leave {MAX_FAILURES} times")
    rung = situation.ladder.rung(chase.rung)
    asked_for = rung is not None and is_asked_for(rung, chase)
    if chase.failures > 0 and not asked_for and chase.channel != situation.person.channel.value:
        return Decision(Action.TASK, "it did not leave, and they want to hear from us another way by now")
    if decision.action is Action.MESSAGE:
        return Decision(Action.MESSAGE, f"tried again: {chase.note[:1].lower()}{chase.note[1:].rstrip('.')}")
    return decision


def planned_again(situation: Situation, chase: Chase) -> Planned | None:
    """What is done about a message that did not leave; None when it is not wanted any more."""
    rung, decision = situation.ladder.rung(chase.rung), decision_again(situation, chase)
    if rung is None or decision.action is Action.NEVER:
        return None
    return Planned(
        loan_id=chase.loan_id,
        person_id=chase.person_id,
        due_version=chase.due_version,
        due_on=chase.due_on,
        rung=rung,
        skipped=(),
        action=decision.action,
        channel=situation.person.channel,
        why=decision.why,
        language=language_of(rung, situation.facts.reading, decision),
        is_written=decision.action is not Action.TASK,
        again=True,
    )

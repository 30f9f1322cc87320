"""The ladder of each programme: its own where somebody set one, otherwise the default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.ladder import as_data, default_ladder, from_data
from fleet.chasing.models import ChaseLadder
from fleet.chasing.rules import Ladder, OwnText, Rung, ladder_problems, with_words_kept
from fleet.chasing.wording import ENGLISH, can_be_filled, easy_refused, has_text, languages
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput, there
from fleet.happening import Happening
from fleet.users.actor import Actor

MOST_GRACE_DAYS = 28
LONGEST_NAME = 120


@dataclass(frozen=True)
class Ladders:
    """programme -> its ladder."""

    own: Mapping[int, Ladder]

    def of(self, programme_id: int) -> Ladder:
        return self.own.get(programme_id) or default_ladder()


def ladders_of(session: Session, programme_ids: Sequence[int] | None = None) -> Ladders:
    """The ladders of these programmes, or of all."""
    rows = queries.ladders(session, programme_ids)
    return Ladders({key: from_data(row.grace_days, row.rungs) for key, row in rows.items()})


def ladder_of(session: Session, programme_id: int) -> Ladder:
    return ladders_of(session, [programme_id]).of(programme_id)


def check_ladder(rungs: Sequence[Rung], grace_days: int) -> Ladder:
    """The ladder these rungs make. Raises `BadInput` with a sentence for each field, keyed as `days-2`."""
    problems = ladder_problems(rungs, has_text) | _easy_problems(rungs)
    if not 0 <= grace_days <= MOST_GRACE_DAYS:
        problems["grace_days"] = f"Enter a number from 0 to {MOST_GRACE_DAYS}."
    if problems:
        raise BadInput("The ladder was not changed.", fields=problems)
    return Ladder(grace_days=grace_days, rungs=tuple(rungs))


def _easy_problems(rungs: Sequence[Rung]) -> dict[str, str]:
    """What is wrong with the easy read of steps, keyed as `easy-2`."""
    found = {number: easy_refused(rung.subject, rung.body, rung.easy) for number, rung in enumerate(rungs)}
    return {f"easy-{number}": sentence for number, sentence in found.items() if sentence}


def set_ladder(
    session: Session, programme_id: int, rungs: Sequence[Rung], *, grace_days: int, actor: Actor, happening: Happening
) -> ChaseLadder:
    """Let a programme follow this ladder from the next tick on. The one before stays on record.

    What was sent stays sent: a step that a loan has passed is not taken again. Steps keep their words in other
    languages, which are drafts again where the English ones changed. Raises `BadInput`, `NotFound`.
    """
    programme = cohorts.get_programme(session, programme_id)
    kept = with_words_kept(rungs, ladder_of(session, programme.id))
    return _set(session, programme.id, check_ladder(kept, grace_days), actor, happening)


def set_words(
    session: Session, programme_id: int, key: str, text: OwnText, *, actor: Actor, happening: Happening
) -> ChaseLadder:
    """Write a programme's own words for a step in another language; without a text they are taken away.

    They are a draft until `read_by` says who has read them whose language it is; so is their easy read until
    `easy_read_by` does. Raises `BadInput`, `NotFound`.
    """
    ladder = ladder_of(session, cohorts.get_programme(session, programme_id).id)
    rung = there(
        ladder.own_rung(key), "The ladder has no such step.", next_step="Look for it on the programme's ladder."
    )
    _refuse_words(rung, text)
    others = [each for each in rung.others if each.language != text.language]
    others += [text if text.easy else replace(text, easy_read_by="")] if text.body else []
    own = replace(rung, others=tuple(sorted(others, key=lambda each: each.language)))
    rungs = tuple(own if each.key == key else each for each in ladder.rungs)
    return _set(session, programme_id, replace(ladder, rungs=rungs), actor, happening)


def _refuse_words(rung: Rung, text: OwnText) -> None:
    found = {}
    if not rung.body:
        found["body"] = "This step has our words, in every language. Give it own words in English first."
    elif text.language == ENGLISH or text.language not in languages():
        found["language"] = "Choose a language that we have words in, other than English."
    elif text.body and not can_be_filled(text.subject, text.body):
        found["body"] = "Give it a subject, and only these blanks: $first_name, $due_date, $hub, $ring_us."
    elif refused := easy_refused(text.subject, text.body, text.easy):
        found["easy"] = refused
    for name, by in (("read_by", text.read_by), ("easy_read_by", text.easy_read_by)):
        if len(by) > LONGEST_NAME:
            found[name] = f"A name has up to {LONGEST_NAME} letters."
    if found:
        raise BadInput("The words were not kept.", fields=found)


def _set(session: Session, programme_id: int, ladder: Ladder, actor: Actor, happening: Happening) -> ChaseLadder:
    row = ChaseLadder(
        programme_id=programme_id,
        grace_days=ladder.grace_days,
        rungs=as_data(ladder),
        set_by=actor.name,
        set_role=actor.role.value,
        set_at=happening.now,
    )
    session.add(row)
    session.flush()
    return row


@dataclass(frozen=True)
class ProgrammeLadder:
    """Which ladder a programme follows; `set_by` is empty for the usual one."""

    programme_id: int
    name: str
    set_by: str
    steps: int


def programmes_with_ladders(session: Session) -> tuple[ProgrammeLadder, ...]:
    """Every programme that still lends, by name."""
    rows = queries.ladders(session)
    ladders = ladders_of(session)
    return tuple(
        ProgrammeLadder(
            each.id,
            each.name,
            rows[each.id].set_by if each.id in rows else "",
            len(ladders.of(each.id).rungs),
        )
        for each in cohorts.active_programmes(session)
    )

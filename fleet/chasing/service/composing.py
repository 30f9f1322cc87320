"""What a borrower reads: the words of a rung, filled in for a loan and for what else goes along in the message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from fleet.chasing.channels.base import Outgoing
from fleet.chasing.ladder import default_ladder
from fleet.chasing.models import Chase
from fleet.chasing.rules import MOVED, EasyRead, Moved, Rung, language_for, leaves_unread
from fleet.chasing.service.situation import Situation, address_for
from fleet.chasing.wording import ENGLISH, Blanks, Written, has_text, write
from fleet.loans.rules import MovedBecause, points_for, reads_no_print
from fleet.people.rules import Channel, NeedCode, PrintFormat
from fleet.people.sight import address_lines
from fleet.people.words import FORMAT_WORDS
from fleet.settings import Settings

OURS_IN_EASY_READ = "In our easy read: the programme has none of its own for this step."


def compose(
    situation: Situation,
    chase: Chase,
    others: Sequence[Situation],
    settings: Settings,
    *,
    needs: Collection[NeedCode] = (),
) -> Outgoing:
    """The message of a claimed entry. `needs` are the person's: who needs large text gets no small print."""
    person, asked = situation.person, situation.ladder.rung(chase.rung)
    assert asked is not None
    rung = _still_true(asked, situation)
    by = Channel(chase.channel)
    written = write(
        rung,
        language_for(rung, situation.facts.reading) or ENGLISH,
        _blanks(situation, others, settings),
        easy=wants_easy_read(person.print_format),
        with_drafts=leaves_unread(situation.facts.reading),
    )
    return Outgoing(
        reference=chase.reference,
        channel=chase.channel,
        to=address_for(person, by),
        subject=written.subject,
        body=written.body,
        language=written.language,
        rtl=written.rtl,
        address=_envelope(situation, others) if by is Channel.LETTER else (),
        points=points_for(person.print_format, needs),
        print_format=person.print_format.value,
        wanted_as=_by_hand(person.print_format, written),
        note=OURS_IN_EASY_READ if written.is_own and written.easy is EasyRead.OURS else "",
    )


def preview(situation: Situation, rung: Rung, settings: Settings, *, language: str = "", easy: bool = False) -> Written:
    """A rung as this loan's borrower would read it; in another language, drafts and all, or in easy read, where that is
    asked for."""
    reading = situation.facts.reading
    own = language_for(rung, reading) or ENGLISH
    wanted = easy or (not language and wants_easy_read(situation.person.print_format))
    unread = bool(language) or leaves_unread(reading)
    blanks = _blanks(situation, (), settings)
    if rung == MOVED and blanks.moved is None:
        blanks = _as_if_closed(situation, blanks)
    return write(rung, language or own, blanks, easy=wanted, with_drafts=unread)


def _as_if_closed(situation: Situation, blanks: Blanks) -> Blanks:
    """What they would read if the hub were closed on the day it is due."""
    following = situation.facts.calendar.roll_forward(blanks.due_on + timedelta(days=1))
    return replace(blanks, due_on=following, moved=Moved(blanks.due_on, MovedBecause.CLOSURE))


def _still_true(rung: Rung, situation: Situation) -> Rung:
    """The step whose words are true as the message leaves: once the due date has gone by nobody is told that today is
    the day, but what a step after it says in the same language."""
    due_on, reading = situation.loan.due_on, situation.facts.reading
    if rung.days > 0 or due_on is None or situation.facts.local.date() <= due_on:
        return rung
    later = (each for each in (*situation.ladder.rungs, *default_ladder().rungs) if each.days > 0 and has_text(each))
    language = language_for(rung, reading)
    return next((each for each in later if language_for(each, reading) == language), rung)


def wants_easy_read(print_format: PrintFormat) -> bool:
    return print_format is PrintFormat.EASY_READ


def _by_hand(print_format: PrintFormat, written: Written) -> str:
    missing = reads_no_print(print_format) or (wants_easy_read(print_format) and not written.is_easy)
    return FORMAT_WORDS[print_format].lower() if missing else ""


def _envelope(situation: Situation, others: Sequence[Situation]) -> tuple[str, ...]:
    """Everybody the letter speaks to, by full name, and the address."""
    people = {each.person.id: each.person for each in (situation, *others)}
    names = tuple(f"{person.first_name} {person.last_name}".strip() for person in people.values())
    return (*names, *address_lines(situation.person))


def _blanks(situation: Situation, others: Sequence[Situation], settings: Settings) -> Blanks:
    assert situation.loan.due_on is not None
    today, also = situation.facts.local.date(), [each.loan.due_on for each in others if each.loan.due_on]
    return Blanks(
        first_names=tuple(dict.fromkeys(each.person.first_name for each in (situation, *others))),
        due_on=situation.loan.due_on,
        hub=situation.hub.name,
        phone=situation.hub.help_phone or settings.hub_phone,
        also_due=tuple(day for day in also if day >= today),
        also_ended=tuple(day for day in also if day < today),
        moved=situation.dates.moved if situation.dates is not None else None,
    )

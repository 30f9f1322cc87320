"""What a borrower reads: the words of a rung, filled in for a loan and for what else goes along in the message."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from fleet.chasing.channels.base import Outgoing
from fleet.chasing.models import Chase
from fleet.chasing.rules import Rung, language_for
from fleet.chasing.service.situation import Situation, address_for
from fleet.chasing.wording import ENGLISH, Blanks, Written, write
from fleet.loans.rules import points_for, reads_no_print
from fleet.people.rules import Channel, NeedCode, PrintFormat
from fleet.people.sight import address_lines
from fleet.people.words import FORMAT_WORDS
from fleet.settings import Settings


def compose(
    situation: Situation,
    chase: Chase,
    others: Sequence[Situation],
    settings: Settings,
    *,
    needs: Collection[NeedCode] = (),
) -> Outgoing:
    """The message of a claimed entry. `needs` are the person's: who needs large text gets no small print."""
    person, rung = situation.person, situation.ladder.rung(chase.rung)
    assert rung is not None
    written = write(
        rung,
        language_for(rung, situation.facts.reading) or ENGLISH,
        _blanks(situation, others, settings),
        easy=wants_easy_read(person.print_format),
    )
    return Outgoing(
        reference=chase.reference,
        channel=chase.channel,
        to=address_for(person),
        subject=written.subject,
        body=written.body,
        language=written.language,
        rtl=written.rtl,
        address=_envelope(situation, others) if person.channel is Channel.LETTER else (),
        points=points_for(person.print_format, needs),
        print_format=person.print_format.value,
        wanted_as=_by_hand(person.print_format, written),
    )


def preview(situation: Situation, rung: Rung, settings: Settings, *, language: str = "", easy: bool = False) -> Written:
    """A rung as this loan's borrower would read it; in another language, or in easy read, where that is asked for."""
    own = language_for(rung, situation.facts.reading) or ENGLISH
    wanted = easy or (not language and wants_easy_read(situation.person.print_format))
    return write(rung, language or own, _blanks(situation, (), settings), easy=wanted)


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
    return Blanks(
        first_names=tuple(dict.fromkeys(each.person.first_name for each in (situation, *others))),
        due_on=situation.loan.due_on,
        hub=situation.hub.name,
        phone=situation.hub.help_phone or settings.hub_phone,
        also_due=tuple(each.loan.due_on for each in others if each.loan.due_on),
    )

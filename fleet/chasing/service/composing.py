"""What a borrower reads: the words of a rung, filled in for a loan and for what else goes along in the message."""

from __future__ import annotations

from collections.abc import Sequence

from fleet.chasing.channels.base import Outgoing
from fleet.chasing.models import Chase
from fleet.chasing.rules import Rung
from fleet.chasing.service.situation import Situation, address_for
from fleet.chasing.wording import Blanks, fill_in, text_for, text_of, with_others
from fleet.settings import Settings


def compose(situation: Situation, chase: Chase, others: Sequence[Situation], settings: Settings) -> Outgoing:
    """The message of a claimed entry."""
    person, rung = situation.person, situation.ladder.rung(chase.rung)
    text = text_of(rung, person.language_read) if rung is not None else text_for(chase.rung, person.language_read)
    subject, body = fill_in(text, _blanks(situation, others, settings))
    return Outgoing(
        reference=chase.reference,
        channel=chase.channel,
        to=address_for(person),
        subject=subject,
        body=with_others(body, [each.loan.due_on for each in others if each.loan.due_on], text.language),
        language=text.language,
        print_format=person.print_format.value,
    )


def preview(situation: Situation, rung: Rung, settings: Settings) -> tuple[str, str]:
    """Subject and body of a rung as this loan's borrower would read them."""
    return fill_in(text_of(rung, situation.person.language_read), _blanks(situation, (), settings))


def _blanks(situation: Situation, others: Sequence[Situation], settings: Settings) -> Blanks:
    assert situation.loan.due_on is not None
    names = dict.fromkeys(each.person.first_name for each in (situation, *others))
    return Blanks(
        first_name=_listed(list(names)),
        due_on=situation.loan.due_on,
        hub=situation.hub.name,
        phone=situation.hub.help_phone or settings.hub_phone,
    )


def _listed(names: Sequence[str]) -> str:
    """Ann; Ann and Ben; Ann, Ben and Cy."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

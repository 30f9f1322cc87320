"""What a borrower agrees to: the text of the programme or our own, kept word for word with each loan.

The words are made when a tablet is allocated, so that what is printed, read out and accepted is one text; they are
frozen when the tablet is handed over."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import AgreementText, LoanAgreement
from fleet.loans.rules import language_for
from fleet.loans.service.writer.locks import Locked, get_loan, label_of
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import begin
from fleet.loans.wording import Agreement, digest, fill_in, shipped, venue_agreement
from fleet.partners import service as partners
from fleet.people.words import language_words
from fleet.settings import Settings
from fleet.users.actor import Actor
from labels.paper.texts import languages

MAKE_AGAIN = "agreement_made"


def text_for(session: Session, programme_id: int, language: str, *, venue: bool = False) -> Agreement | None:
    """The newest text of a programme in a language, else the shipped one, else None. `venue` is the one for whoever
    looks after several tablets at a place."""
    own = queries.agreement_text(session, programme_id, language)
    if own is None:
        return venue_agreement(language) if venue else shipped(language)
    return Agreement(
        language=own.language,
        source=cohorts.get_programme(session, programme_id).name,
        version=own.version,
        reviewed=own.reviewed,
        title=own.title,
        lead=own.lead,
        terms=tuple(own.terms),
        accept=own.accept,
    )


def make_agreement(session: Session, held: Locked, *, settings: Settings, happening: Happening) -> LoanAgreement:
    """Write down the words for this loan, in the person's language or, where there are none, in English.

    An accepted agreement stays as it is.
    """
    loan = held.loan
    kept = queries.agreement(session, loan.id)
    if kept is not None and kept.frozen_at is not None:
        return kept
    wanted = language_for(held.person.language_read, languages(), None).language or "en"
    venue = loan.venue_loan_id is not None
    found = text_for(session, loan.programme_id, wanted, venue=venue) or text_for(
        session, loan.programme_id, "en", venue=venue
    )
    assert found is not None
    line = partners.help_line(session, settings=settings, hub_id=loan.hub_id)
    text = fill_in(found, hub=held.hub.name, phone=line.phone)
    if kept is None:
        kept = LoanAgreement(loan_id=loan.id)
        session.add(kept)
    kept.language, kept.source, kept.version, kept.reviewed = text.language, text.source, text.version, text.reviewed
    kept.title, kept.lead, kept.terms, kept.accept = text.title, text.lead, list(text.terms), text.accept
    kept.digest, kept.made_at, kept.frozen_at = digest(text), happening.now, None
    session.flush()
    return kept


def freeze_agreement(session: Session, held: Locked, *, settings: Settings, happening: Happening) -> LoanAgreement:
    """The person accepted it: from now on the database keeps these words, this tablet and this day as they are."""
    kept = queries.agreement(session, held.loan.id)
    if kept is None:
        kept = make_agreement(session, held, settings=settings, happening=happening)
    if kept.frozen_at is None:
        kept.tablet_code = label_of(session, held.tablet.id) if held.tablet else ""
        kept.give_back_on = held.loan.due_on
        kept.frozen_at = happening.now
        session.flush()
    return kept


def take_agreement_back(session: Session, held: Locked, *, settings: Settings, happening: Happening) -> None:
    """Nobody accepted it after all: those words are kept as they were, and others are made to be accepted."""
    kept = queries.agreement(session, held.loan.id)
    if kept is not None and kept.frozen_at is not None:
        kept.taken_back_at = happening.now
        session.flush()
        make_agreement(session, held, settings=settings, happening=happening)


def make_again(
    session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening
) -> LoanAgreement:
    """The newest words instead of those that were made, before anybody accepted them. Raises `Conflict` after."""
    held = begin(session, loan_id, (MAKE_AGAIN,), happening)
    kept = queries.agreement(session, get_loan(session, loan_id).id)
    if held is None and kept is not None:
        return kept
    if kept is not None and kept.frozen_at is not None:
        raise Conflict(
            f"Nothing was changed. The agreement of loan {loan_id} was accepted, and is kept as it was.",
            next_step="Print it as it is.",
        )
    assert held is not None
    made = make_agreement(session, held, settings=settings, happening=happening)
    words = f"Agreement made: {named(made)}"
    note(session, held.loan, kind=MAKE_AGAIN, words=words[:200], actor=actor, happening=happening)
    return made


def named(kept: LoanAgreement) -> str:
    """Doorstep 1, Welsh."""
    return f"{kept.source} {kept.version}, {language_words(kept.language)}"


def add_text(
    session: Session, programme_id: int, text: Agreement, *, actor: Actor, happening: Happening
) -> AgreementText:
    """Another version of a programme's text. Loans that have their words keep them. Raises `BadInput`."""
    problems = text_problems(text)
    if problems:
        raise BadInput("No text was added.", fields=problems)
    cohorts.get_programme(session, programme_id)
    before = queries.agreement_text(session, programme_id, text.language)
    added = AgreementText(
        programme_id=programme_id,
        language=text.language,
        version=before.version + 1 if before else 1,
        title=text.title.strip(),
        lead=text.lead.strip(),
        terms=[term.strip() for term in text.terms if term.strip()],
        accept=text.accept.strip(),
        reviewed=text.reviewed,
        actor_id=actor.user_id,
        actor_name=actor.name,
        added_at=happening.now,
    )
    session.add(added)
    session.flush()
    return added


def text_problems(text: Agreement) -> dict[str, str]:
    """A sentence for each part that cannot be printed."""
    found = {
        "language": "" if text.language in languages() else "Choose a language that has papers.",
        "title": "" if 0 < len(text.title.strip()) <= 120 else "Enter a heading of up to 120 letters.",
        "lead": "" if text.lead.strip() else "Say between whom it is.",
        "terms": "" if any(term.strip() for term in text.terms) else "Enter what is agreed, one sentence a line.",
        "accept": "" if text.accept.strip() else "Say how somebody says yes.",
    }
    return {field: sentence for field, sentence in found.items() if sentence}

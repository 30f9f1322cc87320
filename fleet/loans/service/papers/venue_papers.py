"""The agreement for whoever looks after the tablets of a venue loan: one paper for all that are still to come back.

What each loan accepted stays as it was frozen; this is what the next custodian reads and says yes to."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.loans import queries
from fleet.loans.rules import ENDED, language_for, points_for
from fleet.loans.service.lending.venues import get_venue_loan
from fleet.loans.service.papers.agreements import text_for
from fleet.loans.service.papers.printing import NotPrinted, Wanted
from fleet.loans.wording import fill_in
from fleet.partners import service as partners
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tags import service as tags
from labels.errors import LabelError
from labels.paper.agreement import AgreementValues, render_agreement
from labels.paper.texts import languages


def venue_agreement_pdf(session: Session, venue_loan_id: int, *, settings: Settings, wanted: Wanted) -> bytes:
    """In the language of whoever looks after them, or in English. Raises `Conflict` when all are back, `NotPrinted`."""
    venue = get_venue_loan(session, venue_loan_id)
    still = [loan.id for loan in queries.loans_at_venue(session, venue_loan_id) if loan.state not in ENDED]
    if not still:
        raise Conflict(f"Nothing was printed. All tablets of venue loan {venue_loan_id} are back.")
    person = people.get_person(session, venue.person_id)
    language = language_for(person.language_read, languages(), None).language or "en"
    found = text_for(session, venue.programme_id, language, venue=True) or text_for(
        session, venue.programme_id, "en", venue=True
    )
    assert found is not None
    hub = partners.get_organisation(session, venue.hub_id)
    line = partners.help_line(session, settings=settings, hub_id=hub.id)
    text = fill_in(found, hub=hub.name, phone=line.phone)
    needs = {need.code for need in queries.needs_of(session, person.id)}
    values = AgreementValues(
        language=text.language,
        points=wanted.points or points_for(person.print_format, needs),
        title=text.title,
        lead=text.lead,
        terms=text.terms,
        accept=text.accept,
        version=f"{text.source} {text.version}",
        codes=_codes(session, still),
        give_back_on=venue.due_on,
    )
    try:
        return render_agreement(values)
    except LabelError as error:
        raise NotPrinted(str(error), next_step="Change what it names, then print again.") from error


def _codes(session: Session, loan_ids: list[int]) -> tuple[str, ...]:
    had = queries.tablet_ids_of(session, loan_ids)
    codes = tags.codes_of(session, list(had.values()))
    return tuple(codes.get(tablet_id, f"Tablet {tablet_id}") for tablet_id in had.values())

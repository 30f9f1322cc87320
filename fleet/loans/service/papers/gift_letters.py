"""The letter that says that a tablet is somebody's own, in their language."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.loans.service.papers.printing import LanguageUnanswered, NotPrinted, Wanted
from fleet.loans.service.papers.standing import paper_state
from fleet.loans.service.writer.locks import get_loan
from fleet.loans.wording import fill_in, gift_letter
from fleet.partners import service as partners
from fleet.people.words import language_words
from fleet.settings import Settings
from fleet.tags import service as tags
from labels.errors import LabelError
from labels.paper.agreement import AgreementValues, render_agreement


def gift_letter_pdf(session: Session, loan_id: int, *, settings: Settings, wanted: Wanted) -> bytes:
    """The letter of a tablet that was given for good. Raises `Conflict` before that, `LanguageUnanswered`,
    `NotPrinted`."""
    loan = get_loan(session, loan_id)
    if loan.state is not LoanState.CLOSED_GIFTED:
        raise Conflict(
            f"Nothing was printed. The tablet of loan {loan_id} was not given for good.",
            next_step="Give it first, with the name of whoever allowed it.",
        )
    state = paper_state(session, loan)
    text = gift_letter(state.language.language) if state.language.language is not None else None
    if text is None:
        raise LanguageUnanswered(
            f"Nothing was printed. There are no papers in {language_words(state.language.missing)} yet.",
            next_step="On the loan's papers, a coordinator answers whether to print them in English.",
            details={"language": state.language.missing},
        )
    hub = partners.get_organisation(session, loan.hub_id)
    filled = fill_in(text, hub=hub.name, phone=partners.help_line(session, settings=settings, hub_id=hub.id).phone)
    values = AgreementValues(
        language=text.language,
        points=wanted.points or state.points,
        title=filled.title,
        lead=filled.lead,
        terms=filled.terms,
        accept=filled.accept,
        version=f"{text.source} {text.version}",
        codes=(_code(session, loan),),
        comes_back=False,
    )
    try:
        return render_agreement(values)
    except LabelError as error:
        raise NotPrinted(str(error), next_step="Change what it names, then print again.") from error


def _code(session: Session, loan: Loan) -> str:
    tablet_id = queries.last_tablet_ids_of(session, [loan.id])[loan.id]
    return tags.codes_of(session, [tablet_id]).get(tablet_id, f"Tablet {tablet_id}")

"""The guide and the agreement of a loan as PDFs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimKind
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput, Conflict
from fleet.gatherings import service as gatherings
from fleet.loans import queries
from fleet.loans.models import Loan, LoanAgreement
from fleet.loans.rules import MissingLanguage, video_hours
from fleet.loans.service.lending.due_dates import due_from
from fleet.loans.service.lending.setting_up import chosen_gatherings
from fleet.loans.service.papers.standing import PaperState, look_of_tablet, paper_state
from fleet.loans.service.writer.locks import Locked, get_loan, look
from fleet.partners import service as partners
from fleet.people.words import language_words
from fleet.settings import Settings
from fleet.tags import service as tags
from labels.errors import AddressUnfit, LabelError
from labels.paper.agreement import AgreementValues, render_agreement
from labels.paper.guide import TEXT_SIZES, GuideValues, Meeting, render_guide
from labels.paper.texts import languages
from labels.qr import tag_url


class LanguageUnanswered(Conflict):
    """There are no papers in the person's language, and nobody has decided between English and waiting."""

    code = "language_unanswered"


class NotPrinted(Conflict):
    """A paper cannot be printed as it is; the sentence says which value stands in the way."""

    code = "not_printed"


@dataclass(frozen=True)
class Wanted:
    """How somebody wants a paper, on `today`. What is None comes from the person's record.

    `buttons` is the edge that the buttons are on, or "none" for a picture without them. `starts_on` is the day on
    which the tablet is to be handed over, for programmes that count from then.
    """

    today: date
    language: str | None = None
    points: int | None = None
    buttons: str = ""
    starts_on: date | None = None


def guide_pdf(session: Session, loan_id: int, *, settings: Settings, wanted: Wanted) -> bytes:
    """The guide to the loan's tablet. Raises `LanguageUnanswered`, `NotPrinted`, `BadInput`."""
    try:
        return render_guide(guide_values(session, loan_id, settings=settings, wanted=wanted))
    except LabelError as error:
        raise NotPrinted(str(error), next_step="Change what it names, then print again.") from error


def agreement_pdf(session: Session, loan_id: int, *, wanted: Wanted) -> bytes:
    """The loan's agreement, as it was made or accepted. Raises `LanguageUnanswered`, `NotPrinted`, `BadInput`."""
    loan, kept = get_loan(session, loan_id), the_agreement(session, loan_id)
    held, state = look(session, loan), paper_state(session, loan)
    if kept.frozen_at is None:
        _language(state, None)
    values = AgreementValues(
        language=kept.language,
        points=_points(state, wanted),
        title=kept.title,
        lead=kept.lead,
        terms=tuple(kept.terms),
        accept=kept.accept,
        version=f"{kept.source} {kept.version}",
        codes=tuple(filter(None, (kept.tablet_code if kept.frozen_at else _code(session, held),))),
        give_back_on=kept.give_back_on if kept.frozen_at else _day_back(session, held, wanted),
    )
    try:
        return render_agreement(values)
    except LabelError as error:
        raise NotPrinted(str(error), next_step="Change what it names, then print again.") from error


def the_agreement(session: Session, loan_id: int) -> LoanAgreement:
    """The words of a loan's agreement. Raises `Conflict` while none were made."""
    kept = queries.agreement(session, get_loan(session, loan_id).id)
    if kept is None:
        raise Conflict(
            f"Loan {loan_id} has no agreement yet.", next_step="It is made when a tablet is chosen for the loan."
        )
    return kept


def guide_values(session: Session, loan_id: int, *, settings: Settings, wanted: Wanted) -> GuideValues:
    """All that a guide says, gathered from the loan. Raises `LanguageUnanswered`, `Conflict`, `BadInput`."""
    loan = get_loan(session, loan_id)
    held, state = look(session, loan), paper_state(session, loan)
    if held.tablet is None:
        raise Conflict(
            f"Nothing was printed. Loan {loan_id} has no tablet, and the guide shows its picture and name.",
            next_step="Choose a tablet for it first.",
        )
    language = _language(state, wanted.language)
    code, line = _code(session, held), partners.help_line(session, settings=settings, hub_id=loan.hub_id)
    carried = queries.sim_and_bundle(session, held.sim_link.sim_id) if held.sim_link else None
    bundle = carried[1] if carried else None
    return GuideValues(
        language=language,
        points=_points(state, wanted),
        first_name=held.person.first_name,
        code=code,
        code_url=_address(settings, code) if tags.codes_of(session, [held.tablet.id]) else "",
        look=look_of_tablet(held, wanted.buttons),
        meetings=_meetings(session, loan),
        gb_each_month=bundle.gb_per_month if bundle else None,
        video_hours=video_hours(bundle.gb_per_month) if bundle else 0,
        from_a_mifi=carried is not None and carried[0].kind is SimKind.MIFI,
        give_back_on=_day_back(session, held, wanted),
        help_phone=line.phone,
        help_hours=line.hours if language == "en" else "",
    )


def _language(state: PaperState, asked: str | None) -> str:
    """The language to print in. One that is asked for by name is taken, but never in place of an answer."""
    if state.language.language is None:
        missing = language_words(state.language.missing)
        decided = " It was decided to wait for the translation." if state.answer is MissingLanguage.WAIT else ""
        raise LanguageUnanswered(
            f"Nothing was printed. There are no papers in {missing} yet.{decided}",
            next_step="On the loan's papers, a coordinator answers whether to print them in English.",
            details={"language": state.language.missing},
        )
    if asked and asked not in languages():
        raise BadInput("Nothing was printed.", fields={"language": "Choose a language that has papers."})
    return asked or state.language.language


def _points(state: PaperState, wanted: Wanted) -> int:
    points = wanted.points or state.points
    if points not in TEXT_SIZES:
        raise BadInput("Nothing was printed.", fields={"points": "Choose 14, 18 or 24 points."})
    return points


def _code(session: Session, held: Locked) -> str:
    if held.tablet is None:
        return ""
    return tags.codes_of(session, [held.tablet.id]).get(held.tablet.id, f"Tablet {held.tablet.id}")


def _address(settings: Settings, code: str) -> str:
    """What the tablet's label says in its QR code; none where our address is too long for one."""
    try:
        return tag_url(settings.public_url, code)
    except AddressUnfit:
        return ""


def _meetings(session: Session, loan: Loan) -> tuple[Meeting, ...]:
    chosen, _ = chosen_gatherings(session, loan)
    return tuple(Meeting(each.title, each.weekday, each.starts_at) for each in gatherings.in_order(session, chosen))


def _day_back(session: Session, held: Locked, wanted: Wanted) -> date | None:
    """The day to give it back, where it is certain: it runs, was asked for, ends a cohort, or the first day is told."""
    loan = held.loan
    if loan.due_on is not None:
        return loan.due_on
    cohort_end = cohorts.get_cohort(session, loan.cohort_id).ends_on if loan.cohort_id is not None else None
    is_set = any(day is not None and day > wanted.today for day in (loan.wanted_due_on, cohort_end))
    start = wanted.starts_on or (wanted.today if is_set else None)
    return due_from(session, held, start) if start else None

"""Reads of agreements, their texts, and what was decided about a missing language."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from fleet.loans.models import AgreementText, LanguageAnswer, LoanAgreement

_AGREEMENT = select(LoanAgreement).where(
    LoanAgreement.loan_id == bindparam("loan_id"), LoanAgreement.taken_back_at.is_(None)
)
_NEWEST_TEXT = (
    select(AgreementText)
    .where(AgreementText.programme_id == bindparam("programme_id"), AgreementText.language == bindparam("language"))
    .order_by(AgreementText.version.desc())
    .limit(1)
)


def agreement(session: Session, loan_id: int) -> LoanAgreement | None:
    """The words that were made, or accepted, for a loan."""
    return session.scalar(_AGREEMENT, {"loan_id": loan_id})


def agreement_text(session: Session, programme_id: int, language: str) -> AgreementText | None:
    """The newest version of a programme's own text."""
    return session.scalar(_NEWEST_TEXT, {"programme_id": programme_id, "language": language})


def agreement_texts(session: Session, programme_id: int) -> Sequence[AgreementText]:
    """Every version of a programme's texts: by language, newest first."""
    query = select(AgreementText).where(AgreementText.programme_id == programme_id)
    return session.scalars(query.order_by(AgreementText.language, AgreementText.version.desc()).limit(200)).all()


def language_answer(session: Session, loan_id: int) -> LanguageAnswer | None:
    return session.scalar(select(LanguageAnswer).where(LanguageAnswer.loan_id == loan_id))

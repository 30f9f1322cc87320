"""One card under the numbers by which it may be known: some print 19 digits and leave it to whoever reads it to add the
check digit, which is the twentieth."""

from __future__ import annotations

from sqlalchemy.orm import Session
from stdnum import luhn

from fleet.bundles import queries
from fleet.bundles.models import Sim

_SHORT = 19


def same_card(number: str) -> tuple[str, ...]:
    """Every number that says this very card, as it was given first. A voucher's says only itself."""
    if not (number.isascii() and number.isdigit()):
        return (number,)
    if len(number) == _SHORT:
        return number, number + luhn.calc_check_digit(number)
    return (number, number[:-1]) if len(number) == _SHORT + 1 and luhn.is_valid(number) else (number,)


def card_on_record(session: Session, number: str, *, but: int | None = None) -> Sim | None:
    """The card of this tidied number, under whichever of its numbers it is on record. `but` is passed over."""
    known = same_card(number)
    found = queries.sims_by_iccid(session, known)
    return next((found[each] for each in known if each in found and found[each].id != but), None)

"""What can refuse a move: each guard looks at the facts and gives the sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fleet.loans.rules.dates import said
from fleet.loans.rules.states import HAND_OVERS, LoanKind, LoanMove, LoanState, SafeAtHome


@dataclass(frozen=True)
class Facts:
    """What the guards look at: the loan as it stands, its person and programme, and what is asked of it."""

    state: LoanState
    today: date
    safe_at_home: SafeAtHome | None
    needs_asked: bool
    person_alive: bool
    contact_stopped: bool
    bundle_needed: bool
    has_bundle: bool
    other_open_loans: int
    open_loans_allowed: int
    asked_due_on: date | None = None
    due_on: date | None = None
    agreement_accepted: bool = False
    extensions: int = 0
    extensions_allowed: int = 0
    cap_overridden: bool = False
    gifts_allowed: bool = False
    swap_arranged: bool = False
    papers_missing: bool = False
    """No paper is in the language that the person reads, and nobody decided for English."""
    kind: LoanKind = LoanKind.TABLET
    with_its_venue: bool = False
    """Whether all tablets of a venue loan are asked about together."""
    longest_until: date | None = None
    """The last day on which the programme's longest loan ends, None where it sets no limit."""
    extend_from: date | None = None
    """The first day on which the programme lets it be extended, None at any time."""
    needed_for: str = ""
    """Who would go without a tablet if the loan went on, and when others will be there for them, in sentences."""
    need_met_on: date | None = None
    """When others will be there for them; None where nobody can tell."""
    lacking: tuple[str, ...] = ()
    """What the tablet chosen lacks of what the person needs and reads, in words."""
    fit_overridden: bool = False
    last_move: LoanMove | None = None
    """The last in its log; None where somebody says since that the tablet was given back."""
    last_move_ago: timedelta = timedelta()
    """Since when that is known."""
    nobody_had_it: bool = False
    """Whether somebody says that the tablet never changed hands."""


Guard = Callable[[Facts], str | None]
"""Returns the sentence that says why not, or None."""


def safe_answered(facts: Facts) -> str | None:
    if facts.safe_at_home or facts.kind is LoanKind.DATA:
        return None
    return "Ask first whether it is safe to bring a tablet to the person's home."


def safe_to_deliver(facts: Facts) -> str | None:
    if facts.safe_at_home is SafeAtHome.NO:
        return "It is not safe to bring it to the person's home; hand it over at the hub instead."
    return None


def needs_asked(facts: Facts) -> str | None:
    return None if facts.needs_asked else "Ask first what the person needs; “nothing” is an answer too."


def person_alive(facts: Facts) -> str | None:
    return None if facts.person_alive else "The person has died."


def contact_not_stopped(facts: Facts) -> str | None:
    return "Everything about this loan was stopped; it can only come to an end." if facts.contact_stopped else None


def under_limit(facts: Facts) -> str | None:
    if facts.other_open_loans < facts.open_loans_allowed:
        return None
    loans = "a loan" if facts.other_open_loans == 1 else f"{facts.other_open_loans} loans"
    return f"The person has {loans} already, and this programme allows {facts.open_loans_allowed} at a time."


def bundle_if_needed(facts: Facts) -> str | None:
    if not facts.bundle_needed or facts.has_bundle:
        return None
    if facts.kind is LoanKind.DATA:
        return "This loan is of data alone: choose a SIM that has a data bundle."
    return "This programme lends tablets with data: choose a SIM that has a data bundle."


def set_up_as_needed(facts: Facts) -> str | None:
    if facts.fit_overridden or not facts.lacking:
        return None
    return (
        f"The tablet is not set up as they need it: {'; '.join(facts.lacking)}. Have one made for them at the bench, or"
        " give it as it is with a reason, which is kept."
    )


LONGEST_LOAN = timedelta(days=5 * 366)
"""Nobody means a later day than this. A slip such as the year 9999 would also stop every reckoning of dates with it."""


def due_not_past(facts: Facts) -> str | None:
    if facts.asked_due_on is not None and facts.asked_due_on - facts.today > LONGEST_LOAN:
        return f"{said(facts.asked_due_on)} is more than five years away; check the year."
    if facts.asked_due_on is None or facts.asked_due_on > facts.today:
        return None
    if facts.asked_due_on == facts.today:
        return f"{said(facts.asked_due_on)} is today; choose a later day for it to be given back."
    return f"{said(facts.asked_due_on)} has passed; choose a later day for it to be given back."


def language_answered(facts: Facts) -> str | None:
    """The sentence reaches couriers, who are not told what somebody reads."""
    if not facts.papers_missing:
        return None
    return "There are no papers for this person yet: a coordinator decides on the loan's papers what they get."


def agreement_accepted(facts: Facts) -> str | None:
    return None if facts.agreement_accepted else "The person has not accepted the agreement; read it to them and ask."


UNDO_WITHIN = timedelta(hours=24)
"""So long after it was told a hand-over or a collection can be taken back: a courier who pressed it by mistake says so
that day."""


def just_handed_over(facts: Facts) -> str | None:
    if facts.last_move not in HAND_OVERS:
        return "More has happened to this loan since its hand-over, which stands."
    return _for_too_long(facts, "hand-over", "take the tablet in as one that came back")


def just_collected(facts: Facts) -> str | None:
    if facts.last_move is not LoanMove.COLLECT:
        return "More has happened to this loan since its collection, which stands."
    return _for_too_long(facts, "collection", "ask for another loan if they are to have a tablet")


def _for_too_long(facts: Facts, what: str, instead: str) -> str | None:
    if facts.last_move_ago <= UNDO_WITHIN:
        return None
    return f"Its {what} was told more than {UNDO_WITHIN // timedelta(hours=1)} hours ago, and stands: {instead}."


def nobody_had_it(facts: Facts) -> str | None:
    if facts.nobody_had_it:
        return None
    return "If anybody had it, even for a minute, take it in as one that came back: then it is wiped."


def extensions_left(facts: Facts) -> str | None:
    if facts.cap_overridden or facts.extensions < facts.extensions_allowed:
        return None
    times = f"{facts.extensions} time{'' if facts.extensions == 1 else 's'}"
    return f"It was extended {times}, and this programme allows {facts.extensions_allowed}."


def within_the_longest(facts: Facts) -> str | None:
    if facts.cap_overridden or facts.longest_until is None or facts.asked_due_on is None:
        return None
    if facts.asked_due_on <= facts.longest_until:
        return None
    return f"This programme's loans end on {said(facts.longest_until)} at the latest; choose a day until then."


def nobody_needs_it(facts: Facts) -> str | None:
    return None if facts.cap_overridden or not facts.needed_for else facts.needed_for


def too_early(facts: Facts) -> str | None:
    if facts.cap_overridden or facts.extend_from is None or facts.today >= facts.extend_from:
        return None
    return f"This programme lets it be extended from {said(facts.extend_from)} on; ask again then."


CAPS: tuple[Guard, ...] = (extensions_left, within_the_longest, nobody_needs_it, too_early)
"""What a coordinator may go beyond when they give somebody longer, with a reason that is kept."""


@dataclass(frozen=True)
class Beyond:
    """The caps that an extension went beyond."""

    number: bool = False
    length: bool = False
    need: bool = False
    early: bool = False

    @property
    def words(self) -> str:
        """To be said after “extended”; empty where it went beyond none."""
        went = {
            "beyond the number allowed": self.number,
            "beyond the longest loan": self.length,
            "though others need one": self.need,
            "sooner than it may be asked for": self.early,
        }
        return " and ".join(words for words, so in went.items() if so)


def caps_reached(facts: Facts) -> Beyond:
    """Which caps stand in the way of an extension, whether or not somebody goes beyond them."""
    bound = replace(facts, cap_overridden=False)
    number, length, need, early = (cap(bound) is not None for cap in CAPS)
    return Beyond(number=number, length=length, need=need, early=early)


def days_of(facts: Facts) -> dict[str, object]:
    """The days that belong to a refused extension, for programs: from when on it may be asked for again, by the guard
    that says no (None: nobody can tell), and the last day that it may be asked for."""
    earliest: dict[str, str | None] = {}
    if too_early(facts) and facts.extend_from is not None:
        earliest[too_early.__name__] = facts.extend_from.isoformat()
    if nobody_needs_it(facts):
        earliest[nobody_needs_it.__name__] = facts.need_met_on.isoformat() if facts.need_met_on else None
    found: dict[str, object] = {"earliest": earliest} if earliest else {}
    if within_the_longest(facts) and facts.longest_until is not None:
        found["latest"] = facts.longest_until.isoformat()
    return found


def due_by_itself(facts: Facts) -> str | None:
    if facts.kind is not LoanKind.VENUE or facts.with_its_venue:
        return None
    return "It is due together with the others of its venue loan; give all of them longer there."


def later_than_before(facts: Facts) -> str | None:
    if facts.asked_due_on is None or facts.due_on is None or facts.asked_due_on > facts.due_on:
        return None
    return f"It is due on {said(facts.due_on)} already; an extension needs a later day."


def no_swap_arranged(facts: Facts) -> str | None:
    return "Another tablet is kept for a swap; call the swap off first." if facts.swap_arranged else None


def swap_arranged(facts: Facts) -> str | None:
    return None if facts.swap_arranged else "No other tablet is kept for this loan; arrange a swap first."


def gifts_allowed(facts: Facts) -> str | None:
    return None if facts.gifts_allowed else "This programme's funder has not allowed tablets to be given for good."

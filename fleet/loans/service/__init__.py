"""What a person or a clock can ask of loans. Other rooms call these by `fleet.loans.service`; the parts are in order
of a loan's life: asking, lending, swapping, returning, ending; `retelling` is for what is told late. State is written
in `writer` alone."""

from fleet.loans.queries import (
    find_loans,
    last_loan_of_tablet,
    loan_locked,
    loans_due_between,
    loans_of_person,
    open_loan_of_tablet,
    open_loans_overdue,
    open_sim,
    open_tablet,
)
from fleet.loans.service.asking import (
    answer_safe_at_home,
    approve,
    cancel,
    decline,
    put_on_waiting_list,
    request_loan,
    undo_allocation,
)
from fleet.loans.service.ending import found, mark_gifted, mark_lost, stop_contact, stop_for_death
from fleet.loans.service.lending import (
    allocate,
    dispatch,
    due_words,
    extend,
    failed_attempt,
    hand_over,
    load,
)
from fleet.loans.service.moving import LoansChanged, move_due_dates
from fleet.loans.service.pressing import facts_now, press, what_may_happen
from fleet.loans.service.retelling import attempts_told, handed_over_earlier, taken_back_earlier
from fleet.loans.service.returning import (
    DROP_PLACES,
    Condition,
    arrange_return,
    arrive_back,
    back_at_hub,
    cancel_return,
    collect,
    hand_in,
    hand_in_tablet,
    inspect,
    leave_at_partner,
    scan_in,
)
from fleet.loans.service.setting_up import choose_gatherings, chosen_gatherings, made_for, make_tablet_for, set_up
from fleet.loans.service.swapped import swap, swap_at_hub, swapped_earlier
from fleet.loans.service.swapping import (
    arrange_swap,
    call_off_swap,
    load_swap,
    mark_swap_lost,
    swap_not_done,
)
from fleet.loans.service.writer import IdUsedBefore, WrongTablet, get_loan

loan = get_loan

__all__ = [
    "DROP_PLACES",
    "Condition",
    "IdUsedBefore",
    "LoansChanged",
    "WrongTablet",
    "allocate",
    "answer_safe_at_home",
    "approve",
    "arrange_return",
    "arrange_swap",
    "arrive_back",
    "attempts_told",
    "back_at_hub",
    "call_off_swap",
    "cancel",
    "cancel_return",
    "choose_gatherings",
    "chosen_gatherings",
    "collect",
    "decline",
    "dispatch",
    "due_words",
    "extend",
    "facts_now",
    "failed_attempt",
    "find_loans",
    "found",
    "get_loan",
    "hand_in",
    "hand_in_tablet",
    "hand_over",
    "handed_over_earlier",
    "inspect",
    "last_loan_of_tablet",
    "leave_at_partner",
    "load",
    "load_swap",
    "loan",
    "loan_locked",
    "loans_due_between",
    "loans_of_person",
    "made_for",
    "make_tablet_for",
    "mark_gifted",
    "mark_lost",
    "mark_swap_lost",
    "move_due_dates",
    "open_loan_of_tablet",
    "open_loans_overdue",
    "open_sim",
    "open_tablet",
    "press",
    "put_on_waiting_list",
    "request_loan",
    "scan_in",
    "set_up",
    "stop_contact",
    "stop_for_death",
    "swap",
    "swap_at_hub",
    "swap_not_done",
    "swapped_earlier",
    "taken_back_earlier",
    "undo_allocation",
    "what_may_happen",
]

"""What a person or a clock can ask of loans. Other rooms call these by `fleet.loans.service`; the folders are in order
of a loan's life: requests, lending, swapping, returning, ending. State is written
in `writer` alone."""

from fleet.loans.queries import (
    agreement,
    count_open_looks,
    count_stopped,
    find_loans,
    last_loan_of_tablet,
    loan_locked,
    loans_due_between,
    loans_of_person,
    open_loan_of_tablet,
    open_loans_overdue,
    open_sim,
    open_tablet,
    what_carries,
)
from fleet.loans.queries.claims import open_claim, open_claims
from fleet.loans.queries.venues import place_names
from fleet.loans.service.ending.finding import found
from fleet.loans.service.ending.giving import mark_gifted
from fleet.loans.service.ending.going_on import may_say_what_next, say_what_next
from fleet.loans.service.ending.losing import Loss, ask_to_lose, loss_of, what_a_loss_does
from fleet.loans.service.ending.seconding import agree, ask_death_back, get_look, overtaken, turn_down
from fleet.loans.service.ending.stopped import what_stopped
from fleet.loans.service.ending.stopping import record_death, stop_contact, stop_for_death
from fleet.loans.service.history import (
    asked_already,
    bring_in_asked,
    bring_in_lent,
    came_before,
    latest_links,
    person_then,
    tablet_then,
)
from fleet.loans.service.lending.allocating import allocate
from fleet.loans.service.lending.custodians import add_custodian, change_custodian, custodians_of
from fleet.loans.service.lending.data_alone import end_data, give_data
from fleet.loans.service.lending.due_dates import against_longer, data_if_longer, due_if_given, due_words, extend
from fleet.loans.service.lending.fitting import set_ups, wanted_by
from fleet.loans.service.lending.handing_over import dispatch, failed_attempt, hand_over, load
from fleet.loans.service.lending.moving import LoansChanged, move_due_dates
from fleet.loans.service.lending.not_handed_over import hand_over_undone, undo_hand_over
from fleet.loans.service.lending.setting_up import (
    choose_gatherings,
    chosen_gatherings,
    made_for,
    make_tablet_for,
    set_up,
)
from fleet.loans.service.lending.venues import (
    PLACES,
    extend_venue,
    get_venue_loan,
    hand_over_venue,
    lend_to_venue,
)
from fleet.loans.service.papers.agreements import add_text, make_again, named
from fleet.loans.service.papers.gift_letters import gift_letter_pdf
from fleet.loans.service.papers.printing import (
    LanguageUnanswered,
    NotPrinted,
    Wanted,
    agreement_pdf,
    guide_pdf,
    guide_values,
    the_agreement,
)
from fleet.loans.service.papers.standing import PaperState, answer_missing_language, paper_state
from fleet.loans.service.papers.venue_papers import venue_agreement_pdf
from fleet.loans.service.pressing import facts_now, press, what_may_happen
from fleet.loans.service.requests.asking import request_loan
from fleet.loans.service.requests.cohort import BEFORE_IT_BEGINS, CohortFull, give_cohort
from fleet.loans.service.requests.deciding import (
    answer_safe_at_home,
    approve,
    cancel,
    decline,
    put_on_waiting_list,
    undo_allocation,
)
from fleet.loans.service.requests.joining import count_loans, has_loans, lock_requests, move_requests
from fleet.loans.service.requests.referring import keep_sheet, look_at_sheet
from fleet.loans.service.requests.waiting import months_over, place_in_queue, waiting_list
from fleet.loans.service.returning.arriving import DROP_PLACES, arrive_back, back_at_hub, leave_at_partner, scan_in
from fleet.loans.service.returning.claims import claim_returned, claims_of, settle_claim
from fleet.loans.service.returning.homeward import send_home, stay
from fleet.loans.service.returning.inspecting import inspect
from fleet.loans.service.returning.not_collected import collection_undone, undo_collect
from fleet.loans.service.returning.retelling import attempts_told, handed_over_earlier, taken_back_earlier
from fleet.loans.service.returning.taking_back import (
    Condition,
    arrange_return,
    cancel_return,
    collect,
    hand_in,
    hand_in_tablet,
)
from fleet.loans.service.returning.trays import card_with_them, expected_card, has_data_inside
from fleet.loans.service.returning.undoing import undo_inspection, undo_scan_in
from fleet.loans.service.returning.unseen import came_unseen
from fleet.loans.service.swapping.arranging import arrange_swap, call_off_swap, load_swap, swap_not_done
from fleet.loans.service.swapping.swapped import swap, swap_at_hub, swapped_earlier
from fleet.loans.service.writer.locks import WrongTablet, get_loan, look
from fleet.loans.service.writer.told import IdUsedBefore
from fleet.loans.service.writer.visits import VISITS_JOB

loan = get_loan

__all__ = [
    "BEFORE_IT_BEGINS",
    "DROP_PLACES",
    "PLACES",
    "VISITS_JOB",
    "CohortFull",
    "Condition",
    "IdUsedBefore",
    "LanguageUnanswered",
    "LoansChanged",
    "Loss",
    "NotPrinted",
    "PaperState",
    "Wanted",
    "WrongTablet",
    "add_custodian",
    "add_text",
    "against_longer",
    "agree",
    "agreement",
    "agreement_pdf",
    "allocate",
    "answer_missing_language",
    "answer_safe_at_home",
    "approve",
    "arrange_return",
    "arrange_swap",
    "arrive_back",
    "ask_death_back",
    "ask_to_lose",
    "asked_already",
    "attempts_told",
    "back_at_hub",
    "bring_in_asked",
    "bring_in_lent",
    "call_off_swap",
    "came_before",
    "came_unseen",
    "cancel",
    "cancel_return",
    "card_with_them",
    "change_custodian",
    "choose_gatherings",
    "chosen_gatherings",
    "claim_returned",
    "claims_of",
    "collect",
    "collection_undone",
    "count_loans",
    "count_open_looks",
    "count_stopped",
    "custodians_of",
    "data_if_longer",
    "decline",
    "dispatch",
    "due_if_given",
    "due_words",
    "end_data",
    "expected_card",
    "extend",
    "extend_venue",
    "facts_now",
    "failed_attempt",
    "find_loans",
    "found",
    "get_loan",
    "get_look",
    "get_venue_loan",
    "gift_letter_pdf",
    "give_cohort",
    "give_data",
    "guide_pdf",
    "guide_values",
    "hand_in",
    "hand_in_tablet",
    "hand_over",
    "hand_over_undone",
    "hand_over_venue",
    "handed_over_earlier",
    "has_data_inside",
    "has_loans",
    "inspect",
    "keep_sheet",
    "last_loan_of_tablet",
    "latest_links",
    "leave_at_partner",
    "lend_to_venue",
    "load",
    "load_swap",
    "loan",
    "loan_locked",
    "loans_due_between",
    "loans_of_person",
    "lock_requests",
    "look",
    "look_at_sheet",
    "loss_of",
    "made_for",
    "make_again",
    "make_tablet_for",
    "mark_gifted",
    "may_say_what_next",
    "months_over",
    "move_due_dates",
    "move_requests",
    "named",
    "open_claim",
    "open_claims",
    "open_loan_of_tablet",
    "open_loans_overdue",
    "open_sim",
    "open_tablet",
    "overtaken",
    "paper_state",
    "person_then",
    "place_in_queue",
    "place_names",
    "press",
    "put_on_waiting_list",
    "record_death",
    "request_loan",
    "say_what_next",
    "scan_in",
    "send_home",
    "set_up",
    "set_ups",
    "settle_claim",
    "stay",
    "stop_contact",
    "stop_for_death",
    "swap",
    "swap_at_hub",
    "swap_not_done",
    "swapped_earlier",
    "tablet_then",
    "taken_back_earlier",
    "the_agreement",
    "turn_down",
    "undo_allocation",
    "undo_collect",
    "undo_hand_over",
    "undo_inspection",
    "undo_scan_in",
    "venue_agreement_pdf",
    "waiting_list",
    "wanted_by",
    "what_a_loss_does",
    "what_carries",
    "what_may_happen",
    "what_stopped",
]

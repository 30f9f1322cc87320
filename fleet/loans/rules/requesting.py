"""The moves of a request: yes, later, no, a tablet kept for it or let go again."""

from __future__ import annotations

from fleet.loans.rules.guards import (
    bundle_if_needed,
    due_not_past,
    needs_asked,
    person_alive,
    safe_answered,
    set_up_as_needed,
    under_limit,
)
from fleet.loans.rules.states import LoanMove, LoanState
from fleet.loans.rules.transition import ANY_KIND, COORDINATOR, Transition
from fleet.users.rules import Role

REQUESTING: tuple[Transition, ...] = (
    Transition(
        LoanMove.APPROVE,
        (LoanState.REQUESTED, LoanState.WAITING),
        LoanState.APPROVED,
        COORDINATOR,
        "Approved",
        (safe_answered, needs_asked, person_alive),
        kinds=ANY_KIND,
    ),
    Transition(
        LoanMove.WAIT, (LoanState.REQUESTED,), LoanState.WAITING, COORDINATOR, "Put on the waiting list", kinds=ANY_KIND
    ),
    Transition(
        LoanMove.DECLINE,
        (LoanState.REQUESTED, LoanState.WAITING),
        LoanState.DECLINED,
        COORDINATOR,
        "Declined",
        needs_reason=True,
        kinds=ANY_KIND,
    ),
    Transition(
        LoanMove.CANCEL,
        (LoanState.REQUESTED, LoanState.WAITING, LoanState.APPROVED, LoanState.ALLOCATED),
        LoanState.CANCELLED,
        COORDINATOR,
        "Cancelled",
        needs_reason=True,
        kinds=ANY_KIND,
    ),
    Transition(
        LoanMove.ALLOCATE,
        (LoanState.APPROVED,),
        LoanState.ALLOCATED,
        COORDINATOR,
        "Tablet allocated",
        (safe_answered, needs_asked, person_alive, under_limit, bundle_if_needed, set_up_as_needed, due_not_past),
        kinds=ANY_KIND,
    ),
    Transition(
        LoanMove.UNDO_ALLOCATION,
        (LoanState.ALLOCATED,),
        LoanState.APPROVED,
        COORDINATOR | {Role.SYSTEM},
        "Allocation undone",
        needs_reason=True,
        kinds=ANY_KIND,
    ),
)

"""Pages about lending: requests, loans, the allocation, and what comes back to the hub."""

from fleet.loans.pages import agreements, cohort, lists, second
from fleet.loans.pages.loan import (
    acting,
    allocating,
    ending,
    forms,
    not_handed_over,
    papers,
    seeing,
    setting_up,
    swapping,
    swapping_at_hub,
)
from fleet.loans.pages.requests import asking, referring, self_referral, waiting
from fleet.loans.pages.returns import inspecting, scanning, unseen
from fleet.loans.pages.venues import custodians as venue_custodians
from fleet.loans.pages.venues import lending as venue_lending
from fleet.loans.pages.venues import listing as venue_listing
from fleet.loans.pages.venues import seeing as venue_seeing

routers = tuple(
    each.router
    for each in (
        lists,
        cohort,
        asking,
        waiting,
        referring,
        self_referral,
        seeing,
        acting,
        forms,
        not_handed_over,
        allocating,
        ending,
        setting_up,
        swapping,
        swapping_at_hub,
        papers,
        agreements,
        venue_lending,
        venue_listing,
        venue_seeing,
        venue_custodians,
        unseen,
        scanning,
        inspecting,
        second,
    )
)
"""`unseen` before `inspecting`: its `/returns/letter-box` is no tablet's number."""

__all__ = ["routers"]

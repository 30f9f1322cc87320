"""Pages about lending: requests, loans, the allocation, and what comes back to the hub."""

from fleet.loans.pages.acting import router as acting
from fleet.loans.pages.agreements import router as agreements
from fleet.loans.pages.allocating import router as allocating
from fleet.loans.pages.asking import router as asking
from fleet.loans.pages.lists import router as lists
from fleet.loans.pages.papers import router as papers
from fleet.loans.pages.referring import router as referring
from fleet.loans.pages.returning import router as returning
from fleet.loans.pages.seeing import router as seeing
from fleet.loans.pages.self_referral import router as self_referral
from fleet.loans.pages.setting_up import router as setting_up
from fleet.loans.pages.swapping import router as swapping
from fleet.loans.pages.waiting import router as waiting

routers = (
    lists,
    asking,
    waiting,
    referring,
    self_referral,
    seeing,
    acting,
    allocating,
    setting_up,
    swapping,
    papers,
    agreements,
    returning,
)

__all__ = ["routers"]

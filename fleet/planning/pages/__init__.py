"""Pages about planning: the readiness forecast, the hub's days, changing a cohort, and the plan in one's calendar."""

from fleet.planning.pages.cohorts import router as cohorts
from fleet.planning.pages.days import router as days
from fleet.planning.pages.feeds import router as feeds
from fleet.planning.pages.forecast import router as forecast

routers = (forecast, days, cohorts, feeds)

__all__ = ["routers"]

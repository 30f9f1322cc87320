"""Pages about planning: the readiness forecast, the hub's days, and the hub's plan in somebody's own calendar."""

from fleet.planning.pages.days import router as days
from fleet.planning.pages.feeds import router as feeds
from fleet.planning.pages.forecast import router as forecast

routers = (forecast, days, feeds)

__all__ = ["routers"]

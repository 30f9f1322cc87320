"""Pages about programmes and cohorts: setting them up, changing them, and bringing in a plan."""

from fleet.cohorts.pages.changing import router as changing
from fleet.cohorts.pages.planning import router as planning
from fleet.cohorts.pages.setting_up import router as setting_up

routers = (setting_up, changing, planning)

__all__ = ["routers"]

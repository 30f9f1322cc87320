"""Pages about deliveries: the planner's, and the courier's phone."""

from fleet.deliveries.pages.conflicts import router as conflicts_router
from fleet.deliveries.pages.courier import router as courier_router
from fleet.deliveries.pages.door import router as door_router
from fleet.deliveries.pages.feed import router as feed_router
from fleet.deliveries.pages.handing import router as handing_router
from fleet.deliveries.pages.hazard import router as hazard_router
from fleet.deliveries.pages.lists import router as lists_router
from fleet.deliveries.pages.phone import router as phone_router
from fleet.deliveries.pages.plan import router as plan_router
from fleet.deliveries.pages.proof import router as proof_router
from fleet.deliveries.pages.run import router as run_router
from fleet.deliveries.pages.sheet import router as sheet_router
from fleet.deliveries.pages.way_home import router as way_home_router

routers = (
    plan_router,
    way_home_router,
    lists_router,
    conflicts_router,
    proof_router,
    handing_router,
    run_router,
    handing_router,
    sheet_router,
    feed_router,
    phone_router,
    hazard_router,
    courier_router,
    door_router,
)

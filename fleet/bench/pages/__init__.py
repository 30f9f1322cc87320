"""The bench's pages, gathered into one router."""

from fleet.bench.pages import (
    apps,
    autopilot,
    certificates,
    consents,
    run,
    run_acts,
    runs,
    scanning,
    setting_up,
    slots,
    wall,
    ways,
)
from fleet.http.routes import PageRouter

_PARTS = (slots, ways, runs, run, run_acts, consents, certificates, apps, scanning, autopilot, setting_up, wall)
"""Last the wall: its address takes any word."""

router = PageRouter()
for part in _PARTS:
    router.take(part.router)
router.take(run.steps_router)

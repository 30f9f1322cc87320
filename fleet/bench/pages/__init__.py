"""The bench's pages, gathered into one router."""

from fastapi import APIRouter

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

_PARTS = (slots, ways, runs, run, run_acts, consents, certificates, apps, scanning, autopilot, setting_up, wall)
"""Last the wall: its address takes any word."""

router = APIRouter()
for part in _PARTS:
    router.include_router(part.router)
router.include_router(run.steps_router)

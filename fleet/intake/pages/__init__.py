"""Pages of intake: donations, purchases, the intake table itself, triage, and reporting a hazard."""

from __future__ import annotations

from fastapi import APIRouter

from fleet.intake.pages import donations, hazard, purchases, table, triage

router = APIRouter()
for _part in (donations, purchases, table, triage, hazard):
    router.include_router(_part.router)

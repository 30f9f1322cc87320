"""Pages of intake: donations, purchases, the intake table itself, and reporting a hazard."""

from __future__ import annotations

from fastapi import APIRouter

from fleet.intake.pages import donations, hazard, purchases, table

router = APIRouter()
for _part in (donations, purchases, table, hazard):
    router.include_router(_part.router)

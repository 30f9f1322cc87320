"""Pages about labels: printing them, what was printed, blank ones, and the labelling table."""

from __future__ import annotations

from fastapi import APIRouter

from fleet.tags.pages import batches, printing, table

router = APIRouter()
for _part in (printing, batches, table):
    router.include_router(_part.router)

"""Pages about labels: printing them, what was printed, blank ones, and the labelling table."""

from __future__ import annotations

from fastapi import APIRouter

from fleet.tags.pages import batches, jobs, printers, printing, table

router = APIRouter()
for _part in (printing, batches, jobs, printers, table):
    router.include_router(_part.router)

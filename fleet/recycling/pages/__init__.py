"""Pages of recycling: the consignments, beginning one, and one with its tablets and its steps."""

from __future__ import annotations

from fastapi import APIRouter

from fleet.recycling.pages import acting, lists, one

router = APIRouter()
for _part in (lists, one, acting):
    router.include_router(_part.router)

"""Pages of this room: statements for givers, and the life of a tablet."""

from __future__ import annotations

from fastapi import APIRouter

from fleet.proof.pages import life, statements

router = APIRouter()
for _part in (statements, life):
    router.include_router(_part.router)

"""Labels for programs: `tags` looks codes up and claims them, `batches` prints them."""

from __future__ import annotations

from fastapi import APIRouter

from fleet.tags.api import batches, tags

router = APIRouter()
for _part in (tags, batches):
    router.include_router(_part.router)

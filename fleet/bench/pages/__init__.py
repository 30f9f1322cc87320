"""The bench's pages, gathered into one router."""

from fastapi import APIRouter

from fleet.bench.pages import apps, certificates, runs, setting_up, slots, wall

router = APIRouter()
for part in (slots, runs, certificates, apps, setting_up, wall):  # last the wall: its address takes any word
    router.include_router(part.router)

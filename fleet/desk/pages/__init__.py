"""The desk's pages, one router in the order they are looked up."""

from fastapi import APIRouter

from fleet.desk.pages import finding, lost

router = APIRouter()
for each in (finding, lost):
    router.include_router(each.router)

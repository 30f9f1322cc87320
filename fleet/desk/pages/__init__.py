"""The desk's pages, one router in the order they are looked up."""

from fastapi import APIRouter

from fleet.desk.pages import desk, finding, lost, shelves, stock_takes

router = APIRouter()
for each in (finding, desk, shelves, stock_takes, lost):
    router.include_router(each.router)

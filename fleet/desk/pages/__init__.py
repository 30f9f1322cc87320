"""The desk's pages, one router in the order they are looked up."""

from fleet.desk.pages import desk, finding, lost, shelves, stock_takes
from fleet.http.routes import PageRouter

router = PageRouter()
for each in (finding, desk, shelves, stock_takes, lost):
    router.take(each.router)

"""Pages of recycling: the consignments, beginning one, and one with its tablets and its steps."""

from __future__ import annotations

from fleet.http.routes import PageRouter
from fleet.recycling.pages import acting, lists, one

router = PageRouter()
for _part in (lists, one, acting):
    router.take(_part.router)

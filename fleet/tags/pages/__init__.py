"""Pages about labels: printing them, what was printed, blank ones, and the labelling table."""

from __future__ import annotations

from fleet.http.routes import PageRouter
from fleet.tags.pages import batches, jobs, printers, printing, table

router = PageRouter()
for _part in (printing, batches, jobs, printers, table):
    router.take(_part.router)

"""Pages of intake: donations, purchases, the intake table itself, triage, and reporting a hazard."""

from __future__ import annotations

from fleet.http.routes import PageRouter
from fleet.intake.pages import donations, hazard, purchases, table, triage

router = PageRouter()
for _part in (donations, purchases, table, triage, hazard):
    router.take(_part.router)

"""Pages of this room: statements for givers, and the life of a tablet."""

from __future__ import annotations

from fleet.http.routes import PageRouter
from fleet.proof.pages import life, statements

router = PageRouter()
for _part in (statements, life):
    router.take(_part.router)

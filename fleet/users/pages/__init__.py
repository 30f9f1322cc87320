"""Pages about people who sign in: signing in, one's own account, couriers' links, the hub admin's list, the audit."""

from __future__ import annotations

from fleet.http.routes import PageRouter
from fleet.users.pages import account, admin, audit, links, sign_in

router = PageRouter()
for _part in (sign_in, account, links, admin, audit):
    router.take(_part.router)

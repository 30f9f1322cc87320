"""Webhooks for hub admins: the list, the form, and one webhook with its messages."""

from __future__ import annotations

from fleet.webhooks.pages import form, lists, one

routers = (lists.router, form.router, one.router)
"""`form` before `one`: its `/webhooks/new` is no webhook's number."""

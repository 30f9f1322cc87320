"""SIMs, the catalogue of data, and what data asks of somebody, over HTTP."""

from __future__ import annotations

from fleet.bundles.api import data, sims, usage

routers = (usage.router, sims.router, data.router)
"""`usage` first: its `/sims/usage` is no SIM's number."""

"""Pages about SIMs and data: the stock, one SIM, what needs somebody, the catalogue, usage, sizes and spending."""

from __future__ import annotations

from fleet.bundles.pages import buying, catalogue, figures, needed, one, stock, usage

routers = (stock.router, one.router, buying.router, needed.router, catalogue.router, usage.router, figures.router)

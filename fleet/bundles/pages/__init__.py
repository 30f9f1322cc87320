"""Pages about SIMs and data: the stock, one SIM, what needs somebody, the catalogue, usage, sizes and spending."""

from __future__ import annotations

from fleet.bundles.pages import buying, catalogue, changing, figures, files, needed, one, stock

routers = (
    stock.router,
    files.router,
    one.router,
    changing.router,
    buying.router,
    needed.router,
    catalogue.router,
    figures.router,
)

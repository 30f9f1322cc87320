"""Requests, loans and returns over HTTP: enough for a program to go the whole way from the asking to the shelf."""

from __future__ import annotations

from fleet.loans.api import (
    agreement_texts,
    deciding,
    ending,
    papers,
    referring,
    requests,
    returns,
    second,
    seeing,
    setting_up,
    swapping,
    venues,
    waiting,
)

routers = (
    waiting.router,
    referring.router,
    requests.router,
    seeing.router,
    deciding.router,
    ending.router,
    swapping.router,
    setting_up.router,
    papers.router,
    agreement_texts.router,
    returns.router,
    venues.router,
    second.router,
    second.deaths,
)
"""`waiting` and `referring` first: their `/requests/waiting` and `/requests/sheet` are no request's number."""

"""How much data somebody needs, with its sum; and what data has cost, by who paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fastapi import Depends, Request, Response

from fleet.bundles import service
from fleet.bundles.api.data import days_asked, enough_of
from fleet.bundles.models import BundleOffer
from fleet.bundles.rules import QUALITIES, SOURCE, Advice, Quality, advise
from fleet.bundles.service import SpendingReport, Spent
from fleet.bundles.words import pounds, size_words
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.http.paging import csv_response
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/data", dependencies=[Depends(may(Permission.BUNDLES_SEE))])
FIRST = {"gatherings": "2", "minutes": "60", "quality": Quality.P720.value}


@dataclass(frozen=True)
class SizePage:
    values: Mapping[str, str]
    errors: Mapping[str, str]
    advice: Advice | None
    enough: tuple[tuple[str, str], ...]
    source: str = SOURCE
    qualities: tuple[tuple[str, str], ...] = tuple((rate.quality.value, rate.words) for rate in QUALITIES)
    title: str = "How much data is enough?"


@dataclass(frozen=True)
class SpendingPage:
    report: SpendingReport
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "What data has cost"


@router.get("/size")
def size_page(request: Request, session: ReadSession) -> Response:
    values = FIRST | {name: text for name, text in request.query_params.items() if name in FIRST}
    gatherings, minutes = _number(values["gatherings"], 1, 50), _number(values["minutes"], 5, 480)
    errors = {
        "gatherings": "" if gatherings else "Enter how many a week, from 1 to 50.",
        "minutes": "" if minutes else "Enter how long each lasts, from 5 to 480 minutes.",
        "quality": "" if values["quality"] in list(Quality) else "Choose one of these.",
    }
    wrong = {name: words for name, words in errors.items() if words}
    if wrong:
        return render(request, "bundles/size.html", SizePage(values, wrong, None, ()), status=422)
    advice = advise(gatherings, minutes, Quality(values["quality"]))
    enough = enough_of(service.catalogue(session), advice.mb)
    return render(request, "bundles/size.html", SizePage(values, {}, advice, tuple(_enough(each) for each in enough)))


def _number(text: str, least: int, most: int) -> int:
    """The number, or 0 when it is none or out of bounds."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    return number if least <= number <= most else 0


def _enough(offer: BundleOffer) -> tuple[str, str]:
    return offer.name, f"{size_words(offer.gb_per_month, offer.months)}, {pounds(offer.cost_pence)}"


@router.get("/spending")
def spending_page(request: Request, session: ReadSession, clock: ClockDep) -> Response:
    today, errors = local_date(clock()), {}
    try:
        asked = request.query_params
        since, until = days_asked(_day(asked.get("since", "")), _day(asked.get("until", "")), today)
    except BadInput as refused:
        errors = refused.fields
        since, until = days_asked(None, None, today)
    report = service.spending_report(session, since, until, today=today)
    rows = tuple(_row(each) for each in (*report.rows, report.total))
    if request.query_params.get("format") == "csv":
        return csv_response("data-spending", HEADER, rows)
    return render(
        request, "bundles/spending.html", SpendingPage(report, HEADER, rows, errors), status=422 if errors else 200
    )


HEADER = ("Paid by", "Bundles", "Bundles cost", "Top-ups", "Top-ups cost", "In all", "Weeks connected", "A week")


def _row(spent: Spent) -> tuple[str, ...]:
    week = spent.pence_per_week
    return (
        spent.payer,
        f"{spent.bundles}",
        pounds(spent.bundle_pence),
        f"{spent.top_ups}",
        pounds(spent.top_up_pence),
        pounds(spent.pence),
        f"{spent.weeks:.1f}",
        pounds(week) if week is not None else "",
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("This is no day.", fields={"since": "Enter both days, or neither."}) from error

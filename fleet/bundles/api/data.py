"""Data bundles over HTTP: the catalogue, what needs somebody, how much is needed, and what it has cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import Query

from fleet.bundles import queries, service
from fleet.bundles.api.seeing import Recorder, see
from fleet.bundles.models import BundleOffer
from fleet.bundles.queries import usage
from fleet.bundles.rules import MB_PER_GB, SOURCE, Quality, advise
from fleet.bundles.schemas.data import (
    AdviceLine,
    AdviceOut,
    NeededList,
    NeededOut,
    OfferIn,
    OfferList,
    OfferOut,
    SpendingOut,
    SpentOut,
    StrayIn,
    StrayOut,
)
from fleet.bundles.words import ASKS_TO_DO
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.service import get_organisation, hub_of

router = ApiRouter(prefix="/bundles", tags=["data bundles"])

OfferId = RowId
StrayId = RowId
Gatherings = Annotated[int, Query(ge=1, le=50, description="How many gatherings a week.")]
Minutes = Annotated[int, Query(ge=5, le=480, description="How long each lasts.")]
Day = Annotated[date | None, Query(description="A local day, this one included.")]


@router.get("", dependencies=see, responses=responses())
def list_offers(session: ReadSession, query: Listed) -> OfferList:
    """The catalogue, a page at a time. Filters: `active` (yes or no), `q` (part of the name or network)."""
    found = queries.find_offers(session, query)
    items = [OfferOut.model_validate(each) for each in found.items]
    return OfferList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("", status_code=201, responses=responses(404, 409, 503))
def add_offer(asked: OfferIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> OfferOut:
    """Add an entry to the catalogue."""
    if asked.funder_id is not None:
        get_organisation(session, asked.funder_id)
    made = service.add_offer(session, offered_by(asked), hub_id=hub_of(session, actor).id, now=clock())
    return OfferOut.model_validate(made)


def offered_by(asked: OfferIn) -> service.Offered:
    return service.Offered(**(asked.model_dump() | {"zero_rated": tuple(asked.zero_rated)}))


@router.get("/needed", dependencies=see, responses=responses())
def list_needed(session: ReadSession, query: Listed, clock: ClockDep) -> NeededList:
    """Data that needs somebody, the most urgent first. Filter: `asks`."""
    found = usage.find_needed(session, query, local_date(clock()))
    items = [
        NeededOut(
            asks=each.asks, number=each.number, loan_id=each.loan_id, act_by=each.act_by, words=ASKS_TO_DO[each.asks]
        )
        for each in found.items
    ]
    return NeededList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.get("/advice", dependencies=see, responses=responses())
def advice(
    session: ReadSession, gatherings: Gatherings, minutes: Minutes = 60, quality: Quality = Quality.P720
) -> AdviceOut:
    """How much data gatherings need a month, with the arithmetic, and the entries of the catalogue that are enough."""
    advised = advise(gatherings, minutes, quality)
    return AdviceOut(
        quality=quality,
        mb=advised.mb,
        lines=[AdviceLine(words=words, amount=amount) for words, amount in advised.lines],
        source=SOURCE,
        enough=[OfferOut.model_validate(each) for each in enough_of(service.catalogue(session), advised.mb)],
    )


def enough_of(offers: Sequence[BundleOffer], mb: int) -> list[BundleOffer]:
    """The smallest few that are enough."""
    return [each for each in offers if each.gb_per_month * MB_PER_GB >= mb][:3]


@router.get("/spending", dependencies=see, responses=responses())
def spending(session: ReadSession, clock: ClockDep, since: Day = None, until: Day = None) -> SpendingOut:
    """What the bundles bought in a time have cost by who paid, and each connected week; the last year if left out."""
    today = local_date(clock())
    first, last = days_asked(since, until, today)
    report = service.spending_report(session, first, last, today=today)
    rows = [SpentOut.model_validate(each) for each in report.rows]
    return SpendingOut(since=first, until=last, rows=rows, total=SpentOut.model_validate(report.total))


def days_asked(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days asked for, or the last year. Raises `BadInput` when they are the wrong way round."""
    last = until or today
    if not date(2000, 1, 1) <= last <= date(2200, 1, 1):
        raise BadInput("These days cannot be reported on.", fields={"until": "Enter a day of this century."})
    first = since or last - timedelta(days=364)
    if not date(2000, 1, 1) <= first <= last:
        raise BadInput("These days cannot be reported on.", fields={"since": "Enter a day before the last one."})
    return first, last


@router.get("/{offer_id}", dependencies=see, responses=responses(404))
def see_offer(offer_id: OfferId, session: ReadSession) -> OfferOut:
    """One entry of the catalogue."""
    return OfferOut.model_validate(service.get_offer(session, offer_id))


@router.put("/{offer_id}", responses=responses(404, 409))
def change_offer(offer_id: OfferId, asked: OfferIn, session: WriteSession, actor: Recorder) -> OfferOut:
    """Change an entry. What was bought by it keeps the figures of its day."""
    if asked.funder_id is not None:
        get_organisation(session, asked.funder_id)
    return OfferOut.model_validate(service.change_offer(session, offer_id, offered_by(asked)))


@router.post("/strays/{stray_id}/settle", responses=responses(404))
def settle_stray(
    stray_id: StrayId, asked: StrayIn, session: WriteSession, actor: Recorder, clock: ClockDep
) -> StrayOut:
    """Say what became of a strange card that lay in a returned tablet, or of one of ours left in a tablet. Settling
    twice is settling once."""
    happening = Happening(now=clock(), source="api")
    stray = service.settle_stray(session, stray_id, asked.outcome, actor=actor, happening=happening)
    return StrayOut.model_validate(stray)

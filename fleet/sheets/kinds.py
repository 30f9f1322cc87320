"""Every kind of file there is: who may take it out, which rows and columns it has, and where one comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select

from fleet.sheets import columns, queries
from fleet.sheets.queries import Rows
from fleet.sheets.rules import Column
from fleet.users.rules import Permission


class KindName(StrEnum):
    PEOPLE = "people"
    REQUESTS = "requests"
    PROGRAMMES = "programmes"
    COHORTS = "cohorts"
    LOANS = "loans"
    BUNDLES = "bundles"
    SIMS = "sims"
    CHASES = "chases"
    HOLDS = "holds"
    MESSAGES = "messages"
    CLOSURES = "closures"
    TABLETS = "tablets"
    PARTNERS = "partners"
    DONATIONS = "donations"
    PURCHASES = "purchases"
    TAGS = "tags"
    GATHERINGS = "gatherings"
    OFFERS = "offers"


@dataclass(frozen=True)
class Kind:
    """One kind of file. `see` takes it out, `bring` brings one in (None: it only goes out). `about`: the people whose
    log says that it was taken out."""

    name: KindName
    title: str
    says: str
    see: Permission
    rows: Callable[[], Rows]
    columns: tuple[Column, ...]
    bring: Permission | None = None
    about: Callable[[], Select[int]] | None = None

    @property
    def goes_out(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.write)

    @property
    def comes_in(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.read)


_N, _P = KindName, Permission
ALL = (
    Kind(
        _N.PEOPLE,
        "People",
        "Everybody on record, with how to reach them. Their needs stay out: they are asked of each person.",
        _P.PEOPLE_SEE,
        queries.people,
        columns.PEOPLE,
        _P.PEOPLE_RECORD,
        about=queries.everybody,
    ),
    Kind(
        _N.REQUESTS,
        "Requests",
        "What was asked for and has not been handed over. People stand in it by their number.",
        _P.LOANS_SEE,
        queries.requests,
        columns.REQUESTS,
        _P.LOANS_DECIDE,
    ),
    Kind(
        _N.LOANS,
        "Loans",
        "What was handed over. What another program kept comes in as history: loans that are over, and open ones of "
        "tablets that were never here.",
        _P.LOANS_SEE,
        queries.loans,
        columns.LOANS,
        _P.LOANS_DECIDE,
    ),
    Kind(
        _N.PROGRAMMES,
        "Programmes",
        "Schemes with their policy.",
        _P.COHORTS_SEE,
        queries.programmes,
        columns.PROGRAMMES,
        _P.COHORTS_SET_UP,
    ),
    Kind(
        _N.COHORTS,
        "Cohorts",
        "Taster months with their places.",
        _P.COHORTS_SEE,
        queries.cohorts,
        columns.COHORTS,
        _P.COHORTS_SET_UP,
    ),
    Kind(
        _N.CLOSURES,
        "Closures",
        "Days on which the hub is closed, or open though it would be closed.",
        _P.COHORTS_SEE,
        queries.closures,
        columns.CLOSURES,
        _P.COHORTS_SET_UP,
    ),
    Kind(
        _N.GATHERINGS,
        "Gatherings",
        "Online meetings with the links that let people in: for coordinators alone.",
        _P.GATHERINGS_DECIDE,
        queries.gatherings,
        columns.GATHERINGS,
        _P.GATHERINGS_DECIDE,
    ),
    Kind(
        _N.PARTNERS,
        "Partners",
        "Referrers, couriers, donors, funders, venues and waste carriers. Hubs are set up on their own page.",
        _P.PARTNERS_SEE,
        queries.partners,
        columns.PARTNERS,
        _P.PARTNERS_SET_UP,
    ),
    Kind(
        _N.DONATIONS,
        "Donations",
        "Who gave tablets and what they declared.",
        _P.DONATIONS_RECORD,
        queries.donations,
        columns.DONATIONS,
        _P.DONATIONS_RECORD,
    ),
    Kind(
        _N.PURCHASES,
        "Purchases",
        "Tablets that were bought together, with payer and cost.",
        _P.PURCHASES_SEE,
        queries.purchases,
        columns.PURCHASES,
        _P.DONATIONS_RECORD,
    ),
    Kind(
        _N.TAGS,
        "Labels",
        "Every code on a label, with the tablet that carries it or carried it.",
        _P.TABLETS_SEE,
        queries.tags,
        columns.TAGS,
        _P.LABELS_PRINT,
    ),
    Kind(
        _N.TABLETS,
        "Tablets",
        "Every tablet with where it stands. Lists from Snipe-IT come in as tablets that are expected.",
        _P.TABLETS_SEE,
        queries.tablets,
        columns.TABLETS,
        _P.DONATIONS_RECORD,
    ),
    Kind(
        _N.OFFERS,
        "Catalogue of data",
        "Data that can be bought or is given.",
        _P.BUNDLES_SEE,
        queries.offers,
        columns.OFFERS,
        _P.BUNDLES_RECORD,
    ),
    Kind(
        _N.SIMS,
        "SIMs",
        "Every card, without PIN, PUK and code. A list of a delivery comes in with them, and they are sealed.",
        _P.BUNDLES_SEE,
        queries.sims,
        columns.SIMS,
        _P.BUNDLES_RECORD,
    ),
    Kind(
        _N.BUNDLES,
        "Bundles",
        "The data on every card, with payer and cost.",
        _P.BUNDLES_SEE,
        queries.bundles,
        columns.BUNDLES,
        _P.BUNDLES_RECORD,
    ),
    Kind(
        _N.CHASES,
        "Chases",
        "Every rung of the ladder that was reached, and why. It goes out only: a ledger is not written by hand.",
        _P.CHASING_SEE,
        queries.chases,
        columns.CHASES,
    ),
    Kind(
        _N.MESSAGES,
        "Messages",
        "What was sent, by which channel and when, never the words. It goes out only: a ledger.",
        _P.CHASING_SEE,
        queries.messages,
        columns.MESSAGES,
    ),
    Kind(
        _N.HOLDS,
        "Holds",
        "Reasons to leave somebody in peace. It goes out only: each is somebody's own decision.",
        _P.CHASING_SEE,
        queries.holds,
        columns.HOLDS,
        about=queries.people_in_holds,
    ),
)
KINDS = {kind.name: kind for kind in ALL}

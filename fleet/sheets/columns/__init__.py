"""The columns of every kind of file, one table each. People are in one of them; all others know them by number."""

from fleet.sheets.columns.data import BUNDLES, OFFERS, SIMS
from fleet.sheets.columns.ledgers import CHASES, HOLDS, MESSAGES
from fleet.sheets.columns.people import LOANS, PEOPLE, REQUESTS
from fleet.sheets.columns.plans import CLOSURES, COHORTS, GATHERINGS, PROGRAMMES
from fleet.sheets.columns.sources import DONATIONS, PARTNERS, PURCHASES, TAGS
from fleet.sheets.columns.tablets import TABLETS

__all__ = [
    "BUNDLES",
    "CHASES",
    "CLOSURES",
    "COHORTS",
    "DONATIONS",
    "GATHERINGS",
    "HOLDS",
    "LOANS",
    "MESSAGES",
    "OFFERS",
    "PARTNERS",
    "PEOPLE",
    "PROGRAMMES",
    "PURCHASES",
    "REQUESTS",
    "SIMS",
    "TABLETS",
    "TAGS",
]

"""The columns of what carries data: the catalogue, the cards and what is on each. No PIN, PUK or code ever leaves."""

from __future__ import annotations

from fleet.bundles.rules import Ownership, SimKind, SimState
from fleet.sheets.columns.fields import both, fields, out
from fleet.sheets.rules import Column, a_day, a_switch, an_amount, one_of, pounds, several, whole, words

_KINDS = ", ".join(Ownership)
OFFERS = (
    out("number", lambda row: row.BundleOffer.id),
    both("BundleOffer", "name", words(80), "Its name in the catalogue", needed=True),
    both("BundleOffer", "network", words(40), "Whose network", needed=True),
    both("BundleOffer", "gb_per_month", whole(1, 1000), "Gigabytes a month", needed=True),
    both("BundleOffer", "months", whole(1, 36), "For how many months", needed=True),
    Column(
        "cost",
        lambda row: pounds(row.BundleOffer.cost_pence),
        an_amount(1_000_000),
        needed=True,
        hint="In pounds; 0 if given",
    ),
    Column("funder", lambda row: row.funder, words(120), hint="A funder among your partners"),
    both("BundleOffer", "ownership", one_of(Ownership), _KINDS),
    both("BundleOffer", "zero_rated", several, "Services whose data is not counted"),
    both("BundleOffer", "active", a_switch, "no: it is bought no more"),
)
SIMS = (
    both("Sim", "iccid", words(40), "The 19 or 20 digits on the card, kept as text", needed=True),
    both("Sim", "network", words(40), "Whose network", needed=True),
    both("Sim", "kind", one_of(SimKind), "sim, esim, mifi or voucher; sim if left out"),
    both("Sim", "phone", words(30), "Its telephone number"),
    both("Sim", "serial", words(40), "A MiFi's own number"),
    both("Sim", "state", one_of(SimState), "in_stock if left out; one that a loan has comes with its loan"),
    both("Sim", "rests_until", a_day, "The day before which it is for nobody else"),
    Column("pin", None, words(20), hint="Sealed as soon as it is kept; it never goes out"),
    Column("puk", None, words(20), hint="The same"),
    Column("code", None, words(200), hint="The same: what a voucher is worth, or what installs an eSIM"),
    *fields("Sim", "used_before", "barred_at", "created_at"),
)
BUNDLES = (
    out("number", lambda row: row.DataBundle.id),
    Column("iccid", lambda row: row.iccid, words(40), needed=True, hint="The card that carries it"),
    out("network", lambda row: row.network),
    Column("funder", lambda row: row.funder, words(120), hint="A funder among your partners"),
    both("DataBundle", "gb_per_month", whole(1, 1000), "Gigabytes a month", needed=True),
    both("DataBundle", "months", whole(1, 36), "For how many months", needed=True),
    both("DataBundle", "ownership", one_of(Ownership), _KINDS),
    both("DataBundle", "eligible_on", a_day, "For a grant to one person: the day on which they were asked"),
    both("DataBundle", "activated_on", a_day, "The day it was switched on; empty while it was not"),
    *fields("DataBundle", "ends_on", "suspended_on", "after_loan"),
    Column(
        "cost",
        lambda row: pounds(row.DataBundle.cost_pence),
        an_amount(1_000_000),
        needed=True,
        hint="In pounds; 0 if given",
    ),
    out("replaced_at", lambda row: row.DataBundle.replaced_at),
)

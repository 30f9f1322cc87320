"""The columns of tablets. What comes in is read under our names and under those of Snipe-IT's import and export of
assets (its import guide and app/Importer/import_mappings.md): Asset Tag, Serial, Model, Purchase Date and so on."""

from __future__ import annotations

import re

from fleet.sheets.columns.fields import both, out
from fleet.sheets.rules import Column, a_day, an_amount, one_of, pounds, whole, words
from fleet.tablets.rules import Stage

_MONTHS = re.compile(r"(\d{1,3})(?:\s*(?:months?|mos?)\.?)?", re.IGNORECASE)
LARGEST_COST_PENCE = 2_000_000


a_cost = an_amount(LARGEST_COST_PENCE)


def months(text: str) -> int:
    """36, or "36 months" as an export says it."""
    found = _MONTHS.fullmatch(text.strip())
    return whole(0, 600)(found[1] if found else text)


TABLETS = (
    out("number", lambda row: row.Tablet.id),
    Column(
        "serial",
        lambda row: row.Tablet.serial,
        words(64),
        needed=True,
        also=("Serial", "Serial Number"),
        hint="The maker's, marked S/N",
    ),
    both("Tablet", "serial_note", words(60), "What tells it from another with the same serial"),
    Column(
        "manufacturer", lambda row: row.Tablet.manufacturer, words(60), also=("Manufacturer",), hint="Such as Samsung"
    ),
    Column(
        "model",
        lambda row: row.Tablet.model,
        words(80),
        also=("Model", "Model Name", "Asset Model"),
        hint="Such as Galaxy Tab A9",
    ),
    Column("label_code", lambda row: row.Tablet.label_code),
    both(
        "Tablet",
        "stage",
        one_of(Stage),
        "recycled: it left the fleet, and comes in so; any other is expected until it is scanned",
    ),
    out("data", lambda row: row.Tablet.data),
    out("custody", lambda row: row.Tablet.custody),
    out("grade", lambda row: row.Tablet.grade),
    out("android", lambda row: row.Tablet.os_release),
    out("profile", lambda row: row.Tablet.profile),
    out("certificate_at", lambda row: row.Tablet.certificate_at),
    Column("donor", lambda row: row.donor, words(120), hint="Of a donation on record: who gave it"),
    Column(
        "received_on",
        lambda row: row.DonationBatch.received_on if row.DonationBatch else None,
        a_day,
        hint="And the day it was given",
    ),
    Column(
        "supplier",
        lambda row: row.PurchaseLot.supplier if row.PurchaseLot else None,
        words(120),
        also=("Supplier",),
        hint="Who sold it",
    ),
    Column(
        "purchase_date",
        lambda row: row.PurchaseLot.bought_on if row.PurchaseLot else None,
        a_day,
        also=("Purchase Date", "Purchased"),
        hint="The day of the invoice",
    ),
    Column(
        "order_number",
        lambda row: row.PurchaseLot.invoice_ref if row.PurchaseLot else None,
        words(60),
        also=("Order Number", "Order No."),
        hint="The invoice or order",
    ),
    Column("purchase_cost", None, a_cost, also=("Purchase Cost", "Cost"), hint="What this one cost, in pounds"),
    out("lot_cost", lambda row: pounds(row.PurchaseLot.cost_pence) if row.PurchaseLot else None),
    Column("warranty_months", None, months, also=("Warranty", "Warranty Months"), hint="From the purchase date"),
    out("warranty_end", lambda row: row.PurchaseLot.warranty_end if row.PurchaseLot else None),
    Column("asset_tag", None, words(60), also=("Asset Tag",), hint="Its number in the program it comes from"),
    Column("item_name", None, words(120), also=("Item Name", "Asset Name", "Name"), hint="What it was called there"),
    Column("model_number", None, words(60), also=("Model Number", "Model No."), hint="The maker's number of the kind"),
    Column("status", None, words(60), also=("Status", "Status Label"), hint="What it was there"),
    Column("location", None, words(120), also=("Location", "Default Location"), hint="Where it was there"),
    Column("company", None, words(120), also=("Company",), hint="Whose it was there"),
    Column("eol", None, words(30), also=("EOL", "EOL Date", "EOL Rate"), hint="When it was to be given up"),
    Column("notes", None, words(300), also=("Notes",), hint="Never about a person"),
)
"""What other programs call assigned to or checked out to is passed over: it names people."""
FROM_ELSEWHERE = (
    ("asset_tag", "asset tag"),
    ("item_name", "called"),
    ("model_number", "model number"),
    ("status", "status"),
    ("location", "location"),
    ("company", "company"),
    ("eol", "end of life"),
    ("notes", "notes"),
)
"""What has no field here and stays readable on the tablet's timeline, with the words it is said by."""

"""The columns of tablets. What comes in is read under our names and under those of Snipe-IT's import and export of
assets (its import guide and app/Importer/import_mappings.md): Asset Tag, Serial, Model, Purchase Date and so on."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from fleet.sheets.columns import out
from fleet.sheets.rules import Column, a_day, pounds, whole, words

_MONTHS = re.compile(r"(\d{1,3})(?:\s*(?:months?|mos?)\.?)?", re.IGNORECASE)
LARGEST_COST_PENCE = 2_000_000


def a_cost(text: str) -> int:
    """£1,204.50 or 1204.5 in pence."""
    try:
        amount = Decimal(text.replace("£", "").replace("GBP", "").replace(",", "").strip())
        pence = int(amount.scaleb(2))
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise ValueError("write an amount in pounds, such as 149.99.") from error
    if amount != amount.quantize(Decimal("0.01")) or not 0 <= pence <= LARGEST_COST_PENCE:
        raise ValueError("write what one tablet cost in pounds, such as 149.99.")
    return pence


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
    out("stage", lambda row: row.Tablet.stage),
    out("data", lambda row: row.Tablet.data),
    out("custody", lambda row: row.Tablet.custody),
    out("grade", lambda row: row.Tablet.grade),
    out("android", lambda row: row.Tablet.os_release),
    out("profile", lambda row: row.Tablet.profile),
    out("certificate_at", lambda row: row.Tablet.certificate_at),
    out("donor", lambda row: row.donor),
    out("received_on", lambda row: row.DonationBatch.received_on if row.DonationBatch else None),
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

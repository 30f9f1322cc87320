"""The columns of where things come from: partners, donations, purchases, and the labels on tablets."""

from __future__ import annotations

from fleet.intake.rules import DECLARATION
from fleet.intake.service import declared_fields
from fleet.partners.models import OrganisationKind
from fleet.sheets.columns.fields import both, fields, out
from fleet.sheets.rules import Column, a_day, a_switch, an_amount, one_of, pounds, several, whole, words
from fleet.tags.rules import MadeAs, TagState, shown

_SENTENCES = "; ".join(name for name, _ in DECLARATION)
PARTNERS = (
    out("number", lambda row: row.Organisation.id),
    both(
        "Organisation",
        "kind",
        one_of(OrganisationKind),
        "referrer, courier, donor, funder, venue or carrier",
        needed=True,
    ),
    both("Organisation", "name", words(120), "Its name", needed=True),
    both("Organisation", "help_phone", words(30), "Whom to ring"),
    both("Organisation", "help_hours", words(120), "And when"),
    both("Organisation", "email", words(254), "Its address for letters by email"),
    both("Organisation", "address", words(500), "Where it is"),
    both("Organisation", "nation", words(3), "ENG, SCT, WLS or NIR"),
    both("Organisation", "time_zone", words(40), "Such as Europe/London"),
    both("Organisation", "covers", several, "For couriers: first halves of postcodes, such as N19; N7"),
    both("Organisation", "vehicle_capacity", whole(1, 1000), "For couriers: how many kits fit"),
    both("Organisation", "registration", words(60), "For waste carriers: its registration"),
    both("Organisation", "active", a_switch, "no: we work with it no more"),
)
DONATIONS = (
    out("number", lambda row: row.DonationBatch.id),
    Column("donor", lambda row: row.donor, words(120), needed=True, hint="A donor among your partners"),
    both("DonationBatch", "received_on", a_day, "The day it was given", needed=True),
    both("DonationBatch", "expected_count", whole(1, 10_000), "How many tablets were announced"),
    Column("declared", lambda row: sorted(declared_fields(row.DonationBatch)), several, hint=_SENTENCES),
    both("DonationBatch", "declared_by", words(120), "Who signed for the giver"),
    both("DonationBatch", "declared_on", a_day, "And on which day"),
    both("DonationBatch", "wiping_requirement", words(500), "What the giver asks of wiping"),
    both("DonationBatch", "note", words(500), "Never about a person"),
)
PURCHASES = (
    out("number", lambda row: row.PurchaseLot.id),
    both("PurchaseLot", "supplier", words(120), "Who sold them", needed=True),
    Column(
        "order_number", lambda row: row.PurchaseLot.invoice_ref, words(60), needed=True, hint="The invoice or order"
    ),
    Column("purchase_date", lambda row: row.PurchaseLot.bought_on, a_day, needed=True, hint="The day of the invoice"),
    Column(
        "cost", lambda row: pounds(row.PurchaseLot.cost_pence), an_amount(), needed=True, hint="Of all of it, in pounds"
    ),
    both("PurchaseLot", "warranty_end", a_day, "Until when it is under warranty"),
    Column("funder", lambda row: row.funder, words(120), hint="A funder among your partners"),
    both("PurchaseLot", "note", words(500), "Never about a person"),
)
TAGS = (
    Column("code", lambda row: shown(row.Tag.code), words(40), needed=True, hint="Such as K7F3-QX"),
    both("Tag", "state", one_of(TagState), "blank if left out; attached, replaced or void"),
    both("Tag", "made_as", one_of(MadeAs), ", ".join(MadeAs)),
    out("tablet", lambda row: row.Tag.tablet_id),
    Column("serial", lambda row: row.serial, words(64), hint="The tablet that carries it, or carried it"),
    Column("serial_note", lambda row: row.serial_note, words(60), hint="Where two tablets have the same serial"),
    Column(
        "replaced_by",
        lambda row: shown(row.replaced_by) if row.replaced_by else None,
        words(40),
        hint="For one that was replaced: the code that took its place",
    ),
    Column(
        "reason",
        lambda row: row.Tag.replace_reason or row.Tag.void_reason,
        words(300),
        hint="Why it was replaced or made void",
    ),
    *fields("Tag", "made_at", "printed_at", "attached_at", "confirmed_at", "replaced_at", "voided_at"),
)

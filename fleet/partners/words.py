"""How kinds of organisations are said."""

from __future__ import annotations

from fleet.partners.models import Organisation, OrganisationKind

KIND_WORDS: dict[OrganisationKind, str] = {
    OrganisationKind.HUB: "Hub: holds the stock",
    OrganisationKind.REFERRER: "Referrer: asks for tablets",
    OrganisationKind.COURIER: "Courier organisation",
    OrganisationKind.DONOR: "Giver of tablets",
    OrganisationKind.FUNDER: "Funder",
    OrganisationKind.VENUE: "Venue: borrows for its visitors",
    OrganisationKind.CARRIER: "Waste carrier",
}


def kind_word(kind: OrganisationKind) -> str:
    """The kind in one or two words."""
    return KIND_WORDS[kind].split(":")[0]


def with_contacts(organisation: Organisation) -> str:
    """Who they are, and how to reach them: Sample Practice, 020 7946 0111, team@practice.example."""
    return ", ".join(filter(None, (organisation.name, organisation.help_phone, organisation.email)))

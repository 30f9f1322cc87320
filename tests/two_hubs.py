"""A second hub beside the first, in another nation, for tests about whose a thing is."""

from __future__ import annotations

from fleet.partners import service as partners
from fleet.partners.models import Organisation, OrganisationKind
from tests.lending import Lending, lending_at


def firth_hub(lending: Lending) -> Organisation:
    """In Scotland, with a phone of its own."""
    with lending.database.write() as session:
        return partners.add_organisation(
            session,
            kind=OrganisationKind.HUB,
            name="Firth hub",
            nation="SCT",
            help_phone="020 7946 0555",
            now=lending.clock(),
        )


def lending_beside(lending: Lending) -> Lending:
    """What the Scottish hub lends, on the same day."""
    return lending_at(lending.database, firth_hub(lending).id, lending.clock, lending.settings)

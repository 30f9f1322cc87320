"""What the API says of organisations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fleet.database.base import LARGEST_ID
from fleet.partners.models import OrganisationKind
from fleet.partners.service import Details


class DetailsIn(BaseModel):
    """Everything in an organisation's record but its kind, which never changes."""

    name: str = Field(min_length=1, max_length=120)
    help_phone: str = Field("", max_length=30, examples=["020 7946 0000"])
    help_hours: str = Field("", max_length=120, examples=["Monday to Friday, 9 to 5"])
    email: str = Field("", max_length=254)
    address: str = Field("", max_length=500)
    nation: str = Field("ENG", pattern="^(ENG|SCT|WLS|NIR)$", description="Whose bank holidays it keeps.")
    time_zone: str = Field("Europe/London", max_length=40)
    covers: list[Annotated[str, Field(max_length=8)]] = Field(
        default_factory=list, max_length=200, description="Outward postcodes, such as N19."
    )
    vehicle_capacity: int | None = Field(None, ge=1, le=1000, description="Kits that fit.")
    registration: str = Field("", max_length=60, description="A waste carrier's registration.")
    active: bool = True
    hub_id: int | None = Field(None, ge=1, le=LARGEST_ID, description="The hub it works with; empty for the first.")

    def details(self) -> Details:
        return Details(**self.model_dump(include=set(DetailsIn.model_fields) - {"covers"}), covers=tuple(self.covers))


class OrganisationIn(DetailsIn):
    """An organisation to add."""

    kind: OrganisationKind


class OrganisationOut(BaseModel):
    """An organisation as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: OrganisationKind
    name: str
    help_phone: str
    help_hours: str
    email: str
    address: str
    nation: str
    time_zone: str
    covers: list[str]
    vehicle_capacity: int | None
    registration: str
    active: bool
    hub_id: int | None
    created_at: datetime


class OrganisationList(BaseModel):
    """One page of organisations."""

    items: list[OrganisationOut]
    total: int
    page: int
    page_count: int

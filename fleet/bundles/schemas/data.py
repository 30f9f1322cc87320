"""What the API and the forms ask and say of usage, the catalogue, what needs somebody, sizes and spending."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.bundles.rules import Asks, Ownership, Quality
from fleet.bundles.schemas.money import GB, MONTHS, PENCE, Pounds
from fleet.http.acts import Act, DatedAct
from fleet.http.ids import RowId


class UsageIn(Act):
    """What was used of a month of the bundle by the end of a day, as the network says."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"used_mb": 16_200, "read_on": "2026-06-20"}]})

    used_mb: int = Field(ge=0, le=10_000_000, description="Megabytes, decimal.")
    read_on: date | None = Field(None, description="Today if left out.")


class UsageFileIn(BaseModel):
    """A file of usage, as text: CSV with the columns iccid, read_on and used_gb (or used_mb)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"csv": "iccid,read_on,used_gb\n8944100000000000000,2026-06-20,16.2\n"}]}
    )

    csv: str = Field(max_length=1_000_000)
    preview: bool = Field(True, description="Only say what would be recorded. All rows are recorded, or none.")


class UsageRowOut(BaseModel):
    """One row of a file: recorded unless `problem` says why not."""

    line: int
    iccid: str
    read_on: date | None
    used_mb: int | None
    sim_id: int | None
    problem: str


class UsageFileOut(BaseModel):
    """What became of a file."""

    recorded: int
    rows: list[UsageRowOut]


class ReadingOut(BaseModel):
    """One reading. `at_rest`: more was used although nobody had the SIM."""

    model_config = ConfigDict(from_attributes=True)

    read_on: date
    used_mb: int
    period_begins_on: date
    period_ends_on: date
    at_rest: bool
    source: str


class WhyIn(DatedAct):
    """What was found out."""

    reason: str = Field("", max_length=500)


class StrayIn(BaseModel):
    """What became of a strange card, or of one left in a tablet."""

    outcome: str = Field(min_length=1, max_length=200, examples=["Given back to the person."])


class StrayOut(BaseModel):
    """A strange card that was found in a returned tablet, or one of ours that was left in a tablet."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tablet_id: int
    seen: str
    at: datetime
    outcome: str
    settled_at: datetime | None


class OfferIn(BaseModel):
    """An entry of the catalogue."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Sample Mobile 20 GB",
                    "network": "Sample Mobile",
                    "gb_per_month": 20,
                    "months": 6,
                    "cost_pence": 6000,
                    "zero_rated": ["999 BSL"],
                }
            ]
        }
    )

    name: str = Field(min_length=1, max_length=80)
    network: str = Field(min_length=1, max_length=40)
    gb_per_month: GB
    months: MONTHS
    cost_pence: PENCE
    funder_id: RowId | None = None
    ownership: Ownership = Ownership.OURS
    zero_rated: list[str] = Field(default_factory=list, max_length=20, description="Services that use up no data.")
    active: bool = True


class OfferForm(BaseModel):
    """The same, from a form: pounds, and one service a line."""

    name: str = Field("", max_length=200)
    network: str = Field("", max_length=200)
    gb_per_month: int = Field(ge=1, le=1000)
    months: int = Field(ge=1, le=36)
    cost: Pounds
    funder_id: RowId | None = None
    ownership: Ownership = Ownership.OURS
    zero_rated: str = ""
    active: bool = False


class OfferOut(OfferIn):
    """An entry as it stands."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra=None)

    id: int


class OfferList(BaseModel):
    """One page of the catalogue."""

    items: list[OfferOut]
    total: int
    page: int
    page_count: int


class NeededOut(BaseModel):
    """One line of the list of data that needs somebody. `number` is the SIM's; for `stray` and `left_in` it is that of
    the card in the tablet, by which it is settled."""

    model_config = ConfigDict(from_attributes=True)

    asks: Asks
    number: int
    loan_id: int | None
    act_by: date
    words: str


class NeededList(BaseModel):
    """One page of them, the most urgent first."""

    items: list[NeededOut]
    total: int
    page: int
    page_count: int


class AdviceLine(BaseModel):
    """One line of the sum."""

    words: str
    amount: str


class AdviceOut(BaseModel):
    """How much data is needed a month, with its arithmetic, and the entries of the catalogue that are enough."""

    quality: Quality
    mb: int
    lines: list[AdviceLine]
    source: str
    enough: list[OfferOut]


class SpentOut(BaseModel):
    """What one payer's money brought about."""

    model_config = ConfigDict(from_attributes=True)

    payer: str
    bundles: int
    bundle_pence: int
    top_ups: int
    top_up_pence: int
    pence: int
    days: int
    pence_per_week: int | None


class SpendingOut(BaseModel):
    """Bundles bought in a time, with all their top-ups and all their days with somebody so far."""

    since: date
    until: date
    rows: list[SpentOut]
    total: SpentOut

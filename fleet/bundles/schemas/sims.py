"""What the API and the forms ask and say of a SIM, its secrets and its data. Money is in pence."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.bundles.rules import AfterLoan, Asks, Ownership, SecretKind, SimKind, SimMove, SimState
from fleet.bundles.schemas.money import GB, MONTHS, PENCE, Pounds
from fleet.http.acts import Act, ReasonedAct
from fleet.http.ids import RowId


class SimIn(Act):
    """A SIM card, eSIM, MiFi or voucher to take into stock."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"iccid": "8944100000000000000", "network": "Sample Mobile"}]}
    )

    kind: SimKind = SimKind.SIM
    iccid: str = Field("", max_length=40, description="The 19 or 20 digits on the card; a voucher's own number.")
    network: str = Field("", max_length=40, examples=["Sample Mobile"])
    phone: str = Field("", max_length=30, description="Its phone number, if it has one.", examples=["07700 900123"])
    serial: str = Field("", max_length=40, description="A MiFi's own.")


class SimCorrectionIn(Act):
    """What is printed on it, read once more. The kind stays."""

    iccid: str = Field("", max_length=40)
    network: str = Field("", max_length=40)
    phone: str = Field("", max_length=30)
    serial: str = Field("", max_length=40)


class SecretsIn(Act):
    """What the packet says. What is left empty stays as it was; nothing of it is repeated in an answer or a log."""

    model_config = ConfigDict(
        hide_input_in_errors=True, json_schema_extra={"examples": [{"pin": "0000", "puk": "00000000"}]}
    )

    pin: str = Field("", max_length=20)
    puk: str = Field("", max_length=20)
    code: str = Field("", max_length=200, description="What a voucher is worth, or what installs an eSIM.")

    def given(self) -> dict[SecretKind, str]:
        return {SecretKind.PIN: self.pin, SecretKind.PUK: self.puk, SecretKind.CODE: self.code}


class SecretsOut(BaseModel):
    """What is kept, in clear, this once. That it was shown stands in the SIM's log."""

    pin: str | None = None
    puk: str | None = None
    code: str | None = None


class BundleIn(Act):
    """Data for a SIM: an entry of the catalogue, or its own figures. Its end follows from the day it is switched on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"offer_id": 1}, {"gb_per_month": 20, "months": 3, "cost_pence": 1200}]}
    )

    offer_id: RowId | None = Field(None, description="An entry of the catalogue, whose figures it takes.")
    gb_per_month: GB | None = None
    months: MONTHS | None = None
    cost_pence: PENCE | None = None
    funder_id: RowId | None = None
    ownership: Ownership = Field(Ownership.OURS, description="A grant to one person may not pass to the next.")
    eligible_on: date | None = Field(None, description="For a grant: the day they were asked, and qualified.")


class BundleForm(BaseModel):
    """The same, from a form: the cost is typed in pounds."""

    offer_id: RowId | None = None
    gb_per_month: int | None = Field(None, ge=1, le=1000)
    months: int | None = Field(None, ge=1, le=36)
    cost: Pounds | None = None
    funder_id: RowId | None = None
    ownership: Ownership = Ownership.OURS
    eligible_on: date | None = None


class TopUpIn(Act):
    """More data for the month that `added_on` lies in, months at the end, or both."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"gb": 10, "cost_pence": 500}, {"months": 1, "cost_pence": 400}]}
    )

    gb: int = Field(0, ge=0, le=1000)
    months: int = Field(0, ge=0, le=36)
    cost_pence: PENCE = 0
    funder_id: RowId | None = None
    added_on: date | None = Field(None, description="Today if left out.")


class TopUpForm(BaseModel):
    """The same, from a form."""

    gb: int = Field(0, ge=0, le=1000)
    months: int = Field(0, ge=0, le=36)
    cost: Pounds = 0
    funder_id: RowId | None = None
    added_on: date | None = None


class BundleOut(BaseModel):
    """The data a SIM carries."""

    model_config = ConfigDict(from_attributes=True)

    offer_id: int | None
    gb_per_month: int
    months: int
    cost_pence: int
    funder_id: int | None
    ownership: Ownership
    eligible_on: date | None
    activated_on: date | None
    ends_on: date | None
    suspended_on: date | None
    after_loan: AfterLoan | None


class WarningOut(BaseModel):
    """What the data asks of somebody, reckoned today and never stored."""

    model_config = ConfigDict(from_attributes=True)

    asks: Asks
    words: str
    act_by: date


class SimOut(BaseModel):
    """A SIM and its data."""

    id: int
    kind: SimKind
    iccid: str
    serial: str
    phone: str | None
    network: str
    state: SimState
    rests_until: date | None
    barred_at: datetime | None
    loan_id: int | None = Field(description="The loan it is kept for.")
    needed_until: date | None
    bundle: BundleOut | None
    warnings: list[str] = Field(default_factory=list, description="Such as a check digit that does not fit.")
    data_warnings: list[WarningOut] = Field(default_factory=list)


class SimList(BaseModel):
    """One page of SIMs."""

    items: list[SimOut]
    total: int
    page: int
    page_count: int


class SimMoveIn(ReasonedAct):
    """Ask for a move of the SIM's table. What follows from a loan is refused here.

    For `bar`, `client_at` is the time at which the network said that it is barred.
    """

    move: SimMove


class ActivationIn(Act):
    """The day on which the network switched the data on, where the hand-over was another day."""

    activated_on: date


class EligibilityIn(Act):
    """The day on which whoever a grant is for by now was asked, and qualified. No papers are kept."""

    eligible_on: date


class AfterLoanIn(Act):
    """What becomes of data that lasts longer than its loan."""

    decided: AfterLoan

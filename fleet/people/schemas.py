"""What the API and the forms ask and say of people who borrow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from fleet.http.acts import Act
from fleet.people.models import Need, Person
from fleet.people.rules import Channel, FamiliarApp, Household, NeedCode, PrintFormat, phone_words
from fleet.people.service import Details
from fleet.users.rules import Role

Line = Annotated[str, Field(max_length=120)]


def _code(given: object) -> object:
    """A need as it is given out is taken by its code."""
    return given.get("code") if isinstance(given, Mapping) else given


class PersonIn(BaseModel):
    """A person, with their consent. Nothing about health: needs are codes, and there is no field for remarks."""

    first_name: str = Field("", max_length=80, description="As they like to be called.", examples=["Sample"])
    last_name: str = Field("", max_length=80, examples=["One"])
    birth_year: int | None = Field(None, description="Only for programmes with a lowest age.", examples=[1948])
    phone: str = Field("", max_length=30, examples=["07700 900001"])
    email: str = Field("", max_length=254)
    address_line_1: Line = ""
    address_line_2: Line = ""
    town: str = Field("", max_length=60)
    postcode: str = Field("", max_length=10, description="Tidied and kept; a doubtful one is a warning.")
    door_note: Line = Field("", description="How to get to the door: “ring the top bell”.")
    language_spoken: str = Field("en", max_length=16, description="BCP 47, of a language there is; BSL is bfi.")
    language_read: str = Field("en", max_length=16, description="BCP 47, of a language there is.")
    interpreter: bool = False
    channel: Channel = Field(Channel.CALL, description="How they want to hear from us.")
    print_format: PrintFormat = PrintFormat.PRINT_14
    household: Household | None = Field(None, description="Who they live with; empty when nobody asked.")
    apps_used: list[FamiliarApp] = Field(default_factory=list, description="Apps they know already.")
    needs_asked: bool = Field(False, description="Whether somebody asked; an empty list is then the answer “nothing”.")
    needs: list[Annotated[NeedCode, BeforeValidator(_code)]] = Field(
        default_factory=list, description="Codes; needs as a record gives them are taken too."
    )
    consents: bool = Field(False, description="They said yes to our keeping this.")

    def details(self) -> Details:
        """As the service takes it."""
        given = self.model_dump(exclude={"needs", "needs_asked", "apps_used"})
        asked = self.needs_asked or bool(self.needs)
        needs = frozenset(self.needs) if asked else None
        return Details(**given, needs=needs, apps_used=frozenset(self.apps_used))


class NewPersonIn(PersonIn, Act):
    """A person to record. The same `client_id` twice records them once."""


class NeedOut(BaseModel):
    """One coded need."""

    code: NeedCode
    at_the_door: bool = Field(description="A courier is told.")
    share_with: list[Role]
    review_on: date


class PersonOut(BaseModel):
    """A person's record, for those who may see all of it."""

    id: int
    first_name: str
    last_name: str
    birth_year: int | None
    phone: str
    email: str
    address_line_1: str
    address_line_2: str
    town: str
    postcode: str
    door_note: str
    language_spoken: str
    language_read: str
    interpreter: bool
    channel: Channel
    print_format: PrintFormat
    household: Household | None
    apps_used: list[FamiliarApp]
    needs_asked: bool
    needs: list[NeedOut]
    referrer_id: int | None
    consents: bool = Field(description="They said yes to our keeping this; false once the record was emptied.")
    consent_at: datetime
    opted_out: bool
    deceased_on: date | None
    erased_at: datetime | None = Field(description="When the record was emptied of its person; only a number is left.")
    reference: str = Field(description="Their number in the file that they came with; empty where they came otherwise.")


class RecordedOut(PersonOut):
    """The record, and what somebody should look at again."""

    warnings: list[str] = Field(description="A doubtful postcode, or a record that looks the same.")
    look_alike_ids: list[int]


class PersonList(BaseModel):
    """One page of people."""

    items: list[PersonOut]
    total: int
    page: int
    page_count: int


class OptOutIn(BaseModel):
    """Whether the person wants no automatic messages."""

    opted_out: bool


def person_out(person: Person, needs: list[Need]) -> PersonOut:
    """The whole record; only for a viewer who may see it."""
    own = {name: getattr(person, name) for name in PersonOut.model_fields if name not in ("needs", "phone", "consents")}
    return PersonOut(
        **own,
        phone=phone_words(person.phone),
        consents=person.erased_at is None,
        needs=[NeedOut.model_validate(need, from_attributes=True) for need in needs],
    )

"""Who asks for a tablet: people with invented names, each reached in their own way, some under one roof."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute

from fleet.bundles import service as bundles
from fleet.bundles.models import Sim
from fleet.bundles.rules import Ownership, SecretKind
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import SafeAtHome
from fleet.people import service as people
from fleet.people.models import Need
from fleet.people.rules import Channel, NeedCode
from tests.year.town import Hub, Town

CHANNELS = (
    *(Channel.TEXT, Channel.EMAIL, Channel.TEXT, Channel.LETTER, Channel.TEXT, Channel.CALL),
    *(Channel.TEXT, Channel.EMAIL, Channel.TEXT, Channel.TEXT),
)
_ONE_ROOF_EVERY = 5
"""Every fifth shares the phone of the one before."""
POSTCODES = {"ENG": "N19 5XX", "SCT": "G12 8QQ"}
PIN = "4971"
_TWO_MONTHS_EVERY, _GRANTED_EVERY, _LARGE_EVERY = 3, 7, 6


def surname(number: int) -> str:
    """One that nobody else has, to look for after an erasure."""
    return f"Invented{number:04d}x"


def wants_large(person_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a person needs a tablet that is set up large and clear, for a query."""
    return exists().where(Need.person_id == person_id, Need.code == NeedCode.LARGE_TEXT, Need.ended_at.is_(None))


def ask(town: Town, hub: Hub, *, cohort_id: int | None = None) -> Loan:
    """Somebody is recorded and asks; a coordinator approves. To do it twice with one client id is to do it once."""
    town.seen["people"] += 1
    number = town.seen["people"]
    under_one_roof = number % _ONE_ROOF_EVERY == 0
    phone = number - 1 if under_one_roof else number
    channel = Channel.TEXT if number % _ONE_ROOF_EVERY in (0, _ONE_ROOF_EVERY - 1) else CHANNELS[number % len(CHANNELS)]
    details = people.Details(
        first_name="Sample",
        last_name=surname(number),
        phone=f"07700 900{phone % 1000:03d}",
        email=f"{surname(number).lower()}@sample.example",
        address_line_1=f"{number} Sample Court",
        town="Sampleton",
        postcode=POSTCODES[hub.nation],
        channel=channel,
        needs=frozenset({NeedCode.TEXT_ON_ARRIVAL} | ({NeedCode.LARGE_TEXT} if number % _LARGE_EVERY == 2 else set())),
        consents=True,
    )
    with town.together():
        told = town.tell(people.add_person, details, hub_id=hub.id, client_id=f"person-{town.today}-{number}")
        asked: dict[str, Any] = {
            "person_id": told.person.id,
            "programme_id": hub.cohort_programme if cohort_id else hub.rolling_programme,
            "cohort_id": cohort_id,
            "safe_at_home": SafeAtHome.YES,
            "client_id": f"ask-{town.today}-{number}",
        }
        made = [town.do(loans.request_loan, **asked) for _ in range(1 + (number % 5 == 0))]
        if len({each.id for each in made}) != 1:
            town.wrong.append(f"I5: asking twice with one client id made {len(made)} loans")
        town.seen["told twice"] += len(made) - 1
        town.do(loans.approve, made[0].id)
    return made[0]


def buy_sim(town: Town, hub: Hub) -> Sim:
    """A card with its data; a third have data for two months only, every seventh is a grant for one person."""
    number = town.seen["sims"] = town.seen["sims"] + 1
    granted = number % _GRANTED_EVERY == 0
    with town.together():
        sim = town.tell(
            bundles.add_sim,
            hub_id=hub.id,
            iccid=f"894410{number:013d}",
            network="Sample Mobile",
            phone=f"07700 900{900 + number}" if number < 100 else "",
        )
        town.tell(
            bundles.attach_bundle,
            sim.id,
            gb_per_month=20,
            months=1 if number % _TWO_MONTHS_EVERY == 0 else 3,
            cost_pence=1200,
            ownership=Ownership.PERSONS_OWN if granted else Ownership.OURS,
            eligible_on=town.today if granted else None,
        )
        if number % 10 == 1:
            town.do(bundles.keep_secrets, sim.id, {SecretKind.PIN: PIN})
    return sim

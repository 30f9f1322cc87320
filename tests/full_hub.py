"""A hub with a full shelf, and couriers signed in with runs of today: what the benchmark of scans asks about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, literal, select

from fleet.clock import utc_now
from fleet.database.migrate import upgrade
from fleet.database.session import Database, open_database
from fleet.deliveries.models import DeliveryJob
from fleet.partners.models import Organisation, OrganisationKind
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, Stage
from fleet.tags.models import Tag
from fleet.tags.rules import ALPHABET, LENGTH, TagState, check_character
from fleet.users import queries as user_queries
from fleet.users import service as users
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.lending import lending_at
from tests.people import FakeClock, make_user


@dataclass(frozen=True)
class Courier:
    """Somebody's sign-in and the stops of their run, each with its code."""

    cookie: str
    run_id: int
    stops: Sequence[tuple[DeliveryJob, str]]


@dataclass(frozen=True)
class Hub:
    """One filled database and who asks it: couriers for each number of clients, one more to begin with, and a
    technician's cookie. `codes` are a thousand spread over the shelf."""

    settings: Settings
    couriers: Mapping[int, Sequence[Courier]]
    first: Courier
    technician: str
    codes: Sequence[str]


def hub_at(folder: Path, url: str, tablets: int, stops: Mapping[int, int]) -> Hub:
    """A hub with so many tablets. `stops`: how many each courier has, by how many of them ask at once."""
    settings = Settings(
        data_dir=folder,
        database_url=url,
        secret_key=SecretStr("a secret that only this benchmark uses"),
        demo=True,
        hub_name="Sample hub",
        hub_phone="020 7946 0000",
        public_url="https://tablets.example",
    )
    database, clock = open_database(url), FakeClock()
    upgrade(database.engine)
    with database.write() as session:
        hub = Organisation(
            kind=OrganisationKind.HUB, name="Sample hub", help_phone="020 7946 0000", covers=[], created_at=clock()
        )
        session.add(hub)
    shelf = fill(database, hub.id, tablets)
    if not database.is_sqlite:
        _go_on_counting(database)
    delivering = Delivering(lending_at(database, hub.id, clock, settings))
    couriers = {
        number: [_courier(database, clock, delivering, each) for _ in range(number)] for number, each in stops.items()
    }
    first = _courier(database, clock, delivering, 1)
    technician = _sign_in(database, clock, make_user(database, clock, Role.TECHNICIAN))
    database.close()
    return Hub(settings, couriers, first, technician, shelf)


def codes() -> Iterator[str]:
    """Codes that check, in order."""
    for body in product(ALPHABET, repeat=LENGTH - 1):
        text = "".join(body)
        yield text + check_character(text)


def fill(database: Database, hub_id: int, tablets: int) -> Sequence[str]:
    """So many tablets on the shelf, each with its label. The codes of a thousand spread among them."""
    now, made = utc_now(), list(islice(codes(), tablets))
    shelf = Table(
        "shelf", MetaData(), Column("id", Integer, primary_key=True), Column("code", String(10)), prefixes=["TEMPORARY"]
    )
    tablet = {
        "id": shelf.c.id,
        "hub_id": literal(hub_id),
        "serial": literal("SHELF") + shelf.c.code,
        "stage": literal(Stage.READY, Tablet.stage.type),
        "data": literal(DataState.CLEAN, Tablet.data.type),
        "custody": literal(Custody.HUB, Tablet.custody.type),
        "label_code": shelf.c.code,
        "created_at": literal(now, Tablet.created_at.type),
        "changed_at": literal(now, Tablet.changed_at.type),
    }
    tag = {
        "id": shelf.c.id,
        "code": shelf.c.code,
        "state": literal(TagState.ATTACHED, Tag.state.type),
        "tablet_id": shelf.c.id,
        "made_at": literal(now, Tag.made_at.type),
    }
    with database.engine.begin() as connection:
        shelf.create(connection)
        connection.execute(insert(shelf), [{"id": number, "code": code} for number, code in enumerate(made, 1)])
        for model, columns in ((Tablet, tablet), (Tag, tag)):
            connection.execute(insert(model).from_select(list(columns), select(*columns.values())))
        shelf.drop(connection)
    return made[:: max(1, tablets // 1_000)]


def _go_on_counting(database: Database) -> None:
    """On PostgreSQL the next tablet's number comes after those that were given by hand."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # it is the owner's from here on, and nobody's after
        connection.exec_driver_sql("SET ROLE NONE")  # lending code may not set numbers back; the owner may
        for table in ("tablet", "tag"):
            connection.exec_driver_sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
        connection.exec_driver_sql("ANALYZE")


def _courier(database: Database, clock: FakeClock, delivering: Delivering, stops: int) -> Courier:
    actor = delivering.another_courier()
    run = delivering.run(actor)
    made = [(job, delivering.code(job.tablet_id)) for job in (delivering.delivery(run) for _ in range(stops))]
    return Courier(_sign_in(database, clock, actor), run.id, made)


def _sign_in(database: Database, clock: FakeClock, actor: Actor) -> str:
    with database.write() as session:
        user = user_queries.user_by_id(session, actor.user_id or 0)
        assert user is not None
        return users.begin_sign_in(session, user, now=clock()).token

"""PostgreSQL itself keeps the answers about equality from every query of the code that lends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from fleet.database.apart import EQUALITY, LENDING, PREFIX, is_kept_apart, keep_apart
from fleet.database.equality_role import as_equality
from fleet.database.session import Database, open_database
from fleet.equality.models import EqualityAnswer
from fleet.loans.models import Loan
from fleet.people.models import Person
from fleet.schema import metadata
from tests.fixtures.databases import ON_POSTGRESQL
from tests.fleet.privacy.conftest import lending as lending
from tests.lending import Lending


def role(session: Session) -> object:
    return session.scalar(text("SELECT current_role"))


@ON_POSTGRESQL
def test_every_connection_works_as_the_lending_role(database: Database) -> None:
    assert is_kept_apart(database.engine)
    with database.read() as session:
        assert role(session) == LENDING
    with database.write() as session:
        assert role(session) == LENDING


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "read",
    [
        lambda session: session.scalars(select(EqualityAnswer)).all(),
        lambda session: session.scalars(
            select(Loan).join(EqualityAnswer, EqualityAnswer.person_id == Loan.person_id)
        ).all(),
        lambda session: session.execute(text("SELECT count(*) FROM equality_answer")),
        lambda session: session.execute(text("DELETE FROM equality_answer")),
    ],
    ids=["a select", "a join from loans", "raw SQL", "a delete"],
)
def test_the_database_refuses_the_lending_code_the_answers(
    database: Database, read: Callable[[Session], object]
) -> None:
    with database.read() as session, pytest.raises(ProgrammingError, match="permission denied"):
        read(session)


@ON_POSTGRESQL
def test_inside_the_block_the_answers_and_nothing_else_can_be_used(lending: Lending) -> None:
    person = lending.person()
    with lending.database.write() as session:
        with as_equality(session):
            assert role(session) == EQUALITY
            session.add(
                EqualityAnswer(
                    person_id=person.id, nation="ENG", question="housing", answer="owned", given_on=date(2026, 6, 1)
                )
            )
        assert role(session) == LENDING
    with lending.database.read() as session, as_equality(session):
        assert session.scalar(select(EqualityAnswer.answer)) == "owned"
    with lending.database.read() as session, pytest.raises(ProgrammingError, match="permission denied"):
        read_people_inside(session)
    with lending.database.read() as session:
        assert role(session) == LENDING


def read_people_inside(session: Session) -> None:
    with as_equality(session):
        session.scalars(select(Person)).all()


@ON_POSTGRESQL
def test_every_table_is_given_to_one_of_the_two_roles(database: Database) -> None:
    wanted = {name: EQUALITY if name.startswith(PREFIX) else LENDING for name in metadata.tables}
    query = text(
        "SELECT table_name, grantee FROM information_schema.role_table_grants"
        " WHERE privilege_type = 'SELECT' AND grantee LIKE 'doorstep%' AND table_name <> 'alembic_version'"
    )
    with database.engine.connect() as connection:
        connection.execute(text("SET LOCAL ROLE NONE"))
        given = {row.table_name: row.grantee for row in connection.execute(query)}
    assert given == wanted


@ON_POSTGRESQL
def test_who_may_not_make_roles_goes_on_without_them_and_check_can_say_so(database: Database) -> None:
    made = "CREATE ROLE plain_owner LOGIN; GRANT CONNECT ON DATABASE {} TO plain_owner"
    url = database.engine.url
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL ROLE NONE"))
        connection.execute(text(made.format(url.database)))
    plain = open_database(url.set(username="plain_owner", password=None).render_as_string(hide_password=False))
    try:
        assert keep_apart(plain.engine) is False
        assert is_kept_apart(plain.engine) is False
    finally:
        plain.close()
        with database.engine.begin() as connection:
            connection.execute(text("SET LOCAL ROLE NONE"))
            connection.execute(text("DROP OWNED BY plain_owner"))
            connection.execute(text("DROP ROLE plain_owner"))

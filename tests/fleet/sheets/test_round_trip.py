"""Whatever leaves comes in again: an installation taken out file by file stands in an empty one as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.settings import Settings
from fleet.sheets.kinds import ALL, KindName
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.sheets.world import ORDER, bring_in, numbers_in, readable, same_again, taken_out, world
from tests.people import FakeClock

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12).filter(readable)


def moved_in(
    database: Database, files: Mapping[KindName, str], *, actor: Actor, settings: Settings, clock: FakeClock
) -> dict[KindName, str]:
    """Every file brought into an empty installation and taken out again; the installation is empty afterwards."""
    with database.write() as session, session.begin_nested() as kept:
        for name in ORDER:
            bring_in(session, name, files[name], actor=actor, settings=settings, clock=clock)
        out = {name: taken_out(session, name) for name in ORDER}
        kept.rollback()
    return out


def test_every_kind_that_comes_in_is_in_the_order() -> None:
    assert set(ORDER) == {kind.name for kind in ALL if kind.bring is not None}


@ON_SQLITE
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS, WORDS)
@example("=1+1", "'quoted\", and; more")
def test_what_is_taken_out_comes_in_and_is_taken_out_the_same(
    database: Database,
    hub: Organisation,
    settings: Settings,
    clock: FakeClock,
    actor: Callable[..., Actor],
    word: str,
    other: str,
) -> None:
    coordinator = actor(Role.COORDINATOR)
    first = moved_in(database, world(word, other), actor=coordinator, settings=settings, clock=clock)
    second = moved_in(database, first, actor=coordinator, settings=settings, clock=clock)
    people = dict(zip(numbers_in(first[KindName.PEOPLE]), numbers_in(second[KindName.PEOPLE]), strict=True))
    for name in ORDER:
        assert same_again(first[name], name, people) == same_again(second[name], name, {}), name
        assert first[name].count("\r\n") > 1, f"nothing came in: {name}"

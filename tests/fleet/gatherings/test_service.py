"""The catalogue: who may propose, change and approve, what a change means for tablets, and what is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fleet.database.session import Database
from fleet.errors import BadInput, MoveRefused, NotAllowed, NotFound
from fleet.gatherings import queries, service
from fleet.gatherings.rules import Entry, GatheringMove, GatheringState
from fleet.happening import Happening
from fleet.partners.models import Organisation, OrganisationKind
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.gatherings import MUSIC_MORNING
from tests.people import FakeClock

SECRET = "https://zoom.us/j/12345678901?pwd=Meadowlark77"


@pytest.fixture
def happening(clock: FakeClock) -> Callable[..., Happening]:
    return lambda **parts: Happening(now=clock(), **parts)


@pytest.fixture
def choir(database: Database, clock: FakeClock) -> Organisation:
    made = Organisation(kind=OrganisationKind.REFERRER, name="Sample choir", covers=[], created_at=clock())
    with database.write() as session:
        session.add(made)
    return made


@pytest.fixture
def music(hub: Organisation) -> Entry:
    return replace(MUSIC_MORNING, host_id=hub.id)


def test_a_partners_proposal_reaches_nobody_before_a_coordinator_approves_it(
    database: Database,
    hub: Organisation,
    choir: Organisation,
    music: Entry,
    actor: Callable[..., Actor],
    happening: Callable[..., Happening],
) -> None:
    partner, coordinator = actor(Role.PARTNER_LEAD, organisation_id=choir.id), actor(Role.COORDINATOR)
    with database.write() as session:
        made = service.propose(session, music, actor=partner, happening=happening())
        assert (made.state, made.host_id) == (GatheringState.PROPOSED, choir.id)
        assert service.in_order(session, [made.id]) == ()
        with pytest.raises(BadInput):
            service.check_choice(session, [made.id])
        service.edit(session, made.id, replace(music, title="Music and tea"), actor=partner, happening=happening())
        with pytest.raises(MoveRefused, match="stays proposed"):
            service.move(session, made.id, GatheringMove.APPROVE, actor=partner, happening=happening())
        service.move(session, made.id, GatheringMove.APPROVE, actor=coordinator, happening=happening())
        assert [each.title for each in service.in_order(session, [made.id])] == ["Music and tea"]
        with pytest.raises(NotAllowed):
            service.edit(session, made.id, music, actor=partner, happening=happening())
    with database.read() as session:
        assert [event.kind for event in queries.events(session, made.id)] == ["approve", "edited", "added"]


def test_another_partners_proposal_is_not_there_for_them(
    database: Database,
    hub: Organisation,
    choir: Organisation,
    music: Entry,
    actor: Callable[..., Actor],
    happening: Callable[..., Happening],
) -> None:
    partner, stranger = (actor(Role.PARTNER_LEAD, organisation_id=each.id) for each in (choir, hub))
    technician = actor(Role.TECHNICIAN)
    with database.write() as session:
        made = service.propose(session, music, actor=partner, happening=happening())
        with pytest.raises(NotFound):
            service.gathering_for(session, made.id, stranger)
        assert service.may_see_link(partner, made)
        assert not service.may_see_link(technician, made)
        assert service.gathering_for(session, made.id, technician).id == made.id


def test_only_what_a_tile_shows_makes_another_revision(
    database: Database, music: Entry, actor: Callable[..., Actor], happening: Callable[..., Happening]
) -> None:
    coordinator = actor(Role.COORDINATOR)
    with database.write() as session:
        made = service.propose(session, music, actor=coordinator, happening=happening())
        changes = (music, replace(music, minutes=90), replace(music, minutes=90, weekday=4))
        revisions = [
            service.edit(session, made.id, entry, actor=coordinator, happening=happening()).revision
            for entry in changes
        ]
    assert revisions == [1, 1, 2]


def test_a_link_stands_in_no_event_and_in_no_refusal(
    database: Database, music: Entry, actor: Callable[..., Actor], happening: Callable[..., Happening]
) -> None:
    coordinator = actor(Role.COORDINATOR)
    with database.write() as session:
        made = service.propose(session, music, actor=coordinator, happening=happening())
        with pytest.raises(BadInput) as refused:
            service.edit(session, made.id, replace(music, link=SECRET), actor=coordinator, happening=happening())
        web = replace(music, link=SECRET.replace("zoom.us/j", "example.org"))
        service.edit(session, made.id, web, actor=coordinator, happening=happening())
        events = "".join(str(vars(event)) for event in queries.events(session, made.id))
    assert "link" in refused.value.fields
    assert "link" in events
    assert "Meadowlark" not in f"{refused.value.fields}{refused.value}{events}"


def test_the_same_proposal_twice_is_one_and_a_choice_holds_five(
    database: Database, music: Entry, actor: Callable[..., Actor], happening: Callable[..., Happening]
) -> None:
    coordinator = actor(Role.COORDINATOR)
    with database.write() as session:
        twice = [
            service.propose(session, music, actor=coordinator, happening=happening(client_id="a" * 8)) for _ in range(2)
        ]
        others = [service.propose(session, music, actor=coordinator, happening=happening()) for _ in range(5)]
        assert twice[0].id == twice[1].id
        chosen = [each.id for each in others]
        assert service.check_choice(session, [*chosen, chosen[0]]) == tuple(chosen)
        with pytest.raises(BadInput) as refused:
            service.check_choice(session, [*chosen, twice[0].id])
    assert "the sixth tile is Help" in refused.value.fields["gatherings"]


def test_an_answer_that_cannot_be_is_named(
    database: Database, music: Entry, actor: Callable[..., Actor], happening: Callable[..., Happening]
) -> None:
    odd = replace(music, title=" ", weekday=9, minutes=0, language="xx", host_id=999, link="example.org")
    with database.write() as session, pytest.raises(BadInput) as refused:
        service.propose(session, odd, actor=actor(Role.COORDINATOR), happening=happening())
    assert sorted(refused.value.fields) == ["host_id", "language", "link", "minutes", "title", "weekday"]

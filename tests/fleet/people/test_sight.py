"""Each role is shown its own part of a person, and no more (domain notes 4.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fleet.people.models import Need, Person
from fleet.people.rules import NeedCode
from fleet.people.sight import NOBODY_NAMED, SeenPerson, seen, seen_at_the_door
from fleet.users.actor import SYSTEM, Actor
from fleet.users.rules import Role

PERSON = Person(
    first_name="Sample",
    last_name="One",
    phone="+447700900001",
    email="",
    address_line_1="1 Sample Court",
    address_line_2="",
    town="",
    postcode="N1 9GU",
    door_note="Ring the top bell",
    referrer_id=7,
)
NEEDS = [Need(code=NeedCode.BSL), Need(code=NeedCode.LARGE_TEXT), Need(code=NeedCode.TEXT_ON_ARRIVAL)]


def viewed(role: Role, organisation_id: int | None = None) -> SeenPerson:
    actor: Actor = replace(SYSTEM, role=role, roles=frozenset({role}), organisation_id=organisation_id)
    return seen(PERSON, NEEDS, actor)


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.COORDINATOR, "Sample One"),
        (Role.DATA_PROTECTION, "Sample One"),
        (Role.TECHNICIAN, "Sample O."),
        (Role.COURIER, "Sample"),
        (Role.BUDDY, "Sample"),
        (Role.REFERRER, NOBODY_NAMED),
        (Role.EVALUATOR, NOBODY_NAMED),
        (Role.DONOR, NOBODY_NAMED),
        (Role.HUB_ADMIN, NOBODY_NAMED),
    ],
)
def test_a_name_takes_the_form_its_viewer_may_see(role: Role, name: str) -> None:
    assert viewed(role).name == name


def test_a_referrer_names_their_own_people() -> None:
    assert viewed(Role.REFERRER, organisation_id=7).name == "Sample One"
    assert viewed(Role.REFERRER, organisation_id=8).name == NOBODY_NAMED


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR, Role.DATA_PROTECTION}))
def test_address_and_phone_are_for_those_who_ring_and_write(role: Role) -> None:
    view = viewed(role)
    assert (view.address, view.phone, view.door_note) == ((), "", "")


def test_a_technician_sees_what_to_set_up_and_a_courier_what_to_do_at_the_door() -> None:
    assert viewed(Role.TECHNICIAN).needs == ("Uses British Sign Language", "Large text on the screen")
    assert viewed(Role.COURIER).needs == ("Uses British Sign Language", "Text on arrival, do not ring")


def test_at_the_door_there_is_a_first_name_a_way_in_and_no_phone() -> None:
    view = seen_at_the_door(PERSON, NEEDS)
    assert (view.name, view.phone, view.email) == ("Sample", "", "")
    assert view.address == ("1 Sample Court", "N1 9GU")
    assert view.door_note == "Ring the top bell"

"""The way to the page about programmes."""

from __future__ import annotations

from collections.abc import Callable

from fleet.app import NAVIGATION
from fleet.users.rules import Role
from tests.people import Browser


def test_the_word_in_the_menu_is_an_address_too(browser_as: Callable[..., Browser]) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    typed = coordinator.get("/programmes?q=spring")
    assert (typed.status_code, typed.headers["location"]) == (301, "/cohorts?q=spring")
    assert coordinator.get(typed.headers["location"]).status_code == 200
    assert [place.href for place in NAVIGATION if place.text == "Programmes"] == ["/cohorts"]


def test_a_stranger_and_a_courier_get_no_further_by_it(browser_as: Callable[..., Browser]) -> None:
    assert browser_as().get("/programmes").headers["location"].startswith("/sign-in")
    assert browser_as(Role.COURIER).get("/programmes").status_code == 403

"""Why tablets are held, for programs."""

from __future__ import annotations

from collections.abc import Callable

from fleet.tablets.models import Tablet
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser


@ON_SQLITE
def test_holds_are_listed_newest_first_open_or_of_a_kind(
    stock: Callable[..., Tablet], browser_as: Callable[..., Browser]
) -> None:
    one, other = stock(), stock()
    api = browser_as(Role.TECHNICIAN)
    for tablet, kind in ((one, "fault"), (one, "safety"), (other, "fault")):
        api.post(f"/api/v1/tablets/{tablet.id}/holds", json={"kind": kind, "reason": "Sample reason"})
    api.post(f"/api/v1/tablets/{one.id}/holds/fault/lift", json={"reason": "Mended"})

    def listed(asked: str) -> list[tuple[int, str]]:
        found = api.get(f"/api/v1/holds?{asked}").json()["items"]
        return [(hold["tablet_id"], hold["kind"]) for hold in found]

    assert listed("") == [(other.id, "fault"), (one.id, "safety"), (one.id, "fault")]
    assert listed("open=yes") == [(other.id, "fault"), (one.id, "safety")]
    assert listed("kind=fault&open=yes") == [(other.id, "fault")]
    assert listed(f"tablet={one.id}") == [(one.id, "safety"), (one.id, "fault")]

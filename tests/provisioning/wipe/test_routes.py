"""Which ways to wipe are open to which tablet, in which order, and what each one says of itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from provisioning.engine.observe import observe
from provisioning.errors import FactUnreadable, WipeError
from provisioning.virtual import person
from provisioning.virtual.state import Owner
from provisioning.virtual.tablet import TradeIn, VirtualTablet
from provisioning.virtual.wiping import restart
from provisioning.wipe.blockers import BlockerCode, WipePolicy, find_blockers
from provisioning.wipe.hands import begin_reset
from provisioning.wipe.routes import Route, RouteCode, choose, find_routes, reporting_routes, route_from_json
from provisioning.wipe.trade_in import evaluate, read_report
from tests.provisioning.benchtop import Slot
from tests.provisioning.conftest import MakeSlot

OURS = WipePolicy(our_owners=frozenset({"org.example.ours"}))
SIXTEEN = "google-pixel-tablet-16"


def offered(slot: Slot, policy: WipePolicy | None = None) -> list[RouteCode]:
    return [route.code for route in routes(slot, policy).values() if route.offered]


def routes(slot: Slot, policy: WipePolicy | None = None) -> dict[RouteCode, Route]:
    transport = slot.connect()
    return {route.code: route for route in find_routes(transport, observe(transport), policy)}


def owned(device: VirtualTablet, *, listens: bool) -> None:
    person.enrol(device, Owner("org.example.ours/.Admin", "Our hub", wipes_when_told=listens))


def opened(slot: Slot) -> None:
    """Reset, waiting in its first-run setup, and opened for reading."""
    person.open_reset_screen(slot.tablet)
    person.tap_erase_everything(slot.tablet)
    assert slot.tablet.wait_for(lambda: slot.tablet.trade_in is TradeIn.REPORTING, 5)
    evaluate(slot.connect())
    assert slot.tablet.wait_for(lambda: slot.tablet.trade_in is TradeIn.EVALUATING, 5)


@pytest.mark.parametrize(
    ("personality", "codes"),
    [
        ("legacy-tablet-7", [RouteCode.SETTINGS_RESET]),
        ("lenovo-tab-m10-9", [RouteCode.SETTINGS_RESET]),
        ("huawei-mediapad-t5-10", [RouteCode.SETTINGS_RESET]),
        ("samsung-tab-a9-14", [RouteCode.SETTINGS_RESET, RouteCode.TEST_HARNESS]),
        (SIXTEEN, [RouteCode.SETTINGS_RESET, RouteCode.TEST_HARNESS]),
    ],
)
def test_the_guided_reset_comes_first_and_only_what_is_there_is_offered(
    make_slot: MakeSlot, personality: str, codes: list[RouteCode]
) -> None:
    slot = make_slot(personality)
    assert offered(slot) == codes
    assert slot.tablet.content.generation == 1, "asking changes nothing"


def test_every_route_is_named_with_a_reason_whether_or_not_it_is_open(make_slot: MakeSlot) -> None:
    found = routes(make_slot())
    assert set(found) == set(RouteCode)
    assert all(route.title and route.why.endswith(".") for route in found.values())
    never = {RouteCode.RECOVERY_MENU, RouteCode.RESCUE, RouteCode.FASTBOOT}
    assert not any(found[code].offered or found[code].clears_reset_protection for code in never)
    assert all(route_from_json(route.to_json()) == route for route in found.values())


@pytest.mark.parametrize(
    ("listens", "policy", "open_"), [(True, OURS, True), (False, OURS, False), (True, WipePolicy(), False)]
)
def test_an_owner_s_reset_is_offered_only_for_an_app_of_ours_that_takes_the_order(
    make_slot: MakeSlot, listens: bool, policy: WipePolicy, open_: bool
) -> None:
    slot = make_slot()
    owned(slot.tablet, listens=listens)
    found = routes(slot, policy)[RouteCode.DEVICE_OWNER]
    assert (found.offered, found.clears_reset_protection) == (open_, True)


def test_a_tablet_opened_for_trade_in_erases_itself_and_offers_nothing_else(make_slot: MakeSlot) -> None:
    slot = make_slot(SIXTEEN)
    opened(slot)
    assert offered(slot) == [RouteCode.TRADE_IN]
    transport = slot.connect()
    assert begin_reset(transport, observe(transport), RouteCode.TRADE_IN).opened
    assert slot.tablet.content.generation == 3


def test_a_tablet_that_only_reports_offers_trade_in_alone() -> None:
    assert [route.code for route in reporting_routes() if route.offered] == [RouteCode.TRADE_IN]


def test_with_a_google_account_whose_removal_was_agreed_only_routes_that_forget_it_stay(make_slot: MakeSlot) -> None:
    slot = make_slot("samsung-tab-a9-14")
    person.add_account(slot.tablet, "sample.one@example.org", "com.google")
    assert offered(slot, WipePolicy(removal_agreed=True)) == [RouteCode.SETTINGS_RESET]


def test_an_agreement_settles_the_account_and_nothing_else_and_no_waiver_does(make_slot: MakeSlot) -> None:
    slot = make_slot("samsung-tab-a9-14")
    for kind in ("com.google", "com.osp.app.signin"):
        person.add_account(slot.tablet, "sample.one@example.org", kind)
    seen = observe(slot.connect())
    everything = WipePolicy(waived=frozenset(code.value for code in BlockerCode))
    assert {b.code for b in find_blockers(seen, everything)} == {
        BlockerCode.GOOGLE_ACCOUNT,
        BlockerCode.SAMSUNG_ACCOUNT,
    }
    agreed = find_blockers(seen, WipePolicy(removal_agreed=True))
    assert [b.code for b in agreed] == [BlockerCode.SAMSUNG_ACCOUNT]
    both_ways = next(b for b in find_blockers(seen) if b.code is BlockerCode.GOOGLE_ACCOUNT)
    assert "remove it" in both_ways.next
    assert "record that the donor agreed" in both_ways.next


def test_the_first_offered_is_taken_and_one_that_is_not_open_says_why(make_slot: MakeSlot) -> None:
    found = tuple(routes(make_slot("lenovo-tab-m10-9")).values())
    assert choose(found).code is RouteCode.SETTINGS_RESET
    with pytest.raises(WipeError, match="This tablet's Android does not have it"):
        choose(found, "test_harness")
    with pytest.raises(WipeError, match="no way called a_hammer"):
        choose(found, "a_hammer")


@pytest.mark.parametrize(
    ("prepare", "route", "said"),
    [
        (lambda device: person.set_pin(device, "1234"), RouteCode.TEST_HARNESS, "if there is a lock screen"),
        (lambda device: owned(device, listens=False), RouteCode.DEVICE_OWNER, "no longer takes the order"),
    ],
)
def test_a_route_that_the_tablet_refuses_says_so_and_erases_nothing(
    make_slot: MakeSlot, prepare: Callable[[VirtualTablet], None], route: RouteCode, said: str
) -> None:
    slot = make_slot("samsung-tab-a9-14")
    prepare(slot.tablet)
    transport = slot.connect()
    hands = begin_reset(transport, observe(transport), route)
    assert (hands.opened, said in hands.screen) == (False, True)
    assert slot.tablet.content.generation == 1


@pytest.mark.parametrize("route", [RouteCode.TEST_HARNESS, RouteCode.DEVICE_OWNER])
def test_a_route_without_hands_erases_the_tablet(make_slot: MakeSlot, route: RouteCode) -> None:
    slot = make_slot("samsung-tab-a9-14")
    owned(slot.tablet, listens=True)
    transport = slot.connect()
    hands = begin_reset(transport, observe(transport), route)
    assert (hands.opened, hands.sentence) == (True, "")
    assert slot.tablet.content.generation == 2


def test_a_locked_tablet_is_not_opened(make_slot: MakeSlot) -> None:
    slot = make_slot(SIXTEEN)
    person.add_account(slot.tablet, "sample.one@example.org", "com.google")
    person.wipe_in_recovery(slot.tablet)
    assert slot.tablet.wait_for(lambda: slot.tablet.trade_in is TradeIn.REPORTING, 5)
    transport = slot.connect()
    assert read_report(transport).reset_protection
    with pytest.raises(FactUnreadable):
        evaluate(transport)
    restart(slot.tablet)
    assert slot.tablet.content.generation == 2


def test_a_tablet_that_is_set_up_gives_no_report(make_slot: MakeSlot) -> None:
    with pytest.raises(FactUnreadable):
        read_report(make_slot(SIXTEEN).connect())

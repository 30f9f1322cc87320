"""Trade-in mode as Android 16 has it: what it lets through, what ends it, and that opening it costs the data."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from provisioning.virtual import person
from provisioning.virtual.tablet import Power, Screen, TradeIn, VirtualTablet
from provisioning.virtual.wiping import WipeRoute, restart, wipe
from tests.provisioning.virtual.adb_program import AdbProgram
from tests.provisioning.virtual.conftest import Served
from tests.provisioning.virtual.run import run_on

Make = Callable[..., VirtualTablet]
SIXTEEN = "google-pixel-tablet-16"


@pytest.fixture
def waiting(make_tablet: Make) -> VirtualTablet:
    """Fresh from the factory, in its first-run setup."""
    return make_tablet(SIXTEEN, ready=False)


def started(tablet: VirtualTablet) -> bool:
    return tablet.wait_for(lambda: tablet.power is Power.ON, 5)


def test_it_begins_by_itself_in_the_first_run_setup_and_tells_who_it_is(waiting: VirtualTablet) -> None:
    assert waiting.trade_in is TradeIn.REPORTING
    told = json.loads(run_on(waiting, "tradeinmode getstatus").out)
    assert told["serial"] == waiting.serial
    assert told["locks"] == {"factory_reset_protection": False}


def test_no_tablet_before_android_16_has_it(make_tablet: Make) -> None:
    older = make_tablet("google-pixel-tablet-15", ready=False)
    assert (older.trade_in, older.reachable) == (TradeIn.OFF, False)
    assert run_on(older, "tradeinmode getstatus").code == 127


def test_it_asks_nobody_for_a_key_and_refuses_the_adb_program_everything_else(
    serve: Callable[..., Served], adb: AdbProgram
) -> None:
    served = serve(SIXTEEN)
    wipe(served.tablet, WipeRoute.SETTINGS)
    assert started(served.tablet)
    adb.connect_to(served.serial)
    adb.wait_for_state(served.serial, "device")
    assert json.loads(adb("shell", "tradeinmode", "getstatus", serial=served.serial).stdout)["launch_level"] == 36
    for refused in ("true", "tradeinmode getstatus;id", "getprop"):
        assert adb("shell", refused, serial=served.serial).stdout == ""
    assert served.tablet.prompt is None


@pytest.mark.parametrize("ends", [person.finish_setup_wizard, lambda one: person.add_account(one, "a", "com.google")])
def test_it_ends_with_the_setup_or_an_account_and_takes_debugging_with_it(
    waiting: VirtualTablet, ends: Callable[[VirtualTablet], None]
) -> None:
    ends(waiting)
    assert (waiting.trade_in, waiting.debugging_on) == (TradeIn.ENDED, False)


def test_a_tablet_with_an_account_never_begins_it(waiting: VirtualTablet) -> None:
    with waiting.changing() as state:
        state.content.properties.clear()
        state.content.settings["global"]["adb_enabled"] = "0"
    person.add_account(waiting, "sample.one@example.com", "com.google")
    restart(waiting)
    assert started(waiting)
    assert waiting.trade_in is TradeIn.OFF


def test_opened_for_reading_it_takes_any_command_and_erases_itself_at_its_next_start(waiting: VirtualTablet) -> None:
    waiting.evaluate()
    waiting.files.real("/data/media/0/left.txt").write_text("something")
    assert waiting.state.body.erases_at_start
    before = waiting.content.android_id
    restart(waiting)
    assert started(waiting)
    assert waiting.content.android_id != before
    assert not waiting.files.real("/data/media/0/left.txt").exists()
    assert (waiting.trade_in, waiting.screen) == (TradeIn.REPORTING, Screen.SETUP_WIZARD)
    assert not waiting.state.body.erases_at_start


def test_a_locked_tablet_tells_nothing_else_and_will_not_be_opened(waiting: VirtualTablet) -> None:
    with waiting.changing() as state:
        state.body.frp_account = "com.google"
    assert json.loads(run_on(waiting, "tradeinmode getstatus").out) == {"locks": {"factory_reset_protection": True}}
    assert run_on(waiting, "tradeinmode evaluate").code == 1
    assert waiting.trade_in is TradeIn.REPORTING

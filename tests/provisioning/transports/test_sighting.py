"""What an adb server lists, line by line. The lines have the shape that adb's own source prints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.transports.sighting import Sighting, State, parse_list

CASES = {
    "SAMPLE0001             device usb:1-4.2 product:gta9wifi model:Sample_Tab device:gta9 transport_id:7": Sighting(
        "adb:usb:1-4.2", "SAMPLE0001", "SAMPLE0001", State.READY, "1-4.2", "Sample Tab", 7
    ),
    "SAMPLE0001             unauthorized usb:1-4.2 transport_id:8": Sighting(
        "adb:usb:1-4.2", "SAMPLE0001", "SAMPLE0001", State.UNAUTHORISED, "1-4.2", "", 8
    ),
    "192.0.2.7:5555         device product:x model:Y device:z transport_id:3": Sighting(
        "adb:192.0.2.7:5555", "192.0.2.7:5555", "", State.READY, "", "Y", 3
    ),
    "adb-SAMPLE0001-aB3dEf (2)._adb-tls-connect._tcp device product:x model:Y device:z transport_id:4": Sighting(
        "adb:adb-SAMPLE0001-aB3dEf (2)._adb-tls-connect._tcp",
        "adb-SAMPLE0001-aB3dEf (2)._adb-tls-connect._tcp",
        "SAMPLE0001",
        State.READY,
        "",
        "Y",
        4,
    ),
    "(no serial number)     no permissions (missing udev rules? user is in the plugdev group); see "
    "[http://developer.android.com/tools/device.html] usb:3-1 transport_id:5": Sighting(
        "adb:usb:3-1", "(no serial number)", "", State.NOT_PERMITTED, "3-1", "", 5
    ),
    "????????????           no permissions; see [http://developer.android.com/tools/device.html] usb:3-1": Sighting(
        "adb:usb:3-1", "????????????", "", State.NOT_PERMITTED, "3-1"
    ),
    "A SERIAL WITH SPACES AND MANY LETTERS offline usb:1-1 transport_id:6": Sighting(
        "adb:usb:1-1",
        "A SERIAL WITH SPACES AND MANY LETTERS",
        "A SERIAL WITH SPACES AND MANY LETTERS",
        State.OFFLINE,
        "1-1",
        "",
        6,
    ),
    "emulator-5554          host": Sighting("adb:emulator-5554", "emulator-5554", "emulator-5554", State.HOST),
    "localhost:5555         connecting": Sighting("adb:localhost:5555", "localhost:5555", "", State.CONNECTING),
    "SAMPLE0001             dreaming usb:1-1 transport_id:9": Sighting(
        "adb:usb:1-1", "SAMPLE0001", "SAMPLE0001", State.UNKNOWN, "1-1", "", 9
    ),
}


@pytest.mark.parametrize(("line", "sighting"), CASES.items(), ids=[line[:40] for line in CASES])
def test_a_line_is_read(line: str, sighting: Sighting) -> None:
    assert parse_list(line + "\n") == (sighting,)


def test_tablets_that_share_a_serial_stay_two() -> None:
    text = "0123456789ABCDEF device usb:1-1 transport_id:1\n0123456789ABCDEF device usb:1-2 transport_id:2\n"
    assert [one.address for one in parse_list(text)] == ["adb:usb:1-1", "adb:usb:1-2"]


def test_a_server_elsewhere_stands_in_the_address() -> None:
    assert parse_list("SAMPLE0001 device usb:1-1\n", server="192.0.2.9:5037/")[0].address == (
        "adb:192.0.2.9:5037/usb:1-1"
    )


def test_what_the_adb_program_says_around_its_list_is_no_tablet() -> None:
    chatter = (
        "* daemon not running; starting now at tcp:5037\n* daemon started successfully\nList of devices attached\n"
    )
    assert parse_list(chatter + "\n") == ()


PIECES = st.sampled_from(
    ["device", "offline", "usb:1-4", "transport_id:", "no permissions", ":", " ", "\n", "(", "x", "é"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_text_breaks_the_reading(text: str) -> None:
    for one in parse_list(text):
        assert one.address.startswith("adb:")

"""USB as far as a machine without a tablet can go: adb-shell's USB transport on a bus made of software, no cable."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import usb1

from provisioning.benches.local import LocalBench
from provisioning.command import Command
from provisioning.errors import CannotConnect, LinkLost, UsbNotPermitted, UsbTaken
from provisioning.transports.adb_usb import UsbWire, attached_on_usb
from provisioning.transports.keys import BenchKey
from provisioning.transports.sighting import Sighting, State
from tests.contracts.transport_contract import sample_bytes
from tests.provisioning.transports.conftest import Start
from tests.provisioning.transports.software_bus import Interface, SoftwareTablet, bus_of

PATH = "1-4.2"


@pytest.fixture
def plugged_in(start_daemon: Start) -> SoftwareTablet:
    return SoftwareTablet(1, [4, 2], start_daemon().port)


def bench_with(key: BenchKey, *tablets: SoftwareTablet) -> LocalBench:
    return LocalBench(key, poll_seconds=0.02, connect_seconds=1, usb=bus_of(*tablets))


class TestListing:
    def test_this_machine_has_no_tablet_on_usb_and_says_so_as_an_empty_list(self) -> None:
        assert attached_on_usb() == ()

    def test_only_adb_interfaces_are_listed_and_none_is_opened(self, tmp_path: Path) -> None:
        tablets = [
            SoftwareTablet(1, [4, 2]),
            SoftwareTablet(1, [4, 3], interfaces=[Interface((6, 1, 1)), Interface()]),
            SoftwareTablet(2, [1], interfaces=[Interface((8, 6, 80))]),
        ]
        (tmp_path / PATH).mkdir()
        (tmp_path / PATH / "serial").write_text("SAMPLE0001\n")
        (tmp_path / PATH / "product").write_text("Sample Tab\n")
        assert attached_on_usb(bus_of(*tablets), sysfs=tmp_path) == (
            Sighting("usb:1-4.2", "SAMPLE0001", "SAMPLE0001", State.UNOPENED, usb_path="1-4.2", model="Sample Tab"),
            Sighting("usb:1-4.3", "", "", State.UNOPENED, usb_path="1-4.3"),
        )
        assert [tablet.opened for tablet in tablets] == [0, 0, 0]

    def test_a_computer_without_libusb_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "adb_shell.transport.usb_transport", None)
        with pytest.raises(CannotConnect, match="apt-get install libusb"):
            attached_on_usb()


class TestOpening:
    def test_a_port_with_nothing_in_it_names_the_ports_that_have(
        self, bench_key: BenchKey, plugged_in: SoftwareTablet
    ) -> None:
        with pytest.raises(CannotConnect, match=r"USB port 1-1 .*Tablets on other ports: usb:1-4\.2\."):
            bench_with(bench_key, plugged_in).open_tablet("usb:1-1")

    def test_a_port_that_may_not_be_opened_gives_the_rule_to_write(
        self, bench_key: BenchKey, plugged_in: SoftwareTablet
    ) -> None:
        shut = replace(plugged_in, may_not_open=True)
        with pytest.raises(UsbNotPermitted, match=r"ff4201.*51-android\.rules.*plugdev"):
            bench_with(bench_key, shut).open_tablet(f"usb:{PATH}")

    def test_a_port_an_adb_server_holds_gives_the_address_that_works(
        self, bench_key: BenchKey, plugged_in: SoftwareTablet
    ) -> None:
        taken = replace(plugged_in, refusal=usb1.USBErrorBusy)
        with pytest.raises(UsbTaken, match=r"adb:usb:1-4\.2"):
            bench_with(bench_key, taken).open_tablet(f"usb:{PATH}")

    def test_a_tablet_that_leaves_while_it_is_opened_is_told(
        self, bench_key: BenchKey, plugged_in: SoftwareTablet
    ) -> None:
        leaving = replace(plugged_in, refusal=usb1.USBErrorNoDevice)
        with pytest.raises(CannotConnect, match="plug it in again"):
            bench_with(bench_key, leaving).open_tablet(f"usb:{PATH}")

    def test_what_was_left_for_somebody_else_is_thrown_away(
        self, bench_key: BenchKey, plugged_in: SoftwareTablet
    ) -> None:
        tablet = bench_with(bench_key, replace(plugged_in, stale=b"WRTE" + bytes(70))).open_tablet(f"usb:{PATH}")
        assert tablet.run(Command("echo", "hello")).stdout == "hello\n"
        tablet.close()


class TestTransfers:
    @pytest.mark.parametrize("ends_with_nothing", [False, True])
    @pytest.mark.parametrize("count", [511, 512, 513, 65_536, 1_048_576 - 64])
    def test_transfers_that_fill_their_last_packet_end_all_the_same(
        self, bench_key: BenchKey, plugged_in: SoftwareTablet, count: int, ends_with_nothing: bool
    ) -> None:
        # The bus holds a full transfer back until one of no bytes ends it, as a controller may.
        tablet = bench_with(bench_key, replace(plugged_in, ends_with_nothing=ends_with_nothing)).open_tablet(
            f"usb:{PATH}"
        )
        data, back = sample_bytes(count), io.BytesIO()
        tablet.push(io.BytesIO(data), "/data/local/tmp/file")
        tablet.pull("/data/local/tmp/file", back)
        assert back.getvalue() == data
        tablet.close()

    def test_a_pulled_cable_is_a_lost_link(self, bench_key: BenchKey, start_daemon: Start) -> None:
        daemon = start_daemon()
        tablet = bench_with(bench_key, SoftwareTablet(1, [4, 2], daemon.port)).open_tablet(f"usb:{PATH}")
        daemon.drop_links()
        with pytest.raises(LinkLost, match="not known"):
            tablet.run(Command("true"))

    def test_a_closed_wire_says_so(self) -> None:
        with pytest.raises(ConnectionError):
            UsbWire(PATH, bus_of()).write_parts([b"x"], 1)

"""Addresses as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import AddressInvalid, CannotConnect
from provisioning.transports.address import (
    Address,
    ServerAddress,
    TcpAddress,
    UsbAddress,
    connect,
    parse_address,
)
from provisioning.transports.keys import BenchKey


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("tcp:192.0.2.7:5555", TcpAddress("192.0.2.7", 5555)),
        ("tcp:tablet-7.example:40001", TcpAddress("tablet-7.example", 40001)),
        ("tcp:[2001:db8::7]:5555", TcpAddress("2001:db8::7", 5555)),
        ("  tcp:localhost:1\n", TcpAddress("localhost", 1)),
        ("usb:1-4.2", UsbAddress("1-4.2")),
        ("usb:3-1", UsbAddress("3-1")),
        ("adb:SAMPLE0001", ServerAddress("SAMPLE0001")),
        ("adb:usb:1-4.2", ServerAddress("usb:1-4.2")),
        ("adb:192.0.2.7:5555", ServerAddress("192.0.2.7:5555")),
        (
            "adb:adb-SAMPLE0001-aB3dEf (2)._adb-tls-connect._tcp",
            ServerAddress("adb-SAMPLE0001-aB3dEf (2)._adb-tls-connect._tcp"),
        ),
        ("adb:bench.example:5037/usb:1-4.2", ServerAddress("usb:1-4.2", "bench.example", 5037)),
        ("adb:[2001:db8::7]:5038/SAMPLE0001", ServerAddress("SAMPLE0001", "2001:db8::7", 5038)),
        ("adb:127.0.0.1:5037/192.0.2.7:5555", ServerAddress("192.0.2.7:5555", "127.0.0.1", 5037)),
    ],
)
def test_an_address_is_read_and_written_as_itself(text: str, place: Address) -> None:
    assert parse_address(text) == place
    assert str(place) == text.strip()


HOSTS = st.sampled_from(["192.0.2.1", "tablet", "2001:db8::1"])
PORTS = st.integers(1, 65535)
SERIALS = st.text("AZaz019 ._:()-", min_size=1, max_size=20).map(str.strip).filter(bool)
PLACES = st.one_of(
    st.builds(TcpAddress, HOSTS, PORTS),
    st.builds(UsbAddress, st.sampled_from(["1-1", "1-4.2", "12-4.2.3.1"])),
    st.builds(ServerAddress, SERIALS),
    st.builds(ServerAddress, SERIALS, HOSTS, PORTS),
)


@given(PLACES)
def test_any_written_address_reads_as_itself(place: Address) -> None:
    assert parse_address(str(place)) == place


@pytest.mark.parametrize(
    "text", ["tcp", "tcp:", "tcp:host", "tcp:host:", "tcp:host:0", "tcp:host:65536", "tcp::5555", "tcp:a/b:1"]
)
def test_an_address_without_host_or_port_is_refused(text: str) -> None:
    with pytest.raises(AddressInvalid, match="tcp:HOST:PORT"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("usb:", "usb:BUS-PORT"),
        ("usb:4", "usb:BUS-PORT"),
        ("usb:1-4.", "usb:BUS-PORT"),
        ("usb:1-4.2 ; reboot", "usb:BUS-PORT"),
        ("adb:", "adb:SERIAL"),
        ("adb:host:5037/", "adb:SERIAL"),
        ("adb:host/usb:1-4.2", "adb:SERIAL"),
    ],
)
def test_half_an_address_names_the_form_it_should_have(text: str, form: str) -> None:
    with pytest.raises(AddressInvalid, match=form):
        parse_address(text)


@pytest.mark.parametrize("text", ["", "http://192.0.2.7", "192.0.2.7:5555", "TCP:host:5555"])
def test_an_unknown_kind_of_address_names_the_ones_that_work(text: str) -> None:
    with pytest.raises(AddressInvalid, match=r"tcp:HOST:PORT, for example.*usb:BUS-PORT.*adb:SERIAL"):
        parse_address(text)


def test_connect_goes_to_the_place_that_was_named(bench_key: BenchKey) -> None:
    with pytest.raises(CannotConnect, match=r"tcp:127\.0\.0\.1:1\."):
        connect("tcp:127.0.0.1:1", signer=bench_key)

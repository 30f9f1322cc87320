"""Addresses as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import AddressInvalid, CannotConnect
from provisioning.transports.address import TcpAddress, connect, parse_address
from provisioning.transports.keys import BenchKey


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("tcp:192.0.2.7:5555", "192.0.2.7", 5555),
        ("tcp:tablet-7.example:40001", "tablet-7.example", 40001),
        ("tcp:[2001:db8::7]:5555", "2001:db8::7", 5555),
        ("  tcp:localhost:1\n", "localhost", 1),
    ],
)
def test_an_address_is_read(text: str, host: str, port: int) -> None:
    assert parse_address(text) == TcpAddress(host, port)


@given(st.sampled_from(["192.0.2.1", "tablet", "2001:db8::1"]), st.integers(1, 65535))
def test_a_written_address_reads_as_itself(host: str, port: int) -> None:
    assert parse_address(str(TcpAddress(host, port))) == TcpAddress(host, port)


@pytest.mark.parametrize(
    "text", ["", "tcp", "tcp:", "tcp:host", "tcp:host:", "tcp:host:0", "tcp:host:65536", "tcp::5555"]
)
def test_an_address_without_host_or_port_is_refused(text: str) -> None:
    with pytest.raises(AddressInvalid, match="tcp:HOST:PORT"):
        parse_address(text)


@pytest.mark.parametrize("text", ["usb:1-4.2", "http://192.0.2.7", "192.0.2.7:5555", "TCP:host:5555"])
def test_an_unknown_kind_of_address_names_the_ones_that_work(text: str) -> None:
    with pytest.raises(AddressInvalid, match=r"tcp:HOST:PORT, for example"):
        parse_address(text)


def test_connect_goes_to_the_place_that_was_named(bench_key: BenchKey) -> None:
    with pytest.raises(CannotConnect, match=r"tcp:127\.0\.0\.1:1\."):
        connect("tcp:127.0.0.1:1", signer=bench_key)

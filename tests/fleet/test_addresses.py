"""Which addresses are this computer, the hub's own network, outside, or none that anything is sent to."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from fleet.addresses import Standing, may_speak_to, standing


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("127.0.0.1", Standing.HERE),
        ("127.8.9.10", Standing.HERE),
        ("::1", Standing.HERE),
        ("::ffff:127.0.0.1", Standing.HERE),
        ("10.1.2.3", Standing.OWN_NETWORK),
        ("172.31.0.9", Standing.OWN_NETWORK),
        ("192.168.1.40", Standing.OWN_NETWORK),
        ("::ffff:10.0.0.1", Standing.OWN_NETWORK),
        ("fd00::9", Standing.OWN_NETWORK),
        ("8.8.8.8", Standing.OUTSIDE),
        ("172.32.0.1", Standing.OUTSIDE),
        ("2606:4700::1111", Standing.OUTSIDE),
        ("169.254.169.254", Standing.NOWHERE_GOOD),
        ("fe80::1", Standing.NOWHERE_GOOD),
        ("0.0.0.0", Standing.NOWHERE_GOOD),
        ("::", Standing.NOWHERE_GOOD),
        ("100.64.0.1", Standing.NOWHERE_GOOD),
        ("224.0.0.1", Standing.NOWHERE_GOOD),
        ("ff0e::1", Standing.NOWHERE_GOOD),
        ("255.255.255.255", Standing.NOWHERE_GOOD),
        ("64:ff9b::a00:1", Standing.NOWHERE_GOOD),
        ("2002:7f00:1::", Standing.NOWHERE_GOOD),
    ],
)
def test_where_an_address_leads(address: str, where: Standing) -> None:
    assert standing(ip_address(address)) is where


def test_this_computer_is_spoken_to_in_a_demonstration_alone_and_nothing_else_is_let_in_by_it() -> None:
    for wanted in (Standing.OUTSIDE, Standing.OWN_NETWORK):
        assert may_speak_to(ip_address("127.0.0.1"), wanted, demo=True)
        assert not may_speak_to(ip_address("127.0.0.1"), wanted, demo=False)
        assert not may_speak_to(ip_address("169.254.169.254"), wanted, demo=True)
    assert not may_speak_to(ip_address("10.0.0.1"), Standing.OUTSIDE, demo=True)
    assert not may_speak_to(ip_address("8.8.8.8"), Standing.OWN_NETWORK, demo=True)

"""Which addresses this installation may speak to: printers in its own network, other people's programs only outside it.

The one place that says so. Names are looked up by whoever connects, and what they stand for is judged here.
"""

from __future__ import annotations

from enum import Enum, auto
from ipaddress import IPv4Address, IPv6Address, ip_network

_OWN_NETWORK = tuple(ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
"""What RFC 1918 and RFC 4193 keep for private use."""
_CARRIES_ANOTHER = tuple(ip_network(each) for each in ("64:ff9b::/96", "2001::/32", "2002::/16"))
"""Of NAT64, Teredo and 6to4: an IPv4 address is inside, which may be of any kind."""


class Standing(Enum):
    """Where an address leads."""

    HERE = auto()
    """This computer itself."""
    OWN_NETWORK = auto()
    OUTSIDE = auto()
    NOWHERE_GOOD = auto()
    """Link-local (a cloud's metadata service is there), multicast, reserved, or one address inside another."""


def standing(address: IPv4Address | IPv6Address) -> Standing:
    """Where this address leads. An IPv4 address written as IPv6 counts as what it is."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return standing(address.ipv4_mapped)
    if address.is_loopback:
        return Standing.HERE
    if any(address.version == each.version and address in each for each in _OWN_NETWORK):
        return Standing.OWN_NETWORK
    if any(address.version == each.version and address in each for each in _CARRIES_ANOTHER):
        return Standing.NOWHERE_GOOD
    return Standing.OUTSIDE if address.is_global and not address.is_multicast else Standing.NOWHERE_GOOD


def may_speak_to(address: IPv4Address | IPv6Address, wanted: Standing, *, demo: bool) -> bool:
    """Whether to connect to it. This computer itself only in a demonstration, where printers and receivers are here."""
    found = standing(address)
    return found is wanted or (demo and found is Standing.HERE)

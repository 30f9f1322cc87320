"""Slowing down what strangers may try again and again: six-digit codes, label codes, notes from finders.

Counted in this process's memory, per application: several server processes allow each their share.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Network, ip_address

from fastapi import Request
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from fleet.errors import TooManyTries


def client_address(request: Request) -> str:
    """Where the request came from, as far as can be known.

    For IPv6 the network (/64): one home or phone has all of its addresses, and could use another for every try.
    """
    host = request.client.host if request.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return host
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))


def slow_down(request: Request, rule: RateLimitItem, *key: str, message: str, next_step: str = "") -> None:
    """Count one try under `key`. Raises `TooManyTries` when there were too many."""
    limiter = _limiter(request)
    if not limiter.hit(rule, *key):
        raise TooManyTries(message, retry_after_seconds=rule.get_expiry(), next_step=next_step)


def _limiter(request: Request) -> FixedWindowRateLimiter:
    state = request.app.state
    if not hasattr(state, "limiter"):
        state.limiter = FixedWindowRateLimiter(MemoryStorage())
    limiter: FixedWindowRateLimiter = state.limiter
    return limiter

"""The quick sum is the sum."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provisioning.transports.checksum import payload_sum


@given(st.binary(max_size=2000))
def test_it_is_the_sum_of_all_bytes(payload: bytes) -> None:
    assert payload_sum(payload) == sum(payload)


def test_the_largest_bytes_do_not_overflow_a_slice() -> None:
    assert payload_sum(b"\xff" * 1_048_576) == 255 * 1_048_576

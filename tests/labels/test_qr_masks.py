"""The mask penalty is `qrcode`'s, reckoned on whole symbols at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from qrcode.util import lost_point

from labels.qr_masks import penalty


def modules_of(bits: int, size: int) -> list[list[bool | None]]:
    return [[bool(bits >> (row * size + column) & 1) for column in range(size)] for row in range(size)]


@given(st.sampled_from([21, 25, 29, 33]).flatmap(lambda size: st.tuples(st.just(size), st.binary(max_size=140))))
def test_any_picture_costs_what_qrcode_says(drawn: tuple[int, bytes]) -> None:
    size, noise = drawn
    bits = int.from_bytes(noise, "big") & ((1 << size * size) - 1)
    assert penalty(bits, size) == lost_point(modules_of(bits, size))


@given(
    st.lists(
        st.sampled_from(["10111010000", "00001011101", "11111", "00000", "0", "1", "0000101110100001011101"]),
        min_size=60,
        max_size=120,
    )
)
def test_pictures_full_of_runs_and_finder_shapes_cost_what_qrcode_says(pieces: list[str]) -> None:
    size = 25
    bits = int("".join(pieces)[: size * size].ljust(size * size, "0"), 2)
    assert penalty(bits, size) == lost_point(modules_of(bits, size))


def test_a_blank_picture_is_the_worst_of_all() -> None:
    blank = penalty(0, 29)
    assert blank == lost_point(modules_of(0, 29))
    assert blank > 10 * penalty(int("01" * 420, 2), 29)

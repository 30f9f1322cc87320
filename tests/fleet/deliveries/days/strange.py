"""Draws days at random: any fact may follow any other, at any stop, of any run, in any batch, twice or late."""

from __future__ import annotations

from hypothesis import strategies as st

from fleet.deliveries.rules import Action
from tests.fleet.deliveries.days.said import (
    CLOCKS,
    COURIER_OF,
    LONGEST_DAY,
    LONGEST_DELAY,
    STOPS,
    TICKED,
    Batch,
    Day,
    Said,
)


@st.composite
def days(draw: st.DrawFn, most: int = 9) -> Day:
    said = tuple(draw(st.lists(_scans(), min_size=1, max_size=most)))
    again = draw(st.lists(st.integers(0, len(said) - 1), max_size=3))
    order = draw(st.permutations([*range(len(said)), *again]))
    cuts = draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order)))
    clocks = draw(st.tuples(st.sampled_from(CLOCKS), st.sampled_from(CLOCKS)))
    chunks = list[list[int]]()
    for place, cut in zip(order, cuts, strict=True):
        if cut or not chunks or said[chunks[-1][0]].courier != said[place].courier:
            chunks.append([])
        chunks[-1].append(place)
    longest = LONGEST_DELAY // len(chunks)
    delays = draw(st.lists(st.integers(0, longest), min_size=len(chunks), max_size=len(chunks)))
    arrivals = [
        Batch(said[places[0]].courier, tuple(places), delay) for places, delay in zip(chunks, delays, strict=True)
    ]
    return Day(said, clocks, tuple(arrivals))


@st.composite
def _scans(draw: st.DrawFn) -> Said:
    """Mostly at a few stops and of what is done there, so that facts meet; now and then of anything by anybody."""
    stop = draw(st.sampled_from((0, 0, 0, 1, 1, 2, 3, 3, 4, 4, 4, 5, 6, 6, 6, 6, 7)))
    likely = LIKELY[stop]
    action = draw(st.sampled_from((*likely, *likely, *likely, *CARRIED)))
    return Said(
        courier=COURIER_OF[stop] ^ draw(st.sampled_from((0,) * 11 + (1,))),
        stop=stop,
        action=action,
        at=draw(st.sampled_from((0, 10, 10, 20, 45, 60, 90, 240)) | st.integers(0, LONGEST_DAY)),
        ticked=draw(st.integers(0, len(TICKED[action]) - 1)),
        opened=draw(st.sampled_from((None, None, None, stop, stop, (stop + 1) % STOPS))),
        names_run=draw(st.sampled_from((True,) * 7 + (False,))),
        other=draw(st.sampled_from(OF_THE_OTHER.get(action, (True, False)))),
    )


CARRIED = tuple(action for action in Action if action is not Action.HAZARD)
"""What moves a tablet. A hazard moves nothing: it stops the tablet from the moment the hub hears of it."""
BRING = (Action.LOAD, Action.FAILED, Action.BACK_AT_HUB, Action.HAND_OVER)
FETCH = (Action.COLLECT, Action.FAILED, Action.BACK_AT_HUB, Action.HAND_IN, Action.DROP)
SWAP = (Action.LOAD, Action.FAILED, Action.BACK_AT_HUB, Action.SWAP, Action.SWAP)
LIKELY = (BRING, BRING, FETCH, BRING, FETCH, BRING, SWAP, SWAP)
OF_THE_OTHER = {Action.LOAD: (True,) * 7 + (False,), Action.SWAP: (False,) * 7 + (True,)}
"""Which label of a swap is scanned, mostly; for the rest it is either."""

"""One of everything, brought about by the same services that people use: for tests that look at the whole product."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from fleet.database.session import Database
from fleet.settings import Settings
from tests.fleet.everything.exchange import send_files, tell_others
from tests.fleet.everything.hub import Everything, begin
from tests.fleet.everything.leaving import recycle
from tests.fleet.everything.people import chase, erase, gather, hand_a_way_in, lend, plan
from tests.fleet.everything.runs import deliver
from tests.fleet.everything.tablets import at_the_desk, put_in_stock, put_on_the_bench, receive
from tests.people import FakeClock

__all__ = ["Everything", "furnished"]


@contextlib.contextmanager
def furnished(folder: Path, database: Database, settings: Settings, clock: FakeClock) -> Iterator[Everything]:
    """A hub with one of everything in it; its virtual tablets answer until the block ends."""
    with contextlib.ExitStack() as stack:
        everything = begin(stack, folder, database, settings, clock)
        receive(everything)
        put_on_the_bench(everything)
        put_in_stock(everything)
        recycle(everything)
        lend(everything)
        erase(everything)
        chase(everything)
        deliver(everything)
        gather(everything)
        plan(everything)
        at_the_desk(everything)
        hand_a_way_in(everything)
        tell_others(everything)
        send_files(everything)
        yield everything

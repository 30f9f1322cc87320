"""How long checking a tablet out takes: kept for a person, loaded and handed over, each with all its guards.

`python -m tests.bench.checkout`. One client on SQLite, one transaction for each act, among ten thousand loans and among
a million.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import quantiles

from pydantic import SecretStr

from fleet.database.session import open_database
from fleet.loans import service as loans
from fleet.loans.rules import HandedTo, LoanState
from fleet.settings import Settings
from fleet.users.rules import Role
from tests.bench.chase import fill
from tests.lending import Lending, lending_at
from tests.people import FakeClock

SIZES = (10_000, 1_000_000)
LENT = 100
"""Tablets checked out one after the other."""
TARGET_MS = 10.0
"""Half of the acts are quicker than this."""
FLAT = 1.5
"""With a hundred times as many loans an act may take so many times as long."""


def lending_among(folder: Path, others: int) -> Lending:
    """A hub with so many loans in its books."""
    url = f"sqlite:///{folder / f'{others}.sqlite3'}"
    database = open_database(url)
    fill(database, others, others // 100)
    secret = SecretStr("a secret that only this benchmark uses")
    return lending_at(database, 1, FakeClock(), Settings(data_dir=folder, database_url=url, secret_key=secret))


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1_000 * (time.perf_counter() - began)


def checked_out(lending: Lending) -> dict[str, list[float]]:
    """Milliseconds of each act, for every tablet."""
    programme = lending.programme("Sample tasters")
    took: dict[str, list[float]] = {"allocate": [], "load": [], "hand over": []}
    for _ in range(LENT):
        loan = lending.loan_at(LoanState.APPROVED, programme)
        tablet, sim = lending.tablet(), lending.sim()
        act = partial(lending.do, loans.allocate, loan.id, tablet_id=tablet.id, sim_id=sim.id)
        took["allocate"].append(timed(act))
        took["load"].append(timed(partial(lending.do, loans.load, loan.id, tablet_id=tablet.id, role=Role.COURIER)))
        given = partial(lending.do, loans.hand_over, loan.id, tablet_id=tablet.id, role=Role.COURIER)
        act = partial(given, handed_to=HandedTo.PARTICIPANT, agreement_accepted=True)
        took["hand over"].append(timed(act))
    lending.database.close()
    return took


def main() -> int:
    """Print the figures; 1 where an act takes too long, or many loans slow it down."""
    sys.stdout.write("checkout: a tablet kept for a person, loaded, handed over\n")
    middle: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="doorstep-checkout-") as folder:
        for size in SIZES:
            middle[size] = {}
            for act, took in checked_out(lending_among(Path(folder), size)).items():
                cut = quantiles(took, n=100)
                middle[size][act] = cut[49]
                sys.stdout.write(f"          {size:9,} loans  {act:9}  p50 {cut[49]:6.1f} ms   p99 {cut[98]:6.1f} ms\n")
                sys.stdout.flush()
    few, many = (middle[size] for size in SIZES)
    figures = [(f"{act}, half within", few[act], TARGET_MS, "ms") for act in few]
    figures += [(f"{act}, a hundred times the loans", many[act] / few[act], FLAT, "times") for act in few]
    for what, found, target, unit in figures:
        met = "met" if found <= target else "MISSED"
        sys.stdout.write(f"  {met:6}  {what}: {found:.2f} {unit} (at most {target:g})\n")
    return int(any(found > target for _, found, target, _ in figures))


if __name__ == "__main__":
    sys.exit(main())

"""Every fault at every step of a wipe and of a provision, and many random mixtures of faults and kills.

`python -m tests.bench.faults [EXAMPLES]`. Judged by the tablets' own disks; one false record is a miss.
"""

from __future__ import annotations

import contextlib
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from fleet.bench import service
from fleet.bench.rules import RunKind, RunState
from fleet.database.migrate import upgrade
from fleet.database.session import open_database
from fleet.partners.service import ensure_hub
from fleet.settings import Settings
from fleet.users.rules import Role
from provisioning.transports.keys import load_or_make_key
from provisioning.virtual.faults import Fault
from tests.fleet.bench.conftest import _MakeSocket
from tests.fleet.bench.test_provisioning import with_home_app
from tests.fleet.bench.test_troubles import STEPS, one_run
from tests.fleet.bench.troubles import AMOUNTS, Trouble, ordinary
from tests.fleet.bench.workbench import Workbench, keep_key
from tests.people import FakeClock, make_user
from tests.stock import tablet_at

EXAMPLES = 200
SEED = 20260601
WIPES = (("samsung-tab-a9-14", ""), ("samsung-tab-a9-14", "test_harness"), ("google-pixel-tablet-16", ""))


@contextlib.contextmanager
def a_workbench(folder: Path) -> Iterator[Workbench]:
    """A hub with a bench in a scratch database, and our launcher in its app library."""
    settings = Settings(
        data_dir=folder / "var",
        secret_key=SecretStr("a secret that only tests use, and only here"),
        hub_phone="020 7946 0000",
    )
    settings.data_dir.mkdir()
    database, clock = open_database(settings.database), FakeClock()
    upgrade(database.engine)
    with database.write() as session:
        hub_id = ensure_hub(session, settings=settings, now=clock()).id
    key = load_or_make_key(folder / "key")
    keep_key(key, settings)
    technician = make_user(database, clock, Role.TECHNICIAN)
    with database.write() as session:
        bench = service.add_bench(session, name="Bench 1", actor=technician, clock=clock)
    with contextlib.ExitStack() as stack:
        stack.callback(database.close)
        sockets = _MakeSocket(folder / "tablets", key, stack)

        def stock(stage: object, **facts: object) -> object:
            return tablet_at(database, hub_id, clock, stage, **facts)  # type: ignore[arg-type]  # as the fixture gives it

        made = Workbench(database, settings, clock, technician, bench, sockets, stock)  # type: ignore[arg-type]  # see above
        with_home_app(made)
        yield made


def every_pair(workbench: Workbench) -> tuple[Counter[str], list[str]]:
    """Each fault alone, from each step on."""
    ends, false = Counter[str](), list[str]()
    for kind, steps in STEPS.items():
        for at in steps:
            for fault in Fault:
                name = f"{kind.value}, {fault.value} at {at.value}"
                _tried(name, ends, false, partial(one_run, workbench, kind, (ordinary(fault, at),)))
    return ends, false


def mixtures(workbench: Workbench, examples: int) -> tuple[Counter[str], list[str]]:
    """Up to four faults, whenever and however often, and up to three kills of the worker."""
    chance, ends, false = random.Random(SEED), Counter[str](), list[str]()
    for number in range(examples):
        kind = chance.choice(list(RunKind))
        troubles = tuple(_random_trouble(chance, kind) for _ in range(chance.randint(1, 4)))
        kills = frozenset(chance.sample(range(2, 40), chance.randint(0, 3)))
        personality, route = chance.choice(WIPES) if kind is RunKind.WIPE else ("samsung-tab-a9-14", "")
        _tried(
            f"mixture {number}: {kind.value} {personality} {route} {troubles} {sorted(kills)}",
            ends,
            false,
            partial(one_run, workbench, kind, troubles, kills=kills, personality=personality, route=route),
        )
    return ends, false


def _random_trouble(chance: random.Random, kind: RunKind) -> Trouble:
    fault = chance.choice(list(Fault))
    amount = AMOUNTS.get(fault, 0) if fault is not Fault.DROP_AFTER else chance.choice((300, 900, 5_000, 60_000))
    return Trouble(fault, chance.choice(STEPS[kind]), amount, chance.choice((1, 2, -1)), chance.randint(1, 4))


def _tried(name: str, ends: Counter[str], false: list[str], act: Callable[[], RunState]) -> None:
    try:
        ends[act().value] += 1
    except AssertionError as error:
        false.append(f"{name}: {error}")


def main(arguments: list[str] | None = None) -> int:
    """1 where any record said more than a tablet's disk did, or a run did not end."""
    given = arguments if arguments is not None else sys.argv[1:]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="doorstep-faults-") as folder, a_workbench(Path(folder)) as workbench:
        pairs, false = every_pair(workbench)
        mixed, also_false = mixtures(workbench, int(given[0]) if given else EXAMPLES)
    false += also_false
    for what, ends in (("every fault at every step", pairs), ("random mixtures with kills", mixed)):
        told = ", ".join(f"{count} {state}" for state, count in sorted(ends.items()))
        sys.stdout.write(f"  {what}: {sum(ends.values())} runs, {told}\n")
    for name in false:
        sys.stdout.write(f"  FALSE  {name}\n")
    verdict, took = "met" if not false else "MISSED", time.perf_counter() - began
    sys.stdout.write(f"  {verdict}  {len(false)} runs ended falsely or not at all, {took:.0f} s\n")
    return int(bool(false))


if __name__ == "__main__":
    sys.exit(main())

"""A bench with its autopilot on: a worker that watches and works, hands at the tablets, and nobody at the screen."""

from __future__ import annotations

from dataclasses import dataclass, field

from fleet.bench import queries, service
from fleet.bench.models import Bench, Run, Slot
from fleet.bench.pages.slots import in_slot
from fleet.bench.service.autopilot import Wanted, nothing_asks
from fleet.bench.wall_words import SlotView, slot_view
from fleet.bench.work.watch import watch_handler
from fleet.jobs import queries as job_queries
from fleet.jobs import service as jobs
from fleet.jobs.rules import JobState
from tests.fleet.bench.workbench import LEASE, Place, Workbench


@dataclass
class Pilot:
    """`touches` are what the hands did at tablets, in order."""

    workbench: Workbench
    wanted: Wanted = nothing_asks
    touches: list[str] = field(default_factory=list)

    def switch_on(self, profile: str = "standard", *, label_printer_id: int | None = None) -> Bench:
        """The technician's one decision, before the first tablet."""
        with self.workbench.database.write() as session:
            return service.switch_on(
                session,
                self.workbench.bench.id,
                media_removed=True,
                profile=profile,
                label_sheet="" if label_printer_id else "L7160",
                label_printer_id=label_printer_id,
                actor=self.workbench.technician,
                settings=self.workbench.settings,
                now=self.workbench.clock(),
            )

    def switch_off(self) -> None:
        bench = self.workbench
        with bench.database.write() as session:
            service.switch_off(session, bench.bench.id, actor=bench.technician, now=bench.clock())

    def watch(self, holder: str = "worker one") -> JobState | None:
        """One turn of the job that watches the bench, as if its time had come for every slot."""
        bench = self.workbench
        bench.clock.advance(seconds=LEASE.total_seconds() + 1)
        with bench.database.read() as session:
            now = queries.bench(session, bench.bench.id)
            assert now is not None
            job = job_queries.job_by_key(session, f"{service.WATCH_JOB}:{now.id}:{now.autopilot_round}")
            assert job is not None
        return jobs.run_job(
            job.id,
            database=bench.database,
            clock=bench.clock,
            handlers={service.WATCH_JOB: watch_handler(bench.settings, opener=bench.open, wanted=self.wanted)},
            holder=holder,
            lease=LEASE,
            nudge=lambda _: None,
        )

    def work(self, place: Place, *, turns: int = 60) -> SlotView:
        """Watch, work and lend hands until the wall says ready, or nothing but a look at the screen would help."""
        for _ in range(turns):
            self.watch()
            run = self.unfinished(place)
            while run is not None:
                self.workbench.turn(run)
                self._lend_hands(place)
                run = self.unfinished(place)
            view = self.view(place)
            if view.word in ("Ready", "Hands", "Not in our books") and "Allow" not in view.first:
                return view
        raise AssertionError(f"slot {place.row.place} never came to an end: {self.view(place)}")

    def _lend_hands(self, place: Place) -> None:
        device = place.device
        before = (device.screen, device.debugging_on)
        self.workbench.lend_hands(place)
        if (device.screen, device.debugging_on) != before:
            self.touches.append(before[0].value)

    def unfinished(self, place: Place) -> Run | None:
        with self.workbench.database.read() as session:
            return queries.unfinished_run_in_slot(session, place.row.id)

    def slot(self, place: Place) -> Slot:
        with self.workbench.database.read() as session:
            return service.get_slot(session, place.row.id)

    def view(self, place: Place) -> SlotView:
        """What the wall says of a slot."""
        bench = self.workbench
        with bench.database.read() as session:
            slot = service.get_slot(session, place.row.id)
            row = service.get_bench(session, slot.bench_id)
            run = queries.latest_runs_in_slots(session, [slot.id]).get(slot.id)
            steps = queries.steps_of_runs(session, [run.id]) if run else {}
            seen = in_slot(session, slot, row, run, settings=bench.settings, now=bench.clock(), steps=steps)
            return slot_view(seen)

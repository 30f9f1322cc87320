"""Courier runs of the furnished hub, with stops in every state and what was told at them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from PIL import Image

from fleet.deliveries.facts import Details
from fleet.deliveries.photos import keep_photo
from fleet.deliveries.rules import Action
from tests.delivering import DONE_AT_THE_DOOR, NOBODY_IN
from tests.fleet.everything.hub import Everything

SIGNED = replace(DONE_AT_THE_DOOR, signature="M20 80L60 40L90 100M100 90L140 60")


def _photo() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 90)).save(out, "JPEG")
    return out


def deliver(everything: Everything) -> None:
    """A courier's run of today: a stop done, one with nobody in, one to come, a swap; a run of tomorrow on offer."""
    delivering = everything.delivering
    run = delivering.run()
    done, nobody_in, to_come = (delivering.delivery(run) for _ in range(3))
    fetched, swap = delivering.collection(run), delivering.swap(run)
    for job in (done, nobody_in, to_come):
        delivering.tell_one(delivering.fact(Action.LOAD, job))
    delivering.tell_one(delivering.fact(Action.LOAD, swap, code=delivering.other_code(swap)))
    handed_over = delivering.fact(Action.HAND_OVER, done, minutes=1, details=SIGNED)
    delivering.tell_one(handed_over)
    keep_photo(_photo(), everything.settings.data_dir, handed_over.id)
    everything.note("fact_id", handed_over.id)
    everything.numbers["/courier-runs/of-loan/{loan_id}"] = [str(done.loan_id)]
    delivering.tell_one(delivering.fact(Action.FAILED, nobody_in, minutes=2, details=NOBODY_IN))
    delivering.tell_one(delivering.fact(Action.COLLECT, fetched, minutes=3, details=Details(condition="good")))
    offered = delivering.run(accepted=False, days_ahead=1)
    for each in (run, offered):
        everything.numbers.setdefault("courier_run", []).append(str(each.id))
    for job in (done, nobody_in, to_come, fetched, swap):
        everything.note("job_id", job.id)
    delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, done, minutes=4))
    everything.note("scan_number", delivering.scans()[-1].id)

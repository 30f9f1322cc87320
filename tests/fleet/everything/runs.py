"""Courier runs of the furnished hub, with stops in every state and what was told at them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from io import BytesIO

from PIL import Image

from fleet.deliveries import service
from fleet.deliveries.facts import Details
from fleet.deliveries.models import CourierRun
from fleet.deliveries.photos import keep_photo
from fleet.deliveries.rules import Action
from fleet.deliveries.service import Window
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.delivering import DONE_AT_THE_DOOR, NOBODY_IN
from tests.fleet.everything.hub import Everything
from tests.two_hubs import firth_hub

SIGNED = replace(DONE_AT_THE_DOOR, signature="M20 80L60 40L90 100M100 90L140 60")


def _photo() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 90)).save(out, "JPEG")
    return out


def _bring_home(everything: Everything, run: CourierRun) -> None:
    """Two tablets that were handed in at another hub: one is on the run, the other waits for one."""
    delivering = everything.delivering
    lending = delivering.lending
    beyond = firth_hub(lending).id
    lent = [lending.tablet_id(lending.loan_at(LoanState.ACTIVE).id) for _ in range(2)]
    for tablet_id in lent:
        lending.do(loans.scan_in, tablet_id=tablet_id, at=beyond, role=Role.TECHNICIAN)
        delivering.code(tablet_id)
    (stop,) = delivering.do(service.bring_home, run.id, tablet_ids=lent[:1], window=Window(time(14), time(16)))
    everything.note("job_id", stop.id)


def deliver(everything: Everything) -> None:
    """A courier's run of today: a stop done, one with nobody in, one to come, a swap, a way
    home from another hub; a run of tomorrow on offer."""
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
    _bring_home(everything, run)
    delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, done, minutes=4))
    everything.note("scan_number", delivering.scans()[-1].id)

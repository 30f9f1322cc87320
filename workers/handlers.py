"""Which room's service does which kind of job."""

from __future__ import annotations

from collections.abc import Mapping

from fleet.bench.service import RUN_JOB, WATCH_JOB
from fleet.bench.service.autopilot import WAKE_JOB
from fleet.bench.service.errands import LEARN_JOB, LOOK_JOB
from fleet.bench.work.errands import learn_handler, look_handler
from fleet.bench.work.handler import run_handler
from fleet.bench.work.watch import wake, watch_handler
from fleet.bundles.service import USAGE_JOB, usage_handler
from fleet.chasing.service import TICK_JOB, is_copy, tick_handler
from fleet.deliveries.service.proofs import PROOFS_JOB, proofs_handler
from fleet.deliveries.service.runs.over import visits_over_handler
from fleet.jobs.service import Handler
from fleet.loans.service import VISITS_JOB, made_for
from fleet.loans.service.lending.reservations import RESERVATIONS_JOB, reservations_handler
from fleet.loans.service.requests.wanted import wanted_profile
from fleet.privacy.service import ERASE_JOB, erase_handler
from fleet.repeats.work import FORGET_JOB, forget_handler
from fleet.settings import Settings
from fleet.sheets.service import COMING_JOB
from fleet.sheets.service import FORGET_JOB as FORGET_FILE_JOB
from fleet.sheets.work import coming_handler
from fleet.sheets.work import forget_handler as forget_file_handler
from fleet.tablets.service.forgetting import PLACES_JOB, places_handler
from fleet.tags.print_jobs import PRINT_JOB
from fleet.tags.printers import ASK_JOB
from fleet.tags.work import ask_handler, print_handler
from fleet.webhooks.service import DELIVER_JOB, SWEEP_JOB
from fleet.webhooks.work import deliver_handler, sweep_handler


def handlers(settings: Settings) -> Mapping[str, Handler]:
    """Kind of job -> the function that does it."""
    return {
        RUN_JOB: run_handler(settings, asks=made_for),
        WATCH_JOB: watch_handler(settings, wanted=wanted_profile),
        WAKE_JOB: wake,
        LOOK_JOB: look_handler(settings),
        LEARN_JOB: learn_handler(settings),
        USAGE_JOB: usage_handler(settings),
        TICK_JOB: tick_handler(settings),
        RESERVATIONS_JOB: reservations_handler(settings),
        ERASE_JOB: erase_handler(settings),
        PROOFS_JOB: proofs_handler(settings),
        PLACES_JOB: places_handler(settings),
        VISITS_JOB: visits_over_handler(settings),
        PRINT_JOB: print_handler(settings),
        ASK_JOB: ask_handler(),
        FORGET_JOB: forget_handler(),
        DELIVER_JOB: deliver_handler(settings, is_copy=is_copy),
        SWEEP_JOB: sweep_handler(),
        COMING_JOB: coming_handler(settings),
        FORGET_FILE_JOB: forget_file_handler(),
    }

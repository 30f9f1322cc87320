"""The job `bench.run`: takes a run in hand, carries it on from the state its row is in, and puts it down again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from fleet.bench.link import OpenTablet, open_tablet
from fleet.bench.rules import RunKind, RunState
from fleet.bench.service.made_for import Asks, nobody_asks
from fleet.bench.work import provision, wipe
from fleet.bench.work.record import Record, Resting, RunOver, Stopped, take
from fleet.bench.work.tablet_link import TabletLink
from fleet.errors import MoveRefused
from fleet.jobs.rules import reason_for
from fleet.jobs.service import Handler, JobContext, TryAgain
from fleet.logs import get_logger
from fleet.settings import Settings
from provisioning.errors import (
    CommandTimedOut,
    FactUnreadable,
    KeyUnusable,
    LinkLost,
    NotAuthorised,
    PlanError,
    ServiceRefused,
    TransportError,
    WipeError,
)

log = get_logger(__name__)

Act = Callable[[Record, TabletLink], None]

_ACTS: Mapping[RunKind, Mapping[RunState, Act]] = {RunKind.WIPE: wipe.ACTS, RunKind.PROVISION: provision.ACTS}
_MOST_FAULTS = 5
_AFTER_A_FAULT = timedelta(seconds=5)
_SILENT = "The tablet does not answer"
_CHECK = (
    "Check that it is plugged in and switched on.",
    "Check that USB debugging is on: Settings → Developer options.",
)


def run_handler(settings: Settings, *, opener: OpenTablet = open_tablet, asks: Asks = nobody_asks) -> Handler:
    """What does `bench.run` jobs. `opener` is how tablets are reached, `asks` says what each is to be made for."""

    def handle(context: JobContext) -> None:
        """Carry a wipe or a provision run on from where its row stands."""
        try:
            record = take(context, settings, asks)
            if record is not None:
                _with_link(record, opener)
        except RunOver:
            return
        except TryAgain:
            raise
        except Exception as error:
            # A job that is given up would leave its run with nobody responsible for it, so it never is.
            log.exception("bench_run_interrupted", job=context.job_id, error=type(error).__name__)
            raise TryAgain(_AFTER_A_FAULT, reason_for(error)) from error

    return handle


def _with_link(record: Record, opener: OpenTablet) -> None:
    link = TabletLink(record, opener)
    try:
        _carry_on(record, link)
    finally:
        link.close()


def _carry_on(record: Record, link: TabletLink) -> None:
    try:
        while True:
            run = record.check()
            _ACTS[run.kind][run.state](record, link)
    except Stopped:
        record.stop()
    except Resting:
        record.rest()
    except (RunOver, TryAgain):
        raise
    except MoveRefused as refused:
        raise record.wait(" ".join(refused.reasons) or refused.message, hands="It may not go on yet") from refused
    except NotAuthorised as error:
        raise record.wait(
            "Waiting to be let in", hands="Tick Always allow, then tap Allow", guide=(str(error),)
        ) from error
    except (PlanError, WipeError, KeyUnusable) as error:
        record.fail(str(error), "Settle that, then try again from here.")
    except (LinkLost, CommandTimedOut, ServiceRefused) as error:
        raise record.wait(f"{_SILENT}; what it did last is not known", guide=(str(error),)) from error
    except (TransportError, FactUnreadable) as error:
        raise record.wait(_SILENT, hands="Look at its cable and its screen", guide=(str(error), *_CHECK)) from error
    except Exception as error:
        raise _our_own_fault(record, error) from error


def _our_own_fault(record: Record, error: Exception) -> Exception:
    """Try again a few times, then set the run aside: a run must never be left with nobody responsible for it."""
    log.error("bench_run_fault", run=record.run_id, error=type(error).__name__, exc_info=error)
    if record.count_fault() < _MOST_FAULTS:
        return record.wait(f"Something went wrong on our side ({type(error).__name__}); trying again")
    record.fail(
        f"Something went wrong on our side, {_MOST_FAULTS} times ({type(error).__name__}). Nothing was counted as done "
        "that was not read back.",
        "Tell whoever looks after this installation; its log says more. Then try again from here.",
    )
    return RunOver()

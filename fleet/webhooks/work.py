"""The jobs `webhooks.deliver` and `webhooks.sweep`. No transaction is open while a receiver is spoken to."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from fleet.jobs.service import Handler, JobContext
from fleet.settings import Settings
from fleet.webhooks import service
from fleet.webhooks.posting import Patience, post
from fleet.webhooks.rules import MOST_AT_A_TIME

IsCopy = Callable[[Session, Settings], bool]


def deliver_handler(settings: Settings, *, is_copy: IsCopy, patience: Patience = Patience()) -> Handler:  # noqa: B008 - a frozen value
    """What does `webhooks.deliver` jobs. `is_copy` tells a restored copy of the database, from which nothing leaves."""

    def handle(context: JobContext) -> None:
        """Send one webhook what is due to it, message by message, until nothing is or the receiver is in trouble."""
        webhook_id, job_id = int(context.args["webhook"]), context.job_id
        with context.database.read() as session:
            if is_copy(session, settings):
                return  # what waits is asked for again by the sweep, once somebody said that this database counts
        for _ in range(MOST_AT_A_TIME):
            with context.write() as session:
                parcel = service.next_parcel(session, webhook_id, job_id=job_id, settings=settings, now=context.clock())
            if parcel is None:
                return
            outcome = post(parcel.url, parcel.headers, parcel.body, demo=settings.demo, patience=patience)
            with context.write() as session:
                goes_on = service.told(session, parcel.delivery_id, outcome, now=context.clock())
                if not goes_on:
                    service.end(session, webhook_id, job_id=job_id, now=context.clock())
                    return
        with context.write() as session:
            service.end(session, webhook_id, job_id=job_id, now=context.clock(), why=f"after job {job_id}")

    return handle


def sweep_handler() -> Handler:
    """What does `webhooks.sweep` jobs."""

    def handle(context: JobContext) -> None:
        """Give up messages that waited for over a day, and forget those of a month ago."""
        with context.write() as session:
            service.sweep(session, now=context.clock())

    return handle

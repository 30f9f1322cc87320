"""What was signed and photographed at doors is given up once nobody can need it as a proof any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from fleet.deliveries import queries
from fleet.deliveries.photos import forget_photos, photo_path
from fleet.jobs.service import Handler, JobContext
from fleet.logs import get_logger
from fleet.settings import Settings

PROOFS_JOB = "deliveries.proofs"
_AT_ONCE = 200

log = get_logger(__name__)


def proofs_handler(settings: Settings) -> Handler:
    """What does `deliveries.proofs` jobs."""

    def forget(context: JobContext) -> None:
        """Deletes signatures and photos older than the days the settings name. That it was accepted stays on record."""
        before = context.clock() - timedelta(days=settings.proof_days)
        photos = forget_photos(settings.data_dir, before=before)
        signatures = 0
        while some := _forget_signatures(context, before):
            signatures += some
        if photos or signatures:
            log.info("proofs_forgotten", photos=photos, signatures=signatures)

    return forget


def photo_of(settings: Settings, fact_id: str) -> Path:
    """Where the photo of a fact is, if there is one."""
    return photo_path(settings.data_dir, fact_id)


def _forget_signatures(context: JobContext, before: datetime) -> int:
    with context.write() as session:
        signed = queries.signed_before(session, before, limit=_AT_ONCE)
        for scan in signed:
            kept = {name: value for name, value in scan.details.items() if name != "signature"}
            scan.details = {**kept, "agreement_accepted": True}
        return len(signed)

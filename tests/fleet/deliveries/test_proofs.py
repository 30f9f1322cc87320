"""Signatures and photos go after their days; that the agreement was accepted stays on record."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from fleet.database.session import Database
from fleet.deliveries.facts import Details, details_of
from fleet.deliveries.photos import FOLDER
from fleet.deliveries.rules import Action
from fleet.deliveries.service.proofs import proofs_handler
from fleet.jobs.service import JobContext
from fleet.loans.rules import HandedTo
from fleet.settings import Settings
from tests.delivering import Delivering
from tests.people import FakeClock

SIGNED = Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, signature="M20 80L60 40")


def forget(database: Database, settings: Settings, clock: FakeClock) -> None:
    proofs_handler(settings)(JobContext(database, clock, 1, {}, "worker", lambda _: None, threading.Event()))


def photo_of_today(settings: Settings, clock: FakeClock) -> Path:
    photo = settings.data_dir / FOLDER / "00000000-0000-0000-0000-000000000001.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a photo")
    os.utime(photo, (clock().timestamp(),) * 2)
    return photo


def test_what_was_signed_and_photographed_goes_after_its_days_and_the_fact_stays(
    delivering: Delivering, database: Database, settings: Settings, clock: FakeClock
) -> None:
    photo = photo_of_today(settings, clock)
    job = delivering.delivery(delivering.run())
    delivering.tell_one(delivering.fact(Action.HAND_OVER, job, details=SIGNED))

    clock.advance(days=settings.proof_days - 1)
    forget(database, settings, clock)
    assert details_of(delivering.scans()[-1].details).signature == SIGNED.signature
    assert photo.exists()

    clock.advance(days=2)
    forget(database, settings, clock)
    details = details_of(delivering.scans()[-1].details)
    assert (details.signature, details.agreed, details.handed_to) == ("", True, HandedTo.PARTICIPANT)
    assert not photo.exists()
    assert delivering.loan_of(job).agreement_accepted_at is not None

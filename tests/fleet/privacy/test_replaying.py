"""A backup that comes back brings nobody back (rule R31): it is erased again before anything else runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from fleet.chasing import service as chasing
from fleet.deliveries.facts import Details
from fleet.deliveries.photos import photo_path
from fleet.deliveries.rules import Action
from fleet.loans import service as loans
from fleet.loans.rules import HandedTo, LoanState
from fleet.people import service as people
from fleet.privacy import service
from fleet.privacy.journal import lines
from fleet.privacy.rules import WhyErase
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.privacy.conftest import Erase
from tests.fleet.privacy.test_erasing import run_job
from tests.lending import Lending
from tests.people import FakeClock

Backup = Callable[[], Callable[[], None]]
SIGNED = "M10 10L60 80L90 20"


@pytest.fixture
def backup(tmp_path: Path, lending: Lending) -> Backup:
    """`restore = backup()`: a copy of the database now, and what puts it in the place of the one there is then."""
    live = Path(str(lending.database.engine.url.database))

    def take() -> Callable[[], None]:
        kept = tmp_path / "backup.sqlite3"
        engine = create_engine(f"sqlite:///{live}")
        with engine.connect() as connection:
            connection.execute(text("VACUUM INTO :kept"), {"kept": str(kept)})
        engine.dispose()

        def restore() -> None:
            lending.database.engine.dispose()
            for part in live.parent.glob(f"{live.name}*"):
                part.unlink()
            shutil.copy(kept, live)

        return restore

    return take


def replay(lending: Lending) -> int:
    return service.replay(lending.database, lending.settings, lending.clock)


@ON_SQLITE
def test_whoever_was_erased_since_the_backup_is_erased_again(lending: Lending, erase: Erase, backup: Backup) -> None:
    person, other = lending.person(), lending.person(first_name="Other")
    restore = backup()
    erase(person.id)
    erased_at = lending.clock()
    restore()
    assert lending.read(people.get_person, person.id).first_name == "Sample"
    lending.clock.advance(days=3)
    assert replay(lending) == 1
    assert lending.read(people.get_person, person.id).first_name == "Erased"
    assert lending.read(people.get_person, person.id).erased_at == erased_at
    assert lending.read(service.standing, person.id).erasure is not None
    assert lending.read(people.get_person, other.id).first_name == "Other"
    assert replay(lending) == 0


@ON_SQLITE
def test_an_erasure_outlives_the_whole_data_folder_too(lending: Lending, erase: Erase, backup: Backup) -> None:
    """What backs up the data folder takes the journal with it; its copy lies where that does not reach."""
    person, restore = lending.person(), backup()
    erase(person.id)
    restore()
    lending.settings.erasure_journal.unlink()
    assert replay(lending) == 1
    assert lending.read(people.get_person, person.id).first_name == "Erased"


@ON_SQLITE
def test_where_the_copy_of_the_journal_cannot_be_written_erasing_goes_on(lending: Lending, erase: Erase) -> None:
    lending.settings.witness.write_text("a file stands in its place")
    person = lending.person()
    erase(person.id)
    assert lending.read(people.get_person, person.id).first_name == "Erased"
    assert [line.person_id for line in lines(lending.settings.erasure_journal)] == [person.id]


@ON_SQLITE
def test_a_backup_that_came_back_beneath_a_running_worker_brings_nobody_back_for_long(
    lending: Lending, erase: Erase, backup: Backup
) -> None:
    person, restore = lending.person(), backup()
    erase(person.id)
    restore()
    run_job(lending)
    assert lending.read(people.get_person, person.id).first_name == "Erased"


@ON_SQLITE
def test_a_number_given_to_somebody_else_since_is_not_theirs(lending: Lending, erase: Erase, backup: Backup) -> None:
    restore = backup()
    erased = lending.person()
    erase(erased.id)
    restore()
    lending.clock.advance(seconds=1)
    newcomer = lending.person(first_name="Newcomer")
    assert newcomer.id == erased.id
    assert replay(lending) == 0
    assert lending.read(people.get_person, newcomer.id).first_name == "Newcomer"


@ON_SQLITE
def test_a_loan_that_the_backup_holds_open_is_not_waited_for_and_never_chased(
    lending: Lending, erase: Erase, backup: Backup, clock: FakeClock
) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    restore = backup()
    for step in (LoanState.RETURN_ARRANGED, LoanState.COLLECTED, LoanState.CLOSED_RETURNED):
        lending.step(loan.id, step)
    erase(loan.person_id)
    restore()
    assert replay(lending) == 1
    back = lending.read(loans.get_loan, loan.id)
    assert (back.state, back.stopped_at) == (LoanState.ACTIVE, clock())
    clock.advance(days=60)
    channel = chasing.outbox(lending.settings)
    ticked = chasing.tick(lending.database, clock=clock, settings=lending.settings, channel=channel)
    assert (ticked.sent, ticked.tasks) == (0, 0)


@ON_SQLITE
def test_an_erasure_cut_off_before_it_was_committed_is_done_at_the_next_start(lending: Lending) -> None:
    person = lending.person()
    with pytest.raises(PowerWent):
        erase_and_fail(lending, person.id)
    assert lending.read(people.get_person, person.id).first_name == "Sample"
    assert replay(lending) == 1
    assert lending.read(people.get_person, person.id).first_name == "Erased"


class PowerWent(Exception):
    """In the middle of a commit."""


def power_goes(_session: object) -> None:
    raise PowerWent


def erase_and_fail(lending: Lending, person_id: int) -> None:
    actor, told = lending.actor(Role.DATA_PROTECTION), lending.happening()
    with lending.database.write() as session:
        service.ask_to_erase(session, person_id, WhyErase.ASKED, actor=actor, settings=lending.settings, happening=told)
        event.listen(session, "before_commit", power_goes)


@ON_SQLITE
def test_a_signature_and_a_photo_go_and_go_again_when_their_files_come_back(lending: Lending, erase: Erase) -> None:
    delivering = Delivering(lending)
    job = delivering.delivery(delivering.run())
    signed = Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, signature=SIGNED)
    facts = [delivering.fact(Action.LOAD, job), delivering.fact(Action.HAND_OVER, job, minutes=5, details=signed)]
    lending.clock.advance(minutes=10)
    delivering.tell(*facts)
    photo = photo_path(lending.settings.data_dir, facts[1].id)
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a tablet on a doorstep")
    loan = lending.read(loans.get_loan, job.loan_id)
    copy = lending.read(service.everything_about, loan.person_id, settings=lending.settings, now=lending.clock())
    assert photo.name in copy.photos
    assert SIGNED in str(copy.as_json()["sections"]["scan"])
    for step in (LoanState.RETURN_ARRANGED, LoanState.COLLECTED, LoanState.CLOSED_RETURNED):
        lending.step(loan.id, step)
    erase(loan.person_id)
    assert not photo.exists()
    photo.write_bytes(b"a tablet on a doorstep")
    replay(lending)
    assert not photo.exists()
    left = lending.read(service.everything_about, loan.person_id, settings=lending.settings, now=lending.clock())
    assert SIGNED not in str(left.as_json())

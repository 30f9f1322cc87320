"""`doorstep people` on a real installation: a copy of everything, erasing, and what a backup cannot bring back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fleet.clock import utc_now
from fleet.database.session import open_database
from fleet.happening import Happening
from fleet.partners.models import Organisation, OrganisationKind
from fleet.people import queries, service
from fleet.people.models import Person
from fleet.privacy.journal import JournalUnreadable
from fleet.settings import Settings
from fleet.users.actor import SYSTEM
from tests.fleet.cli.conftest import Installation
from workers.app import run_worker
from workers.rooms import work_of_rooms


@pytest.fixture
def person_id(installed: Installation) -> int:
    database = open_database(f"sqlite:///{file_of(installed)}")
    with database.write() as session:
        hub = Organisation(kind=OrganisationKind.HUB, name="Test hub", covers=[], created_at=utc_now())
        session.add(hub)
        session.flush()
        details = service.Details("Sample", "One", phone="07700 900001", consents=True)
        happening = Happening(now=utc_now(), source="test")
        number = service.add_person(session, details, hub_id=hub.id, actor=SYSTEM, happening=happening).person.id
    database.close()
    return number


def file_of(installation: Installation) -> Path:
    return installation.folder / "var" / "doorstep.sqlite3"


def person(installation: Installation, number: int) -> Person:
    database = open_database(f"sqlite:///{file_of(installation)}")
    with database.read() as session:
        found = queries.person(session, number)
    database.close()
    assert found is not None
    return found


def test_everything_goes_into_one_file_that_nobody_else_may_read(installed: Installation, person_id: int) -> None:
    to = installed.folder / "everything.json"
    to.touch(0o644)
    said = installed("people", "export", str(person_id), "--to", str(to))
    assert (said.code, said.out, "Delete the file" in said.words) == (0, "", True)
    assert to.stat().st_mode & 0o077 == 0
    told = json.loads(to.read_text())
    assert told["sections"]["person"]["rows"][0]["last_name"] == "One"
    again = installed("people", "export", str(person_id)).json
    kinds = [row["kind"] for row in again["sections"]["person_event"]["rows"]]
    assert kinds == ["recorded", "copied", "copied"]


def test_erasing_asks_first(installed: Installation, person_id: int) -> None:
    assert installed("people", "erase", str(person_id), "--why", "asked", stdin="n\n").code == 1
    assert person(installed, person_id).first_name == "Sample"
    assert installed("people", "erase", str(person_id), "--why", "asked", "--yes").code == 0
    assert person(installed, person_id).first_name == "Erased"
    (listed,) = installed("people", "erasures", "--json").json
    assert (listed["person"], listed["why"], bool(listed["done_at"])) == (person_id, "asked", True)
    assert str(person_id) in installed("people", "erasures").out


def test_somebody_who_is_not_there_is_said_to_be_not_there(installed: Installation) -> None:
    for words in (("export", "77"), ("erase", "77", "--why", "asked", "--yes")):
        said = installed("people", *words)
        assert (said.code, "no such person" in said.words) == (1, True)


def test_the_first_command_after_a_backup_came_back_erases_again(installed: Installation, person_id: int) -> None:
    kept = installed.folder / "kept.sqlite3"
    shutil.copy(file_of(installed), kept)
    installed("people", "erase", str(person_id), "--why", "asked", "--yes")
    shutil.copy(kept, file_of(installed))
    assert person(installed, person_id).first_name == "Sample"
    assert installed("user", "list").code == 0
    assert person(installed, person_id).first_name == "Erased"


def test_a_server_and_a_worker_start_only_once_the_journal_was_read(installed: Installation, person_id: int) -> None:
    journal = installed.folder / "elsewhere" / "erasures.jsonl"
    installed.settings["DOORSTEP_ERASURE_JOURNAL_FILE"] = str(journal)
    installed("people", "erase", str(person_id), "--why", "asked", "--yes")
    assert len(journal.read_text().splitlines()) == 1
    journal.write_text("spoilt\n")
    said = installed("serve")
    assert (said.code, "Line 1" in said.words, "Nothing was started" in said.words) == (1, True, True)
    settings = Settings(data_dir=installed.folder / "var", erasure_journal_file=journal)
    with pytest.raises(JournalUnreadable, match="Line 1"):
        run_worker(settings, work_of_rooms)

"""`doorstep db` for real: up, status, down, and a database that cannot be reached."""

from __future__ import annotations

from tests.fleet.cli.conftest import Installation


def test_a_fresh_database_is_made_and_then_up_to_date(doorstep: Installation) -> None:
    before = doorstep("db", "status", "--json")
    assert (before.code, before.json["up_to_date"], before.json["revision"]) == (1, False, None)
    assert doorstep("db", "upgrade").code == 0
    after = doorstep("db", "status", "--json")
    assert (after.code, after.json["up_to_date"]) == (0, True)
    assert after.json["revision"] == after.json["needed"]
    assert (doorstep.folder / "var" / "doorstep.sqlite3").exists()


def test_a_second_upgrade_changes_nothing(installed: Installation) -> None:
    said = installed("db", "upgrade")
    assert (said.code, "up to date" in said.out) == (0, True)


def test_going_back_asks_first_and_then_loses_the_tables(installed: Installation) -> None:
    assert installed("db", "downgrade", "base", stdin="n\n").code == 1
    assert installed("db", "status").code == 0
    said = installed("db", "downgrade", "base", "--yes")
    assert (said.code, "nothing" in said.out) == (0, True)
    assert installed("db", "status").code == 1


def test_a_revision_that_there_never_was_is_refused_in_words(installed: Installation) -> None:
    said = installed("db", "downgrade", "nonsense", "--yes")
    assert said.code == 1
    assert "nonsense" in said.words
    assert installed("db", "status").code == 0


def test_a_database_server_that_is_away_is_said_to_be_away(doorstep: Installation) -> None:
    doorstep.settings["DOORSTEP_DATABASE_URL"] = "postgresql+psycopg://nobody@127.0.0.1:1/doorstep"
    for words in (("db", "status"), ("db", "upgrade"), ("user", "list"), ("serve",)):
        said = doorstep(*words)
        assert (said.code, "does not answer" in said.words) == (3, True), words


def test_an_older_database_is_refused_until_it_is_upgraded(doorstep: Installation) -> None:
    said = doorstep("user", "list")
    assert (said.code, "doorstep db upgrade" in said.words) == (1, True)


def test_a_setting_that_cannot_be_is_named(doorstep: Installation) -> None:
    doorstep.settings["DOORSTEP_LISTEN_PORT"] = "eight"
    said = doorstep("db", "status")
    assert said.code == 1
    assert "DOORSTEP_LISTEN_PORT" in said.words
    assert "Traceback" not in said.words

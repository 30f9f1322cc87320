"""`doorstep sims` for real: files of usage in the folder, and PINs sealed anew under another secret key."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import SecretStr

from fleet.bundles import service
from fleet.bundles.rules import SecretKind
from fleet.database.session import open_database
from fleet.happening import Happening
from fleet.partners.service import get_hub
from fleet.settings import Settings
from fleet.users.actor import SYSTEM
from tests.fleet.cli.conftest import SECRET, Installation

NEW = "another secret that only tests use, and only here"
NOW = Happening(datetime(2026, 6, 1, 9, 0, tzinfo=UTC))


def settings_of(installed: Installation, secret: str) -> Settings:
    return Settings(data_dir=installed.folder / "var", secret_key=SecretStr(secret))


def test_files_are_refused_with_their_reasons(installed: Installation) -> None:
    assert installed("sims", "read-usage").out.strip() == "0 readings from 0 files; 0 files refused."
    folder = installed.folder / "var" / "usage"
    folder.mkdir(parents=True)
    (folder / "june.csv").write_text("iccid,read_on,used_gb\n8944100000000000000,2026-06-01,1\n")
    said = installed("sims", "read-usage", "--json")
    assert (said.code, said.json) == (1, {"recorded": 0, "readings": 0, "refused": 1})
    assert "No SIM of ours" in (folder / "refused" / "june.csv.why.txt").read_text()


def test_pins_are_sealed_anew_once_the_key_before_is_given(with_admin: Installation) -> None:
    old, new = settings_of(with_admin, SECRET), settings_of(with_admin, NEW)
    database = open_database(old.database)
    with database.write() as session:
        hub_id = get_hub(session).id
        sim = service.add_sim(
            session, hub_id=hub_id, iccid="8944100000000000000", network="Sample", actor=SYSTEM, happening=NOW
        )
        given = {SecretKind.PIN: "4071"}
        service.keep_secrets(session, sim.id, given, actor=SYSTEM, settings=old, happening=NOW)
    assert "not given" in with_admin("sims", "rekey").words
    with_admin.settings |= {"DOORSTEP_SECRET_KEY": NEW, "DOORSTEP_OLD_SECRET_KEY": SECRET}
    assert with_admin("sims", "rekey").out.startswith("1 sealed anew.")
    assert with_admin("sims", "rekey").out.startswith("0 sealed anew.")
    with database.write() as session:
        shown = service.show_secrets(session, sim.id, actor=SYSTEM, settings=new, happening=NOW)
    database.close()
    assert shown == {SecretKind.PIN: "4071"}

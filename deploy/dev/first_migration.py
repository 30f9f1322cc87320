"""Writes the first migration again from the models. Before the first release only; later changes add their own."""

from __future__ import annotations

import fcntl
import tempfile
from pathlib import Path

from fleet.database.engine import make_engine
from fleet.database.migrate import SCRIPTS, new_revision
from fleet.schema import metadata

VERSIONS = SCRIPTS / "versions"


def main() -> None:
    """Replace what is in versions/ by one migration that makes every table."""
    VERSIONS.mkdir(exist_ok=True)
    with (Path(tempfile.gettempdir()) / "doorstep-first-migration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for old in VERSIONS.glob("*.py"):
            old.unlink()
        with tempfile.TemporaryDirectory() as folder:
            new_revision(make_engine(f"sqlite:///{folder}/empty.sqlite3"), metadata, "first tables")


if __name__ == "__main__":
    main()

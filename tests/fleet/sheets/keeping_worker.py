"""A worker of its own process that is killed in the middle of keeping a file, as a power cut would: no clean-up runs.

Called with a database's address, a secret key, the number of a job, the moment it is, and the row at which it dies.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime, timedelta

from pydantic import SecretStr

from fleet.database.session import open_database
from fleet.jobs.service import run_job
from fleet.settings import Settings
from fleet.sheets import work
from fleet.sheets.beside import BesideTheFile
from fleet.sheets.rules.coming import Progress
from fleet.sheets.service import COMING_JOB


def main(url: str, key: str, job_id: str, now: str, dies_at: str) -> None:
    told = BesideTheFile.tell

    def tell_and_die(self: BesideTheFile, progress: Progress) -> None:
        told(self, progress)
        if progress.doing == "Keeping" and progress.done == int(dies_at):
            os.kill(os.getpid(), signal.SIGKILL)

    BesideTheFile.tell = tell_and_die  # type: ignore[method-assign]  # it dies where it would have told how far it is
    settings = Settings(database_url=url, secret_key=SecretStr(key))
    run_job(
        int(job_id),
        database=open_database(url),
        clock=lambda: datetime.fromisoformat(now),
        handlers={COMING_JOB: work.coming_handler(settings, every=0)},
        holder="the one that dies",
        lease=timedelta(seconds=60),
        nudge=lambda _job: None,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

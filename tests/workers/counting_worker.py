"""A real worker process whose one kind of job writes a line, takes its time and writes another."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from fleet.jobs.service import JobContext
from fleet.settings import Settings
from workers.app import run_worker
from workers.given import Given


def count(context: JobContext) -> None:
    diary = Path(str(context.args["diary"]))
    with diary.open("a") as out:
        out.write(f"begun {context.job_id}\n")
    time.sleep(float(context.args["seconds"]))
    with diary.open("a") as out:
        out.write(f"done {context.job_id}\n")


if __name__ == "__main__":
    sys.exit(run_worker(Settings(), lambda _: Given({"test.count": count})))

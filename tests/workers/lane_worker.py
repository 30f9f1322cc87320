"""A real worker process for one lane, whose one kind of job writes a line in a diary."""

from __future__ import annotations

import sys
from pathlib import Path

from fleet.jobs.service import JobContext
from fleet.settings import Settings
from workers.app import run_worker
from workers.given import Given


def note(context: JobContext) -> None:
    with Path(str(context.args["diary"])).open("a") as out:
        out.write(f"{context.args['name']} by {sys.argv[1] or 'anybody'}\n")


if __name__ == "__main__":
    sys.exit(run_worker(Settings(), lambda _: Given({"test.note": note}), lane=sys.argv[1]))

"""Has the app files of a run on the computer that its bench is plugged into, before a byte is sent to the tablet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from fleet.bench.fetching import Hub, HubRefuses, HubUnreachable, fetch, missing
from fleet.bench.service.app_choice import chosen_before
from fleet.bench.work.record import Record, Stopped


def apps_of(record: Record) -> Mapping[str, Sequence[Path]]:
    """What the run's steps install, each file fetched from the hub where it is not here: package to files, base first.

    Raises `TryAgain` while the hub is not reached, `RunOver` once the run was failed because the hub refuses.
    """
    with record.context.database.read() as session:
        apps = chosen_before(session, record.run_id, settings=record.settings)
    if not record.settings.hub_url:
        return apps
    lacking = missing((apk.stem for apks in apps.values() for apk in apks), record.settings)
    hub = Hub(record.settings, record.context.clock, record.should_stop)
    for number, digest in enumerate(lacking, start=1):
        with record.writing() as (_, run):
            run.doing = f"Fetching app files from the hub, {number} of {len(lacking)}"
        try:
            if not fetch(digest, hub):
                record.check()
                raise Stopped
        except HubUnreachable as later:
            raise record.wait(
                "The hub did not give the app files yet", guide=(later.message, later.next_step)
            ) from later
        except HubRefuses as refused:
            raise record.give_up(refused.message, refused.next_step) from refused
    return apps

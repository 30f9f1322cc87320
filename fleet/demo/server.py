"""The demonstration's server: `doorstep serve` as a child, with the settings of the demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from fleet.demo.client import wait_until_answers
from fleet.demo.folder import DemoFolder
from fleet.settings import Settings


def demo_settings(folder: DemoFolder, port: int) -> Settings:
    """Settings for a demonstration, whatever the environment says."""
    return Settings(
        data_dir=folder.data.absolute(),
        database_url="",
        broker_url="",
        demo=True,
        listen_host="127.0.0.1",
        listen_port=port,
        hub_name="Sample Hub",
        hub_phone="020 7946 0000",
        public_url="https://doorstep.example",
        hands_wait_seconds=600,
        lease_seconds=10,
        sweep_seconds=1.0,
        smtp_host="",
        smtp_sender="",
        notify_key=SecretStr(""),
        notify_text_template="",
        notify_email_template="",
        erasure_journal_file=None,
        witness_dir=None,
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables by which a child has the same settings, but for the secret key, which it finds in its folder. What
    is not set has no variable: the word None would be read as the name of a file."""
    told = {
        f"DOORSTEP_{name.upper()}": getattr(settings, name) for name in Settings.model_fields if name != "secret_key"
    }
    kept = {name: value for name, value in os.environ.items() if name not in told}
    return kept | {name: str(value) for name, value in told.items() if value is not None}


@contextmanager
def served(folder: DemoFolder, settings: Settings) -> Iterator[str]:
    """Web and worker, up until the block ends or this process dies (they hold the other end of a pipe of ours).

    Yields the address. What the server writes goes to the folder's log.
    """
    with folder.server_log.open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "fleet.cli", "serve", "--with-parent"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment_of(settings),
            start_new_session=True,
        )
        try:
            base = f"http://{settings.listen_host}:{settings.listen_port}"
            wait_until_answers(base)
            yield base
        finally:
            child.terminate()
            child.wait(timeout=30)
            if child.stdin is not None:
                child.stdin.close()

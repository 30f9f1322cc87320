"""What happens before any command runs: the settings are read once for their mistakes, and the logs are set up."""

from __future__ import annotations

from pydantic import ValidationError

from fleet.cli.console import fail
from fleet.logs import configure_logs
from fleet.settings import Settings


def begin_well() -> None:
    """Raises `typer.Exit` with a sentence for the first setting that cannot be used."""
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        name = f"DOORSTEP_{'_'.join(str(part) for part in wrong['loc'])}".upper()
        raise fail(
            f"The setting {name} cannot be used: {wrong['msg'][:1].lower()}{wrong['msg'][1:]}.",
            "See docs/settings.md for what it may be.",
        ) from error
    configure_logs(settings.log_format)

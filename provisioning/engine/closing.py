"""The last step of all: USB debugging off. It comes after verification, because nothing can be read after it.

What it did is unknown by nature: the link that would tell goes with it. It is never reported as done; that a tablet
was sealed is known only when it is next on a bench and does not answer until a person switches debugging on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from provisioning.errors import CannotConnect, CommandTimedOut, LinkLost, NotAuthorised, PlanError, TransportError
from provisioning.profiles.profile import Profile
from provisioning.resources.step import RunCommand, Step, run
from provisioning.transports.base import Transport

_SECONDS = 5.0
# The daemon is stopped a moment after the setting has changed.
_SECONDS_TO_GO = (0.2, 0.5, 1.0, 2.0)


def closing_steps(profile: Profile) -> tuple[Step, ...]:
    """Taken in this order (android.md 5.14): the developer options first, as the second cuts the link."""
    if not profile.debugging_off:
        return ()
    reason, origins = "A lent tablet must not obey whoever plugs in a cable", (f"profile:{profile.name}",)
    return (
        Step(
            "debugging",
            "Switch the developer options and USB debugging off; the tablet then answers this bench no more.",
            reason,
            (
                run("settings put global development_settings_enabled 0"),
                run("settings put global adb_enabled 0", timeout_seconds=_SECONDS),
            ),
            irreversible=False,
            origins=origins,
        ),
    )


class Closed(StrEnum):
    """How the last step ended. GONE is as expected and still no proof; OPEN is a tablet that went on answering."""

    NOT_ASKED = "not_asked"
    GONE = "gone"
    OPEN = "open"


@dataclass(frozen=True)
class Closing:
    closed: Closed
    why: str


def close(
    transport: Transport,
    steps: tuple[Step, ...],
    *,
    verified: bool,
    pause: Callable[[float], None] = time.sleep,
) -> Closing:
    """Carry out a plan's closing steps. Raises `PlanError` where the tablet was not verified: nothing is sent then."""
    if not steps:
        return Closing(Closed.NOT_ASKED, "")
    if not verified:
        raise PlanError(
            "USB debugging was left on, because not everything on the tablet holds yet. See to what is left, then "
            "apply again."
        )
    actions = [action for step in steps for action in step.actions if isinstance(action, RunCommand)]
    try:
        for action in actions:
            transport.run(action.command({}), timeout_seconds=action.timeout_seconds)
        for seconds in _SECONDS_TO_GO:
            pause(seconds)
            transport.run(run("true").command({}), timeout_seconds=_SECONDS)
    except (LinkLost, CannotConnect, NotAuthorised, CommandTimedOut) as error:
        return Closing(
            Closed.GONE,
            "The tablet stopped answering, as it should. That USB debugging is off is known for certain only when it "
            f"is on a bench again. ({error})",
        )
    except TransportError as error:
        return Closing(Closed.OPEN, f"USB debugging could not be switched off: {error}")
    return Closing(Closed.OPEN, "The tablet still answers: USB debugging is on. Switch it off in its settings.")

"""What can be asked about a person's own data: everything that is kept, and that nothing be kept any more."""

from fleet.privacy.service.erasing import (
    Standing,
    ask_to_erase,
    call_off,
    standing,
)
from fleet.privacy.service.everything import Everything, Section, everything_about
from fleet.privacy.service.joining import join
from fleet.privacy.service.replaying import replay
from fleet.privacy.service.trying import ERASE_JOB, erase_handler

__all__ = [
    "ERASE_JOB",
    "Everything",
    "Section",
    "Standing",
    "ask_to_erase",
    "call_off",
    "erase_handler",
    "everything_about",
    "join",
    "replay",
    "standing",
]

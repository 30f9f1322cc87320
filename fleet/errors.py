"""What can be refused, as one tree. Every error carries a status for HTTP and a stable code for programs.

    DoorstepError                  500
    ├── NotSignedIn                401   sign in first
    ├── NotAllowed                 403   this role may not do that
    ├── NotFound                   404   no such thing, or not yours to see
    ├── BadInput                   422   a value cannot be used; says which and why
    │   └── BadRequest             400   the request itself is malformed
    ├── Conflict                   409   somebody else was first, or the state does not allow it
    │   └── MoveRefused            409   a state machine said no; lists every reason
    ├── TooManyTries               429   slow down; says for how long
    ├── NotReady                   503   a part this needs is not there
    └── MisconfiguredError         500   the installation is set up wrongly; `doorstep check` explains

Rooms add their own below these (for example ``SerialAlreadyHere(Conflict)``) in the module that raises them.
An error's text is a sentence for the person reading it: what happened, to what, and what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeVar

Found = TypeVar("Found")


class DoorstepError(Exception):
    """Base of everything `fleet` raises on purpose.

    `next_step` is the sentence under the heading that says what to do; `details` is for programs and never personal.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, next_step: str = "", details: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.details = details or {}


class NotSignedIn(DoorstepError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    code = "not_signed_in"


class NotAllowed(DoorstepError):
    """The signed-in person's role has no row for this in the matrix."""

    status = 403
    code = "not_allowed"


class NotFound(DoorstepError):
    """There is no such thing, or it is not this person's to see."""

    status = 404
    code = "not_found"


class BadInput(DoorstepError):
    """A value cannot be used. `fields` maps a field's name to the sentence shown beside it."""

    status = 422
    code = "bad_input"

    def __init__(
        self,
        message: str,
        *,
        next_step: str = "",
        fields: dict[str, str] | None = None,
        details: dict[str, object] | None = None,
    ) -> None:
        super().__init__(message, next_step=next_step, details=details)
        self.fields = fields or {}


class BadRequest(BadInput):
    """The request itself cannot be read."""

    status = 400
    code = "bad_request"


class Conflict(DoorstepError):
    """Somebody else was first, or the thing is not in a state that allows this."""

    status = 409
    code = "conflict"


class MoveRefused(Conflict):
    """A state machine refused a move. `reasons` holds one sentence for each guard that said no, `codes` what those
    guards are called and `facts` which days belong to them, where a program may want to know."""

    code = "move_refused"

    def __init__(
        self,
        message: str,
        *,
        reasons: tuple[str, ...] = (),
        codes: tuple[str, ...] = (),
        facts: Mapping[str, object] | None = None,
        next_step: str = "",
    ) -> None:
        named = {"codes": list(codes)} if codes else {}
        super().__init__(message, next_step=next_step, details={"reasons": list(reasons), **named, **(facts or {})})
        self.reasons = reasons
        self.codes = codes


class TooManyTries(DoorstepError):
    """Too many failures in a short time."""

    status = 429
    code = "too_many_tries"

    def __init__(self, message: str, *, retry_after_seconds: int, next_step: str = "") -> None:
        super().__init__(message, next_step=next_step, details={"retry_after_seconds": retry_after_seconds})
        self.retry_after_seconds = retry_after_seconds


class NotReady(DoorstepError):
    """A part this needs cannot be reached."""

    status = 503
    code = "not_ready"


class MisconfiguredError(DoorstepError):
    """The installation is set up in a way that cannot be served."""

    status = 500
    code = "misconfigured"


def there(found: Found | None, message: str, *, next_step: str) -> Found:
    """What was looked for, or `NotFound` with this sentence when there is none."""
    if found is None:
        raise NotFound(message, next_step=next_step)
    return found

"""Fetches the app files that this computer lacks from the hub: each whole, once, and checked by its SHA-256.

A file is written aside and renamed into place. What came before a line broke is kept, and the rest asked for; while
one worker fetches a file, others of the same data folder wait for it.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPMessage, HTTPResponse
from http.client import error as broken_http
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from fleet.bench.service.app_files import SIGNATURE, sign
from fleet.bench.service.apps import LARGEST_APP_BYTES, library_folder, path_of
from fleet.clock import Clock
from fleet.errors import DoorstepError
from fleet.logs import get_logger
from fleet.settings import Settings
from provisioning.digest import sha256_of

log = get_logger(__name__)

_CHUNK = 1024 * 1024
_SILENCE_SECONDS = 30.0
_TRIES = 4
"""How often one call asks for a file before it is left to the next; what came so far stays."""
_PAUSE_SECONDS = 0.2
_PARTIAL_CONTENT = 206
_RANGE_NOT_SATISFIABLE = 416


class HubUnreachable(DoorstepError):
    """The hub was not reached, or the line broke each time; asking again later goes on where it ended."""

    status = 503
    code = "hub_unreachable"


class HubRefuses(DoorstepError):
    """The hub answers and gives no file; asking again changes nothing."""

    status = 503
    code = "hub_refuses"


@dataclass(frozen=True)
class Hub:
    """Where files are fetched, and by whose clock the requests are signed. `should_stop` is asked between parts."""

    settings: Settings
    clock: Clock
    should_stop: Callable[[], bool] = lambda: False

    def url_of(self, digest: str) -> str:
        return f"{self.settings.hub_url.rstrip('/')}/api/v1/apps/files/{digest}"


class _Broken(Exception):
    """The line broke before the end."""


def missing(digests: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """Which of these files are not on this computer."""
    return tuple(digest for digest in digests if not path_of(digest, settings).is_file())


def fetch(digest: str, hub: Hub) -> bool:
    """Bring one file here unless it is; False when it was asked to stop first.

    Raises `HubUnreachable`, `HubRefuses`.
    """
    target = path_of(digest, hub.settings)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target, hub) as ours:
            if not ours or target.is_file():
                return ours
            return _fetch_aside(digest, target.with_name(f".coming-{digest}"), target, hub)
    except OSError as error:
        raise HubUnreachable(
            f"Nothing was changed. An app file could not be kept here ({error.strerror}).",
            next_step=f"Make room in {library_folder(hub.settings)} on this computer.",
        ) from error


@contextmanager
def _alone(target: Path, hub: Hub) -> Iterator[bool]:
    """Hold the one lock of this file, or give False when asked to stop while another worker holds it."""
    with target.with_name(f".coming-{target.stem}.lock").open("wb") as lock:
        while not _locked(lock):
            if hub.should_stop():
                yield False
                return
            time.sleep(_PAUSE_SECONDS)
        yield True


def _locked(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _fetch_aside(digest: str, draft: Path, target: Path, hub: Hub) -> bool:
    attempt = 1
    while not hub.should_stop():
        came = _try_once(digest, draft, target, hub)
        if isinstance(came, bool):
            return came
        log.warning("app_file_did_not_come", file=digest[:12], attempt=attempt, why=came.message)
        if attempt == _TRIES:
            raise came
        time.sleep(_PAUSE_SECONDS * attempt)
        attempt += 1
    return False


def _try_once(digest: str, draft: Path, target: Path, hub: Hub) -> bool | DoorstepError:
    """Whether the file is here; False when asked to stop. What may be gone differently the next time is given back."""
    try:
        if not _ask(digest, draft, hub):
            return False
    except _Broken as broken:
        return HubUnreachable(
            f"Nothing was changed. The hub at {hub.settings.hub_url} did not give a whole app file ({broken}).",
            next_step="It is asked again by itself, and goes on where it ended. Check this computer's network.",
        )
    if sha256_of(draft) == digest:
        draft.replace(target)
        return True
    draft.unlink()
    return HubRefuses(
        f"Nothing was changed. The hub at {hub.settings.hub_url} was asked {_TRIES} times for an app file; "
        "at last what came is another file than the library names.",
        next_step="Import the app again at the hub; if that does not help, look what stands between the two.",
    )


def _ask(digest: str, draft: Path, hub: Hub) -> bool:
    """Add to the draft what the hub still has of the file; False when asked to stop. Raises `_Broken`, `HubRefuses`."""
    have = draft.stat().st_size if draft.exists() else 0
    headers = {SIGNATURE: sign(digest, settings=hub.settings, now=hub.clock())}
    if have:
        headers["Range"] = f"bytes={have}-"
    request = Request(_checked(hub.url_of(digest)), headers=headers)  # noqa: S310 - its scheme is checked just here
    try:
        with _open(request) as answer:
            goes_on = answer.status == _PARTIAL_CONTENT
            with draft.open("ab" if goes_on else "wb") as out:
                return _copy(answer, out, (have if goes_on else 0), hub)
    except HTTPError as refused:
        with refused:
            if refused.code == _RANGE_NOT_SATISFIABLE and have:
                return True  # nothing is left to come: whether it is the file, its SHA-256 says
            raise _refusal(refused, hub) from refused


def _copy(answer: HTTPResponse, out: IO[bytes], have: int, hub: Hub) -> bool:
    expected = have + (answer.length or 0)
    _check_size(expected, hub)
    while part := _read(answer):
        have += len(part)
        if have > LARGEST_APP_BYTES:  # an answer need not say its length before
            out.truncate(0)
            _check_size(have, hub)
        out.write(part)
        if hub.should_stop():
            return False
    out.flush()
    os.fsync(out.fileno())
    if have < expected:
        raise _Broken(f"{have} of {expected} bytes came")
    return True


def _check_size(size: int, hub: Hub) -> None:
    if size > LARGEST_APP_BYTES:
        raise HubRefuses(
            f"Nothing was changed. The hub at {hub.settings.hub_url} offers over {(size - 1) // 1_000_000} MB "
            f"where an app has {LARGEST_APP_BYTES // 1_000_000} MB at most.",
            next_step="Check that DOORSTEP_HUB_URL is the hub's address.",
        )


def _read(answer: HTTPResponse) -> bytes:
    try:
        return answer.read(_CHUNK)
    except (broken_http, OSError) as error:
        raise _Broken(str(error) or type(error).__name__) from error


class _NoWayRound(HTTPRedirectHandler):
    """What is signed for the hub goes nowhere else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def _open(request: Request) -> Any:
    try:
        return build_opener(_NoWayRound).open(request, timeout=_SILENCE_SECONDS)
    except HTTPError:
        raise
    except (broken_http, OSError) as error:
        raise _Broken(str(getattr(error, "reason", error)) or type(error).__name__) from error


def _checked(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        raise HubRefuses(
            "Nothing was changed. The hub's address is neither https:// nor http://.",
            next_step="Mend DOORSTEP_HUB_URL.",
        )
    return url


def _refusal(refused: HTTPError, hub: Hub) -> DoorstepError:
    """The hub's own sentences where it is a hub that answers. What stands in front of it may be out of order for a
    while: that is no refusal."""
    try:
        said = json.loads(refused.read(10_000))
        why, next_step = str(said["message"]), str(said["next_step"])
    except (ValueError, KeyError, TypeError, broken_http, OSError):
        why, next_step = f"It answered {refused.code} {refused.reason}.", "Check that DOORSTEP_HUB_URL is its address."
    kind = HubUnreachable if refused.code >= 500 else HubRefuses
    return kind(f"Nothing was changed. The hub at {hub.settings.hub_url} gave no app file. {why}", next_step=next_step)

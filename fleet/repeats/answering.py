"""Answers a request with an `Idempotency-Key` once: the work and the answer are committed together, or neither is.

The key is asked about in the request's own write transaction, before anything else is read in it, and the answer is
added to that transaction before it commits (docs/decisions/0021). So there is no moment at which the work is done and
the answer unknown, and whatever ends the transaction, a lost connection too, frees the key.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from fleet.errors import BadInput, BadRequest, Conflict
from fleet.http.routes import IDEMPOTENCY_KEY, REPLAYED
from fleet.http.session import get_clock, get_database, get_settings
from fleet.repeats import queries
from fleet.repeats.models import KeptAnswer
from fleet.repeats.rules import KEPT_FOR, LARGEST_ANSWER_BYTES, MOST_LETTERS, digest_of, fingerprint, key_in
from fleet.sealing import SealedElsewhere, seal, unseal
from fleet.users.access import current_actor
from fleet.users.actor import Actor


class KeyUnreadable(BadRequest):
    """The `Idempotency-Key` is empty, too long, or not text."""

    code = "key_unreadable"


class KeyUsedBefore(BadInput):
    """The `Idempotency-Key` came with another request before."""

    code = "key_used_before"


class RequestInProgress(Conflict):
    """A request with this `Idempotency-Key` is being worked on."""

    code = "request_in_progress"


class AnswerNotKept(Conflict):
    """The request was done, but its answer cannot be given again."""

    code = "answer_not_kept"


@dataclass(frozen=True)
class _Asked:
    """A request with a key."""

    user_id: int
    key: str
    fingerprint: str
    now: datetime

    @property
    def key_digest(self) -> str:
        return digest_of(self.key)


class _Answered(Exception):
    """Leaves the route before it does the work again. Holds values, since the session that found them ends with it."""

    def __init__(self, kept: KeptAnswer) -> None:
        super().__init__()
        self.fingerprint = kept.fingerprint
        self.status = kept.status
        self.media_type = kept.media_type
        self.sealed = kept.sealed


async def answer_once(request: Request, answer: Callable[[Request], Awaitable[Response]], *, writes: bool) -> Response:
    """The first answer to this request, worked out or given again.

    `writes`: the route works in a write session, which carries the answer too. The others (looks ahead that write
    nothing, the tick, which sends nothing twice, and a database that counts again, which is said once however often)
    keep it in a transaction of its own.
    """
    key = key_in(request.headers[IDEMPOTENCY_KEY])
    if key is None:
        raise KeyUnreadable(
            f"Nothing was changed. The Idempotency-Key must be 1 to {MOST_LETTERS} visible letters and digits.",
            next_step="Send a UUID of its own with each request.",
        )
    actor = await run_in_threadpool(current_actor, request)
    if actor is None or actor.user_id is None:
        return await answer(request)  # it refuses strangers
    asked = _Asked(actor.user_id, key, await _fingerprint(request, actor), get_clock(request)())
    request.state.begin_writing = lambda session: _begin(session, asked, request)
    try:
        if not writes:
            await run_in_threadpool(_look, request, asked)
        response = await answer(request)
    except _Answered as again:
        return _given_again(request, again, asked)
    await run_in_threadpool(_keep, request, asked, response, writes)
    return response


async def _fingerprint(request: Request, actor: Actor) -> str:
    """What the caller may do is part of it: an answer is never given again to somebody who may do less by then.

    Of an uploaded file only the address counts: its body is read where it is checked, and never held in memory. The
    secret key goes into it: a PIN of four digits would be found by trying them all.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = b"" if kind.startswith("multipart/") else await request.body()
    may_do = ",".join(sorted((*actor.roles, *(() if actor.scopes is None else ("token", *actor.scopes)))))
    asked = fingerprint((request.method, request.url.path, request.url.query, kind, may_do), body)
    return get_settings(request).keyed(f"kept request {asked}")


def _begin(session: Session, asked: _Asked, request: Request) -> None:
    """Raises `_Answered` when there is nothing to do."""
    if not queries.claim(session, asked.user_id, asked.key_digest):
        raise RequestInProgress(
            "A request with this Idempotency-Key is being worked on. This one did nothing.",
            next_step="Wait a second, then send it again.",
        )
    kept = queries.kept(session, asked.user_id, asked.key_digest)
    if kept is not None and kept.at > asked.now - KEPT_FOR:
        raise _Answered(kept)
    if kept is not None:
        session.delete(kept)
        session.flush()
    request.state.writing = session


def _look(request: Request, asked: _Asked) -> None:
    with get_database(request).read() as session:
        kept = queries.kept(session, asked.user_id, asked.key_digest)
        if kept is not None and kept.at > asked.now - KEPT_FOR:
            raise _Answered(kept)


def _keep(request: Request, asked: _Asked, response: Response, writes: bool) -> None:
    row = KeptAnswer(
        user_id=asked.user_id,
        key_digest=asked.key_digest,
        fingerprint=asked.fingerprint,
        status=response.status_code,
        media_type=response.headers.get("content-type", "")[:100],
        sealed=None,
        at=asked.now,
    )
    body = _keepable(response)
    if body is not None:
        row.sealed = seal(get_settings(request), f"kept answer {asked.key}", asked.fingerprint, body)
    if writes:
        working: Session = request.state.writing
        working.add(row)
        working.flush()
        return
    with get_database(request).write() as session:
        mine = queries.claim(session, asked.user_id, asked.key_digest)
        kept = queries.kept(session, asked.user_id, asked.key_digest)
        if mine and kept is None:
            session.add(row)


def _keepable(response: Response) -> str | None:
    """The body of an answer that may be given again: JSON or nothing, not large, and not marked `no-store`."""
    body, kind = getattr(response, "body", None), response.headers.get("content-type", "")
    if not isinstance(body, bytes) or len(body) > LARGEST_ANSWER_BYTES:
        return None
    if "no-store" in response.headers.get("cache-control", "") or (body and not kind.startswith("application/json")):
        return None
    return body.decode()


def _given_again(request: Request, kept: _Answered, asked: _Asked) -> Response:
    if kept.fingerprint != asked.fingerprint:
        raise KeyUsedBefore(
            "Nothing was changed. This Idempotency-Key came with another request before.",
            next_step="Send a key of its own with each request.",
        )
    try:
        body = unseal(get_settings(request), f"kept answer {asked.key}", kept.fingerprint, kept.sealed or "")
    except SealedElsewhere:
        raise AnswerNotKept(
            "This was done before, and was not done again. Its answer is not kept.",
            next_step="Ask for the thing itself to see how it stands.",
        ) from None
    headers = {REPLAYED: "true", "cache-control": "no-store"}
    if kept.media_type:
        headers["content-type"] = kept.media_type
    return Response(body, status_code=kept.status, headers=headers)

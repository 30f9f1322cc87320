"""The jobs `sheets.coming` and `sheets.forget`: a worker checks or keeps a long file, and forgets it a day later.

A worker that dies leaves nothing behind: what it had not committed is gone, and the next one begins anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass, field
from typing import TypeVar

from fleet.errors import BadInput, NotAllowed
from fleet.happening import Happening
from fleet.jobs.service import Handler, JobContext
from fleet.settings import Settings
from fleet.sheets import service
from fleet.sheets.beside import Beside, beside
from fleet.sheets.kinds import KINDS, Kind, KindName
from fleet.sheets.models import FileComing
from fleet.sheets.queries import coming
from fleet.sheets.rules import Looked
from fleet.sheets.rules.coming import UNDER_WAY, ComingMove, ComingState, Progress
from fleet.users.actor import Actor
from fleet.users.service import actor_by_id

Item = TypeVar("Item")

TELL_SECONDS = 0.3
"""How often it is told how far a file has come, and asked whether somebody wants it stopped."""


class Overtaken(Exception):
    """Somebody stopped the file, or another worker took it over: what was done so far goes with its transaction."""


@dataclass
class Counter:
    """Counts rows while they are gone through, for whoever watches."""

    context: JobContext
    beside: Beside
    every: float
    _told_at: float = field(default=float("-inf"))

    def __call__(self, doing: str, rows: Iterable[Item]) -> Iterator[Item]:
        """Raises `Overtaken`."""
        of = len(rows) if isinstance(rows, Sized) else 0
        for number, row in enumerate(rows, start=1):
            if time.monotonic() - self._told_at >= self.every:
                self._tell(Progress(number, of, doing))
            yield row

    def _tell(self, progress: Progress) -> None:
        if self.context.lease_lost.is_set() or self.beside.is_to_stop():
            raise Overtaken
        self.beside.tell(progress)
        self._told_at = time.monotonic()


def coming_handler(settings: Settings, every: float = TELL_SECONDS) -> Handler:
    """What does `sheets.coming` jobs."""

    def handle(context: JobContext) -> None:
        """Check a file, or keep it, whichever it waits for."""
        with context.database.read() as session:
            file = coming.file_coming(session, int(context.args["file"]))
            actor = actor_by_id(session, file.user_id, settings) if file is not None else None
        if file is None or file.state not in UNDER_WAY:
            return
        told = beside(context.database, file.id)
        work = _Work(context, settings, file, KINDS[KindName(file.kind)], Counter(context, told, every))
        try:
            work.keep(_acting(actor, work.kind)) if file.state is ComingState.KEEPING else work.check(
                _acting(actor, work.kind)
            )
        except Overtaken:
            return
        except NotAllowed as refused:
            work.refuse(Looked(problem=refused.message), refused.message)
        told.forget()

    return handle


def forget_handler() -> Handler:
    """What does `sheets.forget` jobs."""

    def handle(context: JobContext) -> None:
        """Keep nothing more of a file that came a day ago; one that nobody decided about is stopped."""
        file_id = int(context.args["file"])
        with context.write() as session:
            coming.make(session, file_id, ComingMove.STOP, why=service.NOBODY_SAID, ended_at=context.clock())
            coming.empty(session, file_id)
        beside(context.database, file_id).forget()

    return handle


def _acting(actor: Actor | None, kind: Kind) -> Actor:
    """Whoever sent it, in the role in which they did. Raises `NotAllowed`."""
    if actor is None or kind.bring is None:
        raise NotAllowed("Whoever sent this file may not sign in any more, so nothing of it was kept.")
    return actor.acting(kind.bring)


@dataclass(frozen=True)
class _Work:
    context: JobContext
    settings: Settings
    file: FileComing
    kind: Kind
    counter: Counter

    def check(self, actor: Actor) -> None:
        with self.context.database.read() as session:
            looked = service.look(
                session,
                self.kind,
                service.text_of(self.file, self.settings),
                actor=actor,
                settings=self.settings,
                now=self.context.clock(),
                count=self.counter,
            )
        if not looked.may_be_kept:
            self.refuse(looked, looked.problem)
            return
        found = service.sealed_found(self.file.id, looked, self.settings)
        with self.context.write() as session:
            coming.make(session, self.file.id, ComingMove.SHOW, found=found, done=0, doing="")

    def keep(self, actor: Actor) -> None:
        """In one transaction with the end of the file: somebody who stopped it a moment before goes first."""
        now = self.context.clock()
        try:
            with self.context.write() as session:
                kept = service.keep(
                    session,
                    self.kind,
                    service.text_of(self.file, self.settings),
                    actor=actor,
                    settings=self.settings,
                    happening=Happening(now, source=self.file.source),
                    count=self.counter,
                )
                ended = {"kept": kept, "content": None, "found": None, "ended_at": now}
                if not coming.make(session, self.file.id, ComingMove.FINISH, **ended):
                    raise Overtaken
        except BadInput as refused:
            why = refused.fields.get("file", refused.message)
            self.refuse(refused.looked if isinstance(refused, service.FileRefused) else Looked(problem=why), why)

    def refuse(self, looked: Looked, why: str) -> None:
        found = service.sealed_found(self.file.id, looked, self.settings)
        ended = {"found": found, "content": None, "why": why, "ended_at": self.context.clock()}
        with self.context.write() as session:
            coming.make(session, self.file.id, ComingMove.REFUSE, **ended)

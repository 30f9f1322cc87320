"""Send what is due at a press: some of it at once, and what takes longer by the worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

from fastapi import Depends, Response

from fleet.chasing import service
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, SettingsDep
from fleet.users.access import may
from fleet.users.rules import Permission

router = PageRouter(prefix="/chasing")
PATIENCE_SECONDS = 3.0


@dataclass
class Patience:
    """Asked again and again whether to stop; remembers that it once said so."""

    until: float = field(default_factory=lambda: monotonic() + PATIENCE_SECONDS)
    ended: bool = False

    def is_over(self) -> bool:
        self.ended = self.ended or monotonic() >= self.until
        return self.ended


@router.post("/tick", dependencies=[Depends(may(Permission.CHASING_DO))])
def send_what_is_due(form: FormDep, database: DatabaseDep, settings: SettingsDep, clock: ClockDep) -> Response:
    """Nobody looks at a page that stands still: what is not done after a few seconds is given to the worker."""
    patience = Patience()
    done = service.tick(
        database, clock=clock, settings=settings, channel=service.outbox(settings), should_stop=patience.is_over
    )
    letters = f" Letters to print: {done.to_print}." if done.to_print else ""
    said = f"Messages sent: {done.sent}.{letters} New tasks for a person: {done.tasks}."
    if patience.ended:
        with database.write() as session:
            service.ask_to_go_on(session, now=clock())
        said += " The rest is being sent now; load this page again to see how far it is."
    return see_other("/chasing", said=said)

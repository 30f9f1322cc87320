"""What no scan at another hub than a tablet's own may do (rule R16). Nothing here is about a person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.loans.service.writer.locks import label_of
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet


def refuse_guest(session: Session, tablet: Tablet, at: int | None) -> None:
    """Raises `Conflict` for one that was taken in at this very hub before."""
    if at is not None and tablet.guest_hub_id == at:
        home = tablets.home_of(session, tablet)
        raise Conflict(
            f"Nothing was changed. {label_of(session, tablet.id)} is here already, on its way to {home}.",
            next_step=f"Put it with what goes to {home}.",
        )


def refuse_outgoing(session: Session, tablet: Tablet, at: int | None) -> None:
    """Raises `Conflict` for one that another hub has sent to somebody: no person has had it, so nothing ends."""
    if tablets.holder_elsewhere(tablet, at) is not None:
        home = tablets.home_of(session, tablet)
        raise Conflict(
            f"Nothing was changed. {home} is sending {label_of(session, tablet.id)} to somebody.",
            next_step=f"Put it aside and ring {home}: they say who fetches it.",
        )

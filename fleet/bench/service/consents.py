"""What somebody agreed to about the account that is signed in on a tablet: recorded, read, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import RemovalConsent
from fleet.bench.rules import GivenBy, ToldBy
from fleet.clock import local_date
from fleet.errors import BadInput, NotFound
from fleet.happening import Happening
from fleet.tablets import service as tablets
from fleet.users.actor import Actor

_NOTHING = "Nothing was recorded, and the account still stands against a wipe."


def record_consent(
    session: Session,
    tablet_id: int,
    *,
    given_by: str,
    told_by: str,
    given_on: date | None,
    actor: Actor,
    happening: Happening,
) -> RemovalConsent:
    """Write down who agreed, how they said so and when. Raises `BadInput` for what is missing or lies ahead.

    A record that stands already is answered with itself.
    """
    tablet = tablets.lock_tablet(session, tablet_id)
    problems: dict[str, str] = {}
    if given_by not in list(GivenBy):
        problems["given_by"] = "Say who agreed."
    if told_by not in list(ToldBy):
        problems["told_by"] = "Say how they told you."
    if given_on is None or given_on > local_date(happening.now):
        problems["given_on"] = "Give the day on which they agreed; it cannot lie ahead."
    if problems or given_on is None:
        raise BadInput(_NOTHING, fields=problems)
    standing = standing_consent(session, tablet_id)
    if standing is not None:
        return standing
    made = RemovalConsent(
        tablet_id=tablet_id,
        given_by=GivenBy(given_by),
        told_by=ToldBy(told_by),
        given_on=given_on,
        recorded_by=actor.name,
        recorded_by_id=actor.user_id,
        recorded_as=actor.role.value,
        recorded_at=happening.now,
    )
    session.add(made)
    session.flush()
    words = "Agreed: the Google account goes with a guided reset"
    tablets.note(session, tablet, kind="removal_consent", words=words, actor=actor, happening=happening)
    return made


def withdraw_consent(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> RemovalConsent:
    """Take back the agreement that stands. Raises `NotFound` where none does."""
    tablet = tablets.lock_tablet(session, tablet_id)
    standing = standing_consent(session, tablet_id)
    if standing is None:
        raise NotFound("No agreement stands for this tablet.", next_step="Nothing has to be taken back.")
    standing.withdrawn_by, standing.withdrawn_at = actor.name, happening.now
    session.flush()
    words = "No longer agreed: the Google account stays"
    tablets.note(session, tablet, kind="removal_consent", words=words, actor=actor, happening=happening)
    return standing


def standing_consent(session: Session, tablet_id: int) -> RemovalConsent | None:
    """The agreement that counts: of this stay at the hub, not withdrawn, and not used up by a wipe that was proved."""
    tablet = tablets.get_tablet(session, tablet_id)
    certificate = queries.latest_certificate(session, tablet_id)
    past = [when for when in (tablet.left_hub_at, certificate.issued_at if certificate else None) if when is not None]
    found = queries.consents(session, tablet_id)
    latest = found[0] if found else None
    if latest is None or latest.withdrawn_at is not None or any(latest.recorded_at <= when for when in past):
        return None
    return latest


def consents_of(session: Session, tablet_id: int) -> Sequence[RemovalConsent]:
    """Every agreement recorded for a tablet, newest first. Raises `NotFound` for a tablet there is not."""
    return queries.consents(session, tablets.get_tablet(session, tablet_id).id)

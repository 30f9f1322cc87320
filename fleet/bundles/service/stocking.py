"""One card of a network's list: what keeps it out, and taking it in with its PIN and PUK sealed. Reading the file is
for the room of files."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from fleet.bundles import queries
from fleet.bundles.models import Sim
from fleet.bundles.rules import OUT_OF_USE, SecretKind, secret_problem
from fleet.bundles.service.same_card import card_on_record
from fleet.bundles.service.secrets import keep_secrets
from fleet.bundles.service.stock import NewSim, add_sim
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.users.actor import Actor


def card_problems(session: Session, new: NewSim, secrets: Mapping[SecretKind, str]) -> list[str]:
    """Why this card cannot be taken in, a sentence each; none of them repeats a secret."""
    found = list(new.problems().values())
    found += [fault for kind, text in secrets.items() if (fault := secret_problem(kind, text))]
    if not found and card_on_record(session, new.iccid) is not None:
        found.append("This card is on record already.")
    lives = new.state not in OUT_OF_USE
    if not found and lives and new.phone and queries.live_sim_by_phone(session, new.phone) is not None:
        found.append("Another card on record has this phone number.")
    return found


def take_in_card(
    session: Session,
    new: NewSim,
    secrets: Mapping[SecretKind, str],
    *,
    hub_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Sim:
    """Take one card into stock, its secrets sealed. Raises as `add_sim` and `keep_secrets` do."""
    sim = add_sim(
        session,
        hub_id=hub_id,
        iccid=new.iccid,
        network=new.network,
        kind=new.kind,
        phone=new.phone,
        serial=new.serial,
        state=new.state,
        rests_until=new.rests_until,
        actor=actor,
        happening=happening,
    )
    if secrets:
        keep_secrets(session, sim.id, secrets, actor=actor, settings=settings, happening=happening)
    return sim

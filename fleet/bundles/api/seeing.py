"""What every answer about SIMs is made of, and who may ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from fleet.bundles import queries, service
from fleet.bundles.models import Sim
from fleet.bundles.schemas.sims import BundleOut, SimOut, WarningOut
from fleet.http.ids import RowId
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

SimId = RowId
Recorder = Annotated[Actor, Depends(may(Permission.BUNDLES_RECORD))]
SecretsSeer = Annotated[Actor, Depends(may(Permission.SIM_SECRETS_SEE))]
see = [Depends(may(Permission.BUNDLES_SEE))]


def shown(session: Session, sim: Sim, today: date) -> SimOut:
    return all_shown(session, [sim], today)[0]


def all_shown(session: Session, sims: Sequence[Sim], today: date) -> list[SimOut]:
    """In the same few reads however many there are."""
    ids = [sim.id for sim in sims]
    bundles, uses = queries.current_bundles(session, ids), queries.open_uses(session, ids)
    warnings = service.warnings_of_all(session, ids, today=today)
    out = []
    for sim in sims:
        bundle, use, doubt = bundles.get(sim.id), uses.get(sim.id), service.number_warning(sim)
        out.append(
            SimOut(
                id=sim.id,
                kind=sim.kind,
                iccid=sim.iccid,
                serial=sim.serial,
                phone=sim.phone,
                network=sim.network,
                state=sim.state,
                rests_until=sim.rests_until,
                barred_at=sim.barred_at,
                loan_id=use.loan_id if use else None,
                needed_until=use.needed_until if use else None,
                bundle=BundleOut.model_validate(bundle) if bundle else None,
                warnings=[doubt] if doubt else [],
                data_warnings=[WarningOut.model_validate(each) for each in warnings.get(sim.id, ())],
            )
        )
    return out

"""Before stops could bring tablets home, and coming again: stops at doors, and what was told of them, stay."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from fleet.database.migrate import downgrade, upgrade
from fleet.deliveries import queries, service
from fleet.deliveries.rules import Action, JobKind
from fleet.deliveries.service import Window
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.two_hubs import firth_hub

REVISION = "7c1f0e5ab942"


def test_down_and_up_again_with_rows(delivering: Delivering) -> None:
    lending, run = delivering.lending, delivering.run()
    door = delivering.delivery(run)
    delivering.tell_one(delivering.fact(Action.LOAD, door))
    tablet_id = lending.tablet_id(lending.loan_at(LoanState.ACTIVE).id)
    lending.do(loans.scan_in, tablet_id=tablet_id, at=firth_hub(lending).id, role=Role.TECHNICIAN)
    (home,) = delivering.do(service.bring_home, run.id, tablet_ids=[tablet_id], window=Window(time(9), time(10)))
    delivering.tell_one(delivering.fact(Action.LOAD, home))
    loaded, brought = delivering.scans()
    assert (loaded.job_id, brought.job_id) == (door.id, home.id)
    engine = lending.database.engine
    downgrade(engine, f"{REVISION}-1")
    upgrade(engine)
    assert [job.id for job in lending.read(queries.jobs_of, [run.id])] == [door.id]
    assert [(scan.id, scan.job_id) for scan in delivering.scans()] == [(loaded.id, door.id), (brought.id, None)]
    with pytest.raises(IntegrityError, match="delivery_job"), engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO delivery_job (run_id, sequence, kind, loan_id, tablet_id, state, window_from, window_to,"
                " doorstep_phrase, attempts, changed_at) SELECT run_id, 9, kind, loan_id, tablet_id, state,"
                f" window_from, window_to, '', 0, changed_at FROM delivery_job WHERE id = {door.id}"
            )
        )
    assert delivering.again(door).kind is JobKind.DELIVER

"""What data has cost: each payer's part once, and weeks that were really lived."""

from __future__ import annotations

from datetime import date, timedelta

from fleet.bundles import service
from fleet.bundles.rules import SimMove
from fleet.partners.models import OrganisationKind
from fleet.partners.service import add_organisation
from tests.fleet.bundles.stocked import act, in_use, today
from tests.lending import Lending


def test_each_payer_has_their_own_part_and_weeks_count_for_who_paid_the_bundle(lending: Lending) -> None:
    with lending.database.write() as session:
        funder = add_organisation(session, kind=OrganisationKind.FUNDER, name="Sample funder", now=lending.clock())
    ours, theirs = in_use(lending), lending.sim(months=None)
    bought = {"gb_per_month": 20, "months": 3, "cost_pence": 3000, "funder_id": funder.id}
    act(lending, service.attach_bundle, theirs.id, **bought)
    for name in (SimMove.RESERVE, SimMove.ACTIVATE):
        act(lending, service.move, theirs.id, name)
    begun = today(lending)
    lending.clock.advance(days=13)
    act(lending, service.move, ours.id, SimMove.SUSPEND)
    act(lending, service.top_up, theirs.id, gb=5, months=0, cost_pence=500)
    lending.clock.advance(days=14)
    report = _report(lending, begun)
    rows = {row.payer: row for row in report.rows}
    assert (rows["Ourselves"].pence, rows["Ourselves"].days) == (1700, 14)
    assert (rows["Sample funder"].pence, rows["Sample funder"].days) == (3000, 28)
    assert rows["Sample funder"].pence_per_week == 750
    assert (report.total.pence, report.total.days, report.total.bundles) == (4700, 42, 2)
    assert _report(lending, begun + timedelta(days=1)).rows == ()


def _report(lending: Lending, since: date) -> service.SpendingReport:
    with lending.database.read() as session:
        now = today(lending)
        return service.spending_report(session, since, now, today=now)

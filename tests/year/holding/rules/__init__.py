"""The rules of lending and the invariants of a tablet's life: what each asks, what Doorstep does, which test holds it.

docs/rules.md is drawn from this. Every one of them is looked at on each day of the simulated year.
"""

from __future__ import annotations

from tests.year.holding.rules.cards_and_privacy import CARDS_AND_PRIVACY
from tests.year.holding.rules.custody_and_loss import CUSTODY_AND_LOSS
from tests.year.holding.rules.invariants import INVARIANTS
from tests.year.holding.rules.rule import Rule
from tests.year.holding.rules.time_and_reminders import TIME_AND_REMINDERS

__all__ = ["COUNTED", "INVARIANTS", "RULES", "Rule"]

RULES: tuple[Rule, ...] = (*TIME_AND_REMINDERS, *CUSTODY_AND_LOSS, *CARDS_AND_PRIVACY)

COUNTED = {
    "loans across a change of the clocks": "SELECT count(*) FROM loan WHERE (started_on <= '2026-10-24' AND due_on >="
    " '2026-10-26') OR (started_on <= '2027-03-27' AND due_on >= '2027-03-29')",
    "loans by calendar months": "SELECT count(*) FROM loan l JOIN programme p ON p.id = l.programme_id"
    " WHERE p.taster_months IS NOT NULL AND l.started_on IS NOT NULL",
    "steps passed over": "SELECT count(*) FROM chase WHERE state = 'skipped'",
    "messages about a later version": "SELECT count(*) FROM chase WHERE state = 'sent' AND due_version > 1",
    "messages for a whole home": "SELECT count(*) FROM chase WHERE along_with IS NOT NULL AND state = 'sent'",
    "tasks for people": "SELECT count(*) FROM chase WHERE state IN ('to_do', 'done')",
    "phones with a wrong clock": "SELECT count(*) FROM scan WHERE clock_flagged",
    "loans": "SELECT count(*) FROM loan WHERE started_on IS NOT NULL",
    "sealed secrets": "SELECT count(*) FROM sim_secret",
    "grants used": "SELECT count(*) FROM data_bundle WHERE ownership = 'persons_own' AND activated_on IS NOT NULL",
    "strange cards": "SELECT count(*) FROM stray_sim",
    "certificates": "SELECT count(*) FROM certificate",
    "tablets": "SELECT count(*) FROM tablet",
    "labels": "SELECT count(*) FROM tag WHERE state = 'attached'",
}
"""What came about, asked of the database at the end of the year."""

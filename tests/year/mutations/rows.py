"""Parts that several mutations are made of: loans to take, rows to write, messages that left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.year.letters import Left
from tests.year.mutations.making import LAST, NOON, NOW, Copy
from tests.year.town import Town

RUNNING = "SELECT min(id) FROM loan WHERE state = 'active' AND stopped_at IS NULL"


OVER = """SELECT min(l.id) FROM loan l JOIN person p ON p.id = l.person_id WHERE l.state = 'closed_returned'
AND p.erased_at IS NULL AND p.deceased_on IS NULL AND l.stopped_at IS NULL
AND NOT EXISTS (SELECT 1 FROM loan_event f WHERE f.loan_id = l.id AND f.kind = 'find')
AND NOT EXISTS (SELECT 1 FROM chase_hold h WHERE h.person_id = p.id)
AND NOT EXISTS (SELECT 1 FROM chase_reply r WHERE r.person_id = p.id)"""


def left(*messages: tuple[str, int]) -> Callable[[Town], Town]:
    """These references left, so many days ago."""

    def tell(town: Town) -> Town:
        for reference, days_ago in messages:
            at = NOON - timedelta(days=days_ago)
            town.post.left.append(Left(at, reference, "text", "07700 900999", "Ring 020 7946 0100."))
        return town

    return tell


def entry(loan: str, **instead: str) -> Copy:
    """An entry of the ledger that says it was sent today."""
    about = {"loan_id": f"({loan})", "person_id": f"(SELECT person_id FROM loan WHERE id = ({loan}))"}
    channel = {"channel": f"(SELECT p.channel FROM person p JOIN loan l ON l.person_id = p.id WHERE l.id = ({loan}))"}
    fresh = {"due_version": "98", "reference": "'made-up'", "created_at": NOW, "changed_at": NOW, "along_with": "NULL"}
    day = {"message_day": f"'{LAST}'", "state": "'sent'", "stage": "0"}
    return Copy("chase", "state = 'sent'", {**about, **channel, **fresh, **day, **instead})


def event(table: str, where: str, **instead: str) -> Copy:
    return Copy(table, where, {"at": NOW, "client_at": "NULL", "client_id": "NULL", **instead})

"""The columns of what is only ever added to, so goes out and never comes in: rungs, messages, holds."""

from __future__ import annotations

from fleet.sheets.columns.fields import fields, out

CHASES = (
    out("number", lambda row: row.Chase.id),
    out("loan", lambda row: row.Chase.loan_id),
    out("person", lambda row: row.Chase.person_id),
    *fields(
        "Chase",
        "due_version",
        "due_on",
        "rung",
        "stage",
        "state",
        "channel",
        "language",
        "message_day",
        "failures",
        "note",
        "along_with",
        "created_at",
        "changed_at",
    ),
)
MESSAGES = tuple(column for column in CHASES if column.name not in ("stage", "failures", "note"))
HOLDS = (
    out("number", lambda row: row.ChaseHold.id),
    out("loan", lambda row: row.ChaseHold.loan_id),
    out("person", lambda row: row.ChaseHold.person_id),
    *fields("ChaseHold", "reason", "until", "placed_by", "placed_at", "lifted_by", "lifted_at"),
)

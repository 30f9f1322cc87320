"""ways to wipe, pauses, agreements to remove an account, and certificates that the database itself keeps as they are

Revision: 8c51d07e3b42
After: 7c1e58d0a3f6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8c51d07e3b42"
down_revision = "7c1e58d0a3f6"
branch_labels = None
depends_on = None

TEXT = {"nullable": False, "server_default": ""}
STATES = (
    "queued",
    "identity_check",
    "pre_facts",
    "reset_sent",
    "waiting_hands",
    "planned",
    "running",
    "verifying",
    "paused",
    "passed",
    "failed",
    "abandoned",
)


def run_columns() -> tuple[sa.Column[object], ...]:
    """Made anew for each use: a column belongs to one table."""
    return (
        sa.Column("route_asked", sa.String(length=40), **TEXT),
        sa.Column("route", sa.String(length=40), **TEXT),
        sa.Column("routes", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("first_stage", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("trade_in", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("paused_by", sa.String(length=120), nullable=True),
        sa.Column("paused_from", sa.Enum(*STATES, name="runstate", native_enum=False, length=40), nullable=True),
        sa.Column("resumes", sa.Integer(), nullable=False, server_default="0"),
    )


# A batch on SQLite copies the table and loses its triggers: a later migration that alters `certificate` makes them anew.
SQLITE = (
    """CREATE TRIGGER certificate_is_not_changed BEFORE UPDATE ON certificate
    BEGIN SELECT RAISE(ABORT, 'A certificate is final: it is neither changed nor deleted.'); END""",
    # REPLACE deletes the row in its way without asking the trigger on deletes (unless recursive_triggers is on).
    """CREATE TRIGGER certificate_is_not_replaced BEFORE INSERT ON certificate
    WHEN EXISTS (SELECT 1 FROM certificate WHERE id = NEW.id OR number = NEW.number OR run_id = NEW.run_id
        OR supersedes_id = NEW.supersedes_id)
    BEGIN SELECT RAISE(ABORT, 'A certificate is final: it is neither changed nor deleted.'); END""",
    """CREATE TRIGGER certificate_is_not_deleted BEFORE DELETE ON certificate
    BEGIN SELECT RAISE(ABORT, 'A certificate is final: it is neither changed nor deleted.'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION certificate_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'A certificate is final: it is neither changed nor deleted.'
        USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER certificate_is_not_changed BEFORE UPDATE OR DELETE ON certificate
    FOR EACH ROW EXECUTE FUNCTION certificate_is_final()""",
    """CREATE TRIGGER certificate_is_not_emptied BEFORE TRUNCATE ON certificate
    FOR EACH STATEMENT EXECUTE FUNCTION certificate_is_final()""",
)


def upgrade() -> None:
    # Columns are added one by one: on SQLite a batch would copy a table that other tables point at.
    for column in run_columns():
        op.add_column("bench_run", column)
    op.create_table(
        "bench_removal_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=False),
        sa.Column(
            "given_by",
            sa.Enum("giver", "organisation", "borrower", name="givenby", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "told_by",
            sa.Enum("in_person", "phone", "email", "letter", name="toldby", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_as", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_bench_removal_consent_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bench_removal_consent")),
    )
    op.create_index(op.f("ix_bench_removal_consent_tablet_id"), "bench_removal_consent", ["tablet_id"])
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER certificate_is_not_emptied ON certificate")
        op.execute("DROP TRIGGER certificate_is_not_changed ON certificate")
        op.execute("DROP FUNCTION certificate_is_final()")
    else:
        op.execute("DROP TRIGGER certificate_is_not_deleted")
        op.execute("DROP TRIGGER certificate_is_not_replaced")
        op.execute("DROP TRIGGER certificate_is_not_changed")
    op.drop_index(op.f("ix_bench_removal_consent_tablet_id"), table_name="bench_removal_consent")
    op.drop_table("bench_removal_consent")
    for column in reversed(run_columns()):
        op.drop_column("bench_run", column.name)

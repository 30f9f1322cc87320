"""hubs' own days, programmes' plans and for whom a programme is

Revision: 5d3f8a1c7e90
After: 9a4d17c6be52
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5d3f8a1c7e90"
down_revision = "9a4d17c6be52"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
KINDS = ("milestone", "cohort_starts", "cohort_ends", "data_collection")


def upgrade() -> None:
    _opening_hours()
    _closures()
    _plan_dates()
    op.add_column("programme", sa.Column("areas", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("programme", sa.Column("barriers", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("programme", sa.Column("turnaround_days", sa.Integer(), nullable=False, server_default="4"))
    op.add_column("cohort", sa.Column("kept_because", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_cohort_starts_on", "cohort", ["starts_on"], unique=False)
    op.create_index("ix_cohort_ends_on", "cohort", ["ends_on"], unique=False)
    # By its hub alone a loan is never looked for: every question about a hub's loans names their state.
    op.create_index("ix_loan_hub_id_state_due_on", "loan", ["hub_id", "state", "due_on"], unique=False)
    op.drop_index("ix_loan_hub_id", table_name="loan")


def _opening_hours() -> None:
    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_hours_is_a_weekday")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_opening_hours_closes_after_it_opens")),
        sa.ForeignKeyConstraint(["hub_id"], ["organisation.id"], name=op.f("fk_opening_hours_hub_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
        sa.UniqueConstraint("hub_id", "weekday", name=op.f("uq_opening_hours_hub_id_weekday")),
    )


def _closures() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("loans_moved", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("added_by", sa.String(length=120), nullable=False),
        sa.Column("added_at", WHEN, nullable=False),
        sa.Column("withdrawn_by", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_at", WHEN, nullable=True),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_closure_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["hub_id"], ["organisation.id"], name=op.f("fk_closure_hub_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("client_id", name=op.f("uq_closure_client_id")),
    )
    op.create_index(op.f("ix_closure_hub_id"), "closure", ["hub_id"], unique=False)


def _plan_dates() -> None:
    op.create_table(
        "plan_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Enum(*KINDS, name="datekind", native_enum=False, length=40), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kept_because", sa.Text(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_plan_date_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_plan_date_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_date")),
    )
    for column in ("programme_id", "cohort_id", "planned_on"):
        op.create_index(op.f(f"ix_plan_date_{column}"), "plan_date", [column], unique=False)


def downgrade() -> None:
    op.create_index("ix_loan_hub_id", "loan", ["hub_id"], unique=False)
    op.drop_index("ix_loan_hub_id_state_due_on", table_name="loan")
    op.drop_index("ix_cohort_ends_on", table_name="cohort")
    op.drop_index("ix_cohort_starts_on", table_name="cohort")
    op.drop_column("cohort", "kept_because")
    for column in ("turnaround_days", "barriers", "areas"):
        op.drop_column("programme", column)
    for table in ("plan_date", "closure", "opening_hours"):
        op.drop_table(table)

"""count failed sign-ins apart from the people they are about

Revision: 5b0f2c81d7a4
After: 969dde90b969
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b0f2c81d7a4"
down_revision = "969dde90b969"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
        sa.UniqueConstraint("account", "address", name=op.f("uq_sign_in_failure_account_address")),
    )
    op.create_index(op.f("ix_sign_in_failure_since"), "sign_in_failure", ["since"])
    # Without a batch: SQLite would copy the table, and rows of other tables point at it.
    op.drop_column("user", "failed_sign_ins")
    op.drop_column("user", "last_failure_at")


def downgrade() -> None:
    op.add_column("user", sa.Column("failed_sign_ins", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("user", sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(op.f("ix_sign_in_failure_since"), table_name="sign_in_failure")
    op.drop_table("sign_in_failure")

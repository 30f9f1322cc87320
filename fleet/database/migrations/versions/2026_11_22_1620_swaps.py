"""the other tablet of a swap, on its loan and on the courier's job

Revision: 9a4d17c6be52
After: 4c9a7e15d3b2
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9a4d17c6be52"
down_revision = "4c9a7e15d3b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added one by one: on SQLite a batch would copy tables that other tables point at.
    _point_at_tablet("loan", "swap_tablet_id")
    op.create_index("uq_loan_swap_tablet_id", "loan", ["swap_tablet_id"], unique=True)
    _point_at_tablet("delivery_job", "brings_id")
    op.create_index("ix_delivery_job_brings_id", "delivery_job", ["brings_id"], unique=False)


def _point_at_tablet(table: str, name: str) -> None:
    key = sa.ForeignKey("tablet.id", name=f"fk_{table}_{name}_tablet")
    op.add_column(table, sa.Column(name, sa.Integer(), key, nullable=True), inline_references=True)


def downgrade() -> None:
    op.drop_index("ix_delivery_job_brings_id", table_name="delivery_job")
    op.drop_column("delivery_job", "brings_id")
    op.drop_index("uq_loan_swap_tablet_id", table_name="loan")
    op.drop_column("loan", "swap_tablet_id")

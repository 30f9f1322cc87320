"""say which hub a partner works with, and whose labels were printed, where there are several hubs

Revision: 7a1c94e0d3b6
After: 6e8d20b5c7f1
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7a1c94e0d3b6"
down_revision = "6e8d20b5c7f1"
branch_labels = None
depends_on = None


_TABLES = ("organisation", "print_batch")


def upgrade() -> None:
    # Added to the tables as they stand: on SQLite a batch would copy tables that others point at.
    for table in _TABLES:
        key = sa.ForeignKey("organisation.id", name=f"fk_{table}_hub_id_organisation")
        op.add_column(table, sa.Column("hub_id", sa.Integer(), key, nullable=True), inline_references=True)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "hub_id")

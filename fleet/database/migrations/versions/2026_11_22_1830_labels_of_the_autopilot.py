"""the label printer that a bench's autopilot sends to

Revision: b7e2506f1c94
After: e3b81c5f9d07
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7e2506f1c94"
down_revision = "e3b81c5f9d07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added by itself: on SQLite a batch would copy a table that other tables point at.
    key = sa.ForeignKey("printer.id", name="fk_bench_label_printer_id_printer")
    op.add_column("bench", sa.Column("label_printer_id", sa.Integer(), key, nullable=True), inline_references=True)


def downgrade() -> None:
    op.drop_column("bench", "label_printer_id")

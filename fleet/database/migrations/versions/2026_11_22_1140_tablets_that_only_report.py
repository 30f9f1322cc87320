"""whether the tablet in a slot stands in its first-run setup and only reports

Revision: 7d1e64c2f0b9
After: 2f7b90c4d1a8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d1e64c2f0b9"
down_revision = "2f7b90c4d1a8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    reporting = sa.Column("seen_reporting", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("bench_slot", reporting)


def downgrade() -> None:
    op.drop_column("bench_slot", "seen_reporting")

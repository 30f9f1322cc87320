"""when somebody asked for a look into a slot

Revision: 2f7b90c4d1a8
After: 5e0c3a914d77
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2f7b90c4d1a8"
down_revision = "5e0c3a914d77"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bench_slot", sa.Column("look_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("bench_slot", "look_asked_at")

"""a cohort says when it was changed last, for the calendars that show its days

Revision: 9d4f7a1c36e2
After: 6c2d91f4e8b7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9d4f7a1c36e2"
down_revision = "6c2d91f4e8b7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("cohort", "changed_at")

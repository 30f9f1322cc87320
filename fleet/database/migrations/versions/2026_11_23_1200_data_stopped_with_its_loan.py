"""nobody is asked to keep data going for somebody of whom all contact was stopped

Revision: 6c2d91f4e8b7
After: 4b8e20c7a95d
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6c2d91f4e8b7"
down_revision = "4b8e20c7a95d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sim_use", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE sim_use SET stopped_at = (SELECT loan.stopped_at FROM loan WHERE loan.id = sim_use.loan_id) "
        "WHERE over_at IS NULL"
    )


def downgrade() -> None:
    op.drop_column("sim_use", "stopped_at")

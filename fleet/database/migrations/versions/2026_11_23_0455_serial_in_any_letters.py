"""a tablet is found by its serial in small or capital letters without looking at all of them

Revision: 5e1a7c93d0b6
After: 3b8d05e7a1c4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5e1a7c93d0b6"
down_revision = "3b8d05e7a1c4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tablet_serial_lower", "tablet", [sa.text("lower(serial)")])


def downgrade() -> None:
    op.drop_index("ix_tablet_serial_lower", "tablet")

"""the last scan of a tablet at a desk is found at once, however many scans there were

Revision: e8b36d0f9a17
After: c4a71f5e2d90
"""

from __future__ import annotations

from alembic import op

revision = "e8b36d0f9a17"
down_revision = "c4a71f5e2d90"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_desk_scan_tablet_id", "desk_scan", ["tablet_id"])


def downgrade() -> None:
    op.drop_index("ix_desk_scan_tablet_id", "desk_scan")

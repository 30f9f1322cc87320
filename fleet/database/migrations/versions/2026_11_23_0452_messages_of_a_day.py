"""the messages of one day are found without reading the whole ledger

Revision: 7c2fa3d05e61
After: 8f3c52d917ea
"""

from __future__ import annotations

from alembic import op

revision = "7c2fa3d05e61"
down_revision = "8f3c52d917ea"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_chase_message_day", "chase", ["message_day"])


def downgrade() -> None:
    op.drop_index("ix_chase_message_day", table_name="chase")

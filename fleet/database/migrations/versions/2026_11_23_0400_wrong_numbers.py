"""that a phone number turned out to be somebody else's is kept, and nobody is written to by it

Revision: 9f04c7d21be6
After: e8b36d0f9a17
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9f04c7d21be6"
down_revision = "e8b36d0f9a17"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("phone_wrong_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "phone_wrong_on")

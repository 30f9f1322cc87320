"""couriers' calendar feeds

Revision: 4c9a7e15d3b2
After: 6b2e91d47fa3
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4c9a7e15d3b2"
down_revision = "6b2e91d47fa3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courier_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_courier_feed_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_courier_feed_token_hash")),
        sa.UniqueConstraint("user_id", name=op.f("uq_courier_feed_user_id")),
    )


def downgrade() -> None:
    op.drop_table("courier_feed")

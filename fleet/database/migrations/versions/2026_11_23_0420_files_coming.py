"""long files that come in wait for a worker, which checks and keeps them

Revision: 7c2f9e41b8d0
After: 7c1f0e5ab942
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c2f9e41b8d0"
down_revision = "7c1f0e5ab942"
branch_labels = None
depends_on = None

_STATES = ("checking", "checked", "keeping", "kept", "refused", "stopped")


def upgrade() -> None:
    op.create_table(
        "file_coming",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.Enum(*_STATES, name="comingstate", native_enum=False, length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("doing", sa.String(40), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_file_coming_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_coming")),
    )
    op.create_index("ix_file_coming_user_id_at", "file_coming", ["user_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_file_coming_user_id_at", "file_coming")
    op.drop_table("file_coming")

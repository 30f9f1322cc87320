"""when a letter was printed, with which others, and whether somebody posted it

Revision: 8f3c52d917ea
After: 7c2f9e41b8d0
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from fleet.database.base import UtcDateTime

revision = "8f3c52d917ea"
down_revision = "7c2f9e41b8d0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chase_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chase_id", sa.Integer(), nullable=False),
        sa.Column("print_ref", sa.String(length=40), nullable=False),
        sa.Column("printed_at", UtcDateTime(), nullable=False),
        sa.Column("printed_by", sa.String(length=120), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("posted_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["chase_id"], ["chase.id"], name=op.f("fk_chase_letter_chase_id_chase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_letter")),
        sa.UniqueConstraint("chase_id", name=op.f("uq_chase_letter_chase_id")),
    )
    op.create_index(op.f("ix_chase_letter_print_ref"), "chase_letter", ["print_ref"])


def downgrade() -> None:
    _as_before()
    op.drop_table("chase_letter")


def _as_before() -> None:
    """A letter of the queue counted as sent."""
    op.execute("UPDATE chase SET state = 'sent' WHERE state IN ('to_print', 'printed')")

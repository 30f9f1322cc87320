"""a programme says from when on a loan may be extended, and a due date whether it was given sooner

Revision: 8c2f6a41d7e9
After: 7c2f9e51d8a4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8c2f6a41d7e9"
down_revision = "7c2f9e51d8a4"
branch_labels = None
depends_on = None

_INDEX = "ix_loan_due_version_beyond"
_OF_THREE = "beyond_number OR beyond_length OR beyond_need"
_OF_FOUR = "beyond_number OR beyond_length OR beyond_need OR beyond_early"


def upgrade() -> None:
    op.add_column("programme", sa.Column("extend_from_days", sa.Integer(), nullable=True))
    went_beyond = sa.Column("beyond_early", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("loan_due_version", went_beyond)
    _index(_OF_FOUR)


def downgrade() -> None:
    _index(_OF_THREE)
    op.drop_column("loan_due_version", "beyond_early")
    op.drop_column("programme", "extend_from_days")


def _index(where: str) -> None:
    op.drop_index(_INDEX, "loan_due_version")
    when = sa.text(where)
    op.create_index(_INDEX, "loan_due_version", ["loan_id"], sqlite_where=when, postgresql_where=when)

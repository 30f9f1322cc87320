"""a programme says how long a loan may last in all, and a due date whether it went beyond that

Revision: 4d1e7b80a3f2
After: b3d9a7f0c615
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4d1e7b80a3f2"
down_revision = "b3d9a7f0c615"
branch_labels = None
depends_on = None

_INDEX = "ix_loan_due_version_beyond"
_OF_TWO = "beyond_number OR beyond_need"
_OF_THREE = "beyond_number OR beyond_length OR beyond_need"


def upgrade() -> None:
    op.add_column("programme", sa.Column("longest_days", sa.Integer(), nullable=True))
    went_beyond = sa.Column("beyond_length", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("loan_due_version", went_beyond)
    _index(_OF_THREE)


def downgrade() -> None:
    _index(_OF_TWO)
    op.drop_column("loan_due_version", "beyond_length")
    op.drop_column("programme", "longest_days")


def _index(where: str) -> None:
    op.drop_index(_INDEX, "loan_due_version")
    when = sa.text(where)
    op.create_index(_INDEX, "loan_due_version", ["loan_id"], sqlite_where=when, postgresql_where=when)

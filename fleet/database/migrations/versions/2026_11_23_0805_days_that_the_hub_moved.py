"""a due date says why the hub moved it, where nobody asked for it

Revision: 4b8e20c7a95d
After: 5e1a7c93d0b6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4b8e20c7a95d"
down_revision = "5e1a7c93d0b6"
branch_labels = None
depends_on = None

_INDEX = "ix_loan_due_version_moved"


def upgrade() -> None:
    why = sa.Enum("closure", "cohort", name="movedbecause", native_enum=False, length=40)
    op.add_column("loan_due_version", sa.Column("moved_because", why, nullable=True))
    when = sa.text("moved_because IS NOT NULL")
    op.create_index(
        _INDEX, "loan_due_version", ["due_on", "loan_id"], sqlite_where=when, postgresql_where=when
    )


def downgrade() -> None:
    op.drop_index(_INDEX, "loan_due_version")
    op.drop_column("loan_due_version", "moved_because")

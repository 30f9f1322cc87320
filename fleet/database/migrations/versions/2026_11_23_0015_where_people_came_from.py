"""keep which number somebody had in the file that they came with

Revision: b3d9a7f0c615
After: 7f3a1d9c52e8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b3d9a7f0c615"
down_revision = "7f3a1d9c52e8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("reference", sa.String(length=60), nullable=False, server_default=""))
    op.create_index(
        "uq_person_reference",
        "person",
        ["reference"],
        unique=True,
        sqlite_where=sa.text("reference != ''"),
        postgresql_where=sa.text("reference != ''"),
    )


def downgrade() -> None:
    op.drop_index("uq_person_reference", table_name="person")
    op.drop_column("person", "reference")

"""keep how somebody hears from us whose language has only a draft of our messages, or none

Revision: 6e8d20b5c7f1
After: 5d2f8c1ab704
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6e8d20b5c7f1"
down_revision = "c4b7e2a91f35"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chase_language",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column(
            "choice",
            sa.Enum("english", "draft", "call", name="languagechoice", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.Column("set_role", sa.String(length=40), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_chase_language_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_language")),
        sa.UniqueConstraint("person_id", name=op.f("uq_chase_language_person_id")),
    )


def downgrade() -> None:
    op.execute("UPDATE chase SET state = 'sending' WHERE state = 'preparing'")
    op.drop_table("chase_language")

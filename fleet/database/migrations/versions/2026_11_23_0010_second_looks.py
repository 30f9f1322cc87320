"""what needs a second person, and when a stop of all contact was taken back

Revision: e8b31c5f2a94
After: 7a1c94e0d3b6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e8b31c5f2a94"
down_revision = "7a1c94e0d3b6"
branch_labels = None
depends_on = None

_OPEN = "decided_at IS NULL"
_INDEXES = (
    ("uq_second_look_loan", ["loan_id", "move"], True, _OPEN),
    ("uq_second_look_person", ["person_id"], True, f"{_OPEN} AND loan_id IS NULL"),
    ("ix_second_look_open", ["asked_at", "id"], False, _OPEN),
)


def upgrade() -> None:
    op.add_column("loan", sa.Column("stop_lifted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "second_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=True),
        sa.Column("tablet_id", sa.Integer(), nullable=True),
        sa.Column("move", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_role", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_second_look_loan_id_loan")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_look_person_id_person")),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_second_look_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_look")),
    )
    op.create_index(op.f("ix_second_look_loan_id"), "second_look", ["loan_id"])
    op.create_index(op.f("ix_second_look_person_id"), "second_look", ["person_id"])
    for name, columns, unique, where in _INDEXES:
        op.create_index(
            name, "second_look", columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    # Nobody is left to agree to a loss by then; a death that was to be taken back stays recorded.
    op.drop_table("second_look")
    op.drop_column("loan", "stop_lifted_at")

"""erasure and who viewed whom, voluntary answers about equality, households and apps, who asked for a loan

Revision: 5d2f8c1ab704
After: b71e5d90c2a8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5d2f8c1ab704"
down_revision = "b71e5d90c2a8"
branch_labels = None
depends_on = None

WAITS = "state IN ('waiting', 'approved')"


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("household", sa.String(length=40), nullable=True))
    op.add_column("person", sa.Column("apps_used", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("loan", sa.Column("asked_by", sa.String(length=40), nullable=False, server_default="staff"))
    op.execute("UPDATE loan SET asked_by = 'partner' WHERE referrer_id IS NOT NULL")
    op.create_index(
        "ix_loan_waits",
        "loan",
        ["requested_at", "id"],
        sqlite_where=sa.text(WAITS),
        postgresql_where=sa.text(WAITS),
    )
    op.create_index(
        "ix_person_need_review_on",
        "person_need",
        ["review_on", "person_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    _views()
    _erasures()
    _equality()


def _views() -> None:
    op.create_table(
        "person_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_view_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_view")),
        sa.UniqueConstraint("person_id", "user_id", "role", "day", name=op.f("uq_person_view_person_id_user_id_role_day")),
    )


def _erasures() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(
        "uq_erasure_open",
        "erasure",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("called_off_at IS NULL"),
        postgresql_where=sa.text("called_off_at IS NULL"),
    )
    waiting = "done_at IS NULL AND called_off_at IS NULL"
    op.create_index(
        "ix_erasure_waiting", "erasure", ["id"], sqlite_where=sa.text(waiting), postgresql_where=sa.text(waiting)
    )


def _equality() -> None:
    op.create_table(
        "equality_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("nation", sa.String(length=3), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_equality_answer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality_answer")),
        sa.UniqueConstraint("person_id", "question", name=op.f("uq_equality_answer_person_id_question")),
    )
    op.create_index("ix_equality_answer_question_answer", "equality_answer", ["question", "nation", "answer"])


def downgrade() -> None:
    op.drop_table("equality_answer")
    op.drop_table("erasure")
    op.drop_table("person_view")
    op.drop_index("ix_person_need_review_on", table_name="person_need")
    op.drop_index("ix_loan_waits", table_name="loan")
    op.drop_column("loan", "asked_by")
    op.drop_column("person", "apps_used")
    op.drop_column("person", "household")
    op.drop_column("person", "erased_at")

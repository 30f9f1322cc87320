"""ladders of programmes, answers, messages about several loans, and the index a tick looks loans up by

Revision: e3b81c5f9d07
After: 5d3f8a1c7e90
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e3b81c5f9d07"
down_revision = "5d3f8a1c7e90"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("chase") as batch:
        batch.add_column(sa.Column("along_with", sa.Integer(), nullable=True))
        batch.drop_constraint("uq_chase_person_id_message_day", type_="unique")
        batch.create_foreign_key("fk_chase_along_with_chase", "chase", ["along_with"], ["id"])
    op.create_index("ix_chase_along_with", "chase", ["along_with"], unique=False)
    op.create_index(
        "uq_chase_message_day",
        "chase",
        ["person_id", "message_day"],
        unique=True,
        sqlite_where=sa.text("along_with IS NULL"),
        postgresql_where=sa.text("along_with IS NULL"),
    )
    op.create_index("ix_chase_person_id_message_day", "chase", ["person_id", "message_day"], unique=False)
    op.create_index(
        "ix_loan_programme_id_state_due_on", "loan", ["programme_id", "state", "due_on", "id"], unique=False
    )
    op.create_index("ix_person_email", "person", ["email"], unique=False)
    op.create_table(
        "chase_ladder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("rungs", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.Column("set_role", sa.String(length=40), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_chase_ladder_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_ladder")),
    )
    op.create_index("ix_chase_ladder_programme_id", "chase_ladder", ["programme_id"], unique=False)
    op.create_table(
        "chase_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.String(length=120), nullable=False),
        sa.Column("read_by", sa.String(length=120), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_chase_reply_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_reply")),
        sa.UniqueConstraint("client_id", name=op.f("uq_chase_reply_client_id")),
    )
    op.create_index("ix_chase_reply_person_id_read_at", "chase_reply", ["person_id", "read_at"], unique=False)
    op.create_table(
        "chase_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_mark")),
    )


def downgrade() -> None:
    # What the earlier version has no word for becomes the nearest that it has.
    op.execute("UPDATE chase_hold SET reason = 'our_fault' WHERE reason = 'says_given_back'")
    op.execute("UPDATE chase_call SET outcome = 'spoke' WHERE outcome = 'says_given_back'")
    op.drop_table("chase_mark")
    op.drop_table("chase_reply")
    op.drop_table("chase_ladder")
    op.drop_index("ix_person_email", table_name="person")
    op.drop_index("ix_loan_programme_id_state_due_on", table_name="loan")
    op.drop_index("ix_chase_person_id_message_day", table_name="chase")
    op.drop_index("uq_chase_message_day", table_name="chase")
    op.drop_index("ix_chase_along_with", table_name="chase")
    op.execute("UPDATE chase SET message_day = NULL WHERE along_with IS NOT NULL")
    with op.batch_alter_table("chase") as batch:
        batch.drop_constraint("fk_chase_along_with_chase", type_="foreignkey")
        batch.drop_column("along_with")
        batch.create_unique_constraint("uq_chase_person_id_message_day", ["person_id", "message_day"])

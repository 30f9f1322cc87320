"""agreement texts, each loan's own agreement kept as it was accepted, and answers where papers lack a language

Revision: b7c3e05f1a94
After: b7e2506f1c94
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7c3e05f1a94"
down_revision = "b7e2506f1c94"
branch_labels = None
depends_on = None

# A batch on SQLite copies the table and loses its triggers: a later migration that alters `loan_agreement` makes them anew.
SQLITE = (
    """CREATE TRIGGER loan_agreement_is_not_changed BEFORE UPDATE ON loan_agreement WHEN OLD.frozen_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'An accepted agreement is kept as it was.'); END""",
    """CREATE TRIGGER loan_agreement_is_not_deleted BEFORE DELETE ON loan_agreement WHEN OLD.frozen_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'An accepted agreement is kept as it was.'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION loan_agreement_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'An accepted agreement is kept as it was.'
        USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER loan_agreement_is_not_changed BEFORE UPDATE OR DELETE ON loan_agreement
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION loan_agreement_is_kept()""",
)


def upgrade() -> None:
    op.create_table(
        "agreement_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_words(),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_agreement_text_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_text")),
        sa.UniqueConstraint(
            "programme_id", "language", "version", name=op.f("uq_agreement_text_programme_id_language_version")
        ),
    )
    op.create_table(
        "loan_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_words(),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tablet_code", sa.String(length=20), nullable=False),
        sa.Column("give_back_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_agreement_loan_id_loan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_agreement")),
        sa.UniqueConstraint("loan_id", name=op.f("uq_loan_agreement_loan_id")),
    )
    op.create_table(
        "loan_language_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column(
            "answer", sa.Enum("english", "wait", name="missinglanguage", native_enum=False, length=40), nullable=False
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_language_answer_loan_id_loan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_language_answer")),
        sa.UniqueConstraint("loan_id", name=op.f("uq_loan_language_answer_loan_id")),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def _words() -> tuple[sa.Column, ...]:
    return (
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("accept", sa.Text(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("loan_language_answer")
    op.drop_table("loan_agreement")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION loan_agreement_is_kept()")
    op.drop_table("agreement_text")

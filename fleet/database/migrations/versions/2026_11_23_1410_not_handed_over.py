"""an agreement that was accepted by mistake is taken back, and another one made

Revision: 9d3a57c1e06f
After: 9d4f7a1c36e2
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9d3a57c1e06f"
down_revision = "9d4f7a1c36e2"
branch_labels = None
depends_on = None

_OLD, _NEW = "uq_loan_agreement_loan_id", "uq_loan_agreement_current"
_COLUMNS = (
    *("id", "loan_id", "language", "source", "version", "reviewed", "title", "lead", "accept", "digest"),
    *("made_at", "frozen_at", "tablet_code", "give_back_on"),
)
_REFUSED = "An accepted agreement is kept as it was."
_NOTHING_ELSE = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _COLUMNS)
_TAKEN_BACK_ONCE = "OLD.taken_back_at IS NULL AND NEW.taken_back_at IS NOT NULL"
_SAME_TERMS = {"sqlite": "NEW.terms = OLD.terms", "postgresql": "NEW.terms::text = OLD.terms::text"}


def upgrade() -> None:
    _drop_triggers()
    with op.batch_alter_table("loan_agreement", copy_from=_table(sa.UniqueConstraint("loan_id", name=_OLD))) as batch:
        batch.add_column(sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_constraint(_OLD, type_="unique")
        batch.create_index("ix_loan_agreement_loan_id", ["loan_id"])
    current = sa.text("taken_back_at IS NULL")
    op.create_index(
        _NEW, "loan_agreement", ["loan_id"], unique=True, sqlite_where=current, postgresql_where=current
    )
    _make_triggers(f"({_TAKEN_BACK_ONCE} AND {_NOTHING_ELSE} AND {_SAME_TERMS[op.get_bind().dialect.name]})")


def downgrade() -> None:
    _drop_triggers()
    op.execute("DELETE FROM loan_agreement WHERE taken_back_at IS NOT NULL")
    op.drop_index(_NEW, table_name="loan_agreement")
    taken_back = sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True)
    with op.batch_alter_table("loan_agreement", copy_from=_table(taken_back, sa.Index("ix_loan_agreement_loan_id", "loan_id"))) as batch:
        batch.drop_index("ix_loan_agreement_loan_id")
        batch.create_unique_constraint(_OLD, ["loan_id"])
        batch.drop_column("taken_back_at")
    _make_triggers("1 = 0")


def _table(*more: sa.SchemaItem) -> sa.Table:
    """As it is: on SQLite it is copied, and nothing points at it."""
    known = sa.MetaData()
    sa.Table("loan", known, sa.Column("id", sa.Integer(), primary_key=True))
    return sa.Table(
        "loan_agreement",
        known,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("accept", sa.Text(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tablet_code", sa.String(length=20), nullable=False),
        sa.Column("give_back_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name="fk_loan_agreement_loan_id_loan"),
        sa.PrimaryKeyConstraint("id", name="pk_loan_agreement"),
        *more,
    )


def _drop_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER loan_agreement_is_not_changed")
        op.execute("DROP TRIGGER loan_agreement_is_not_deleted")
    else:
        op.execute("DROP TRIGGER loan_agreement_is_not_changed ON loan_agreement")
        op.execute("DROP TRIGGER IF EXISTS loan_agreement_is_not_deleted ON loan_agreement")


def _make_triggers(allowed: str) -> None:
    """`allowed` is the one change of an accepted agreement that is none of its words."""
    when = f"OLD.frozen_at IS NOT NULL AND NOT {allowed}"
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        op.execute(f"CREATE TRIGGER loan_agreement_is_not_changed BEFORE UPDATE ON loan_agreement WHEN {when} {refuse}")
        op.execute(
            "CREATE TRIGGER loan_agreement_is_not_deleted BEFORE DELETE ON loan_agreement "
            f"WHEN OLD.frozen_at IS NOT NULL {refuse}"
        )
        return
    op.execute(
        "CREATE TRIGGER loan_agreement_is_not_changed BEFORE UPDATE ON loan_agreement "
        f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION loan_agreement_is_kept()"
    )
    op.execute(
        "CREATE TRIGGER loan_agreement_is_not_deleted BEFORE DELETE ON loan_agreement "
        "FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION loan_agreement_is_kept()"
    )

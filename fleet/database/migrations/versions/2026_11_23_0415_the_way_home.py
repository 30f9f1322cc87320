"""a stop of a courier's run may bring a tablet home from another hub, for nobody's loan

Revision: 7c1f0e5ab942
After: 8c2f6a41d7e9
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c1f0e5ab942"
down_revision = "8c2f6a41d7e9"
branch_labels = None
depends_on = None

_INDEX = "uq_delivery_job_open_home"
_OPEN = sa.text("kind = 'home' AND state IN ('planned', 'offered', 'accepted', 'loaded', 'failed')")
_HUBS = ("from_hub_id", "to_hub_id")
_ALWAYS, _PERHAPS = "loan_id INTEGER NOT NULL", "loan_id INTEGER"
_POINTING = ("scan", "courier_run_event")
"""The tables with a `job_id`."""


def upgrade() -> None:
    _of_a_loan(perhaps=True)
    for name in _HUBS:
        key = sa.ForeignKey("organisation.id", name=f"fk_delivery_job_{name}_organisation")
        op.add_column("delivery_job", sa.Column(name, sa.Integer(), key, nullable=True), inline_references=True)
    op.create_index(_INDEX, "delivery_job", ["tablet_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    """Ways home were no stops before, so they go. What was told of them, and who planned them, stays with their run."""
    op.drop_index(_INDEX, "delivery_job")
    for table in _POINTING:
        op.execute(
            f"UPDATE {table} SET job_id = NULL"  # noqa: S608 a table of ours
            " WHERE job_id IN (SELECT id FROM delivery_job WHERE loan_id IS NULL)"
        )
    op.execute("DELETE FROM delivery_job WHERE loan_id IS NULL")
    for name in _HUBS:
        op.drop_column("delivery_job", name)
    _of_a_loan(perhaps=False)


def _of_a_loan(*, perhaps: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _written_anew(*((_ALWAYS, _PERHAPS) if perhaps else (_PERHAPS, _ALWAYS)))
    else:
        op.alter_column("delivery_job", "loan_id", existing_type=sa.Integer(), nullable=perhaps)


def _written_anew(before: str, after: str) -> None:
    """SQLite changes what a column may hold by writing the table anew, by its own words so that all else stays; and it
    drops no table that another row points at, so which stop each was about is put aside meanwhile."""
    bind = op.get_bind()
    words = bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'delivery_job'"))
    indexes = bind.scalars(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'delivery_job' AND sql IS NOT NULL")
    ).all()
    if not words or before not in words:
        raise RuntimeError(f"delivery_job is not as it was made: {before!r} is not in its definition")
    for table in _POINTING:
        op.execute(f"CREATE TABLE {table}_aside AS SELECT id, job_id FROM {table} WHERE job_id IS NOT NULL")  # noqa: S608 as above
        op.execute(f"CREATE UNIQUE INDEX {table}_aside_id ON {table}_aside (id)")
        op.execute(f"UPDATE {table} SET job_id = NULL WHERE job_id IS NOT NULL")  # noqa: S608 as above
    op.execute("CREATE TABLE delivery_job_aside AS SELECT * FROM delivery_job")
    op.execute("DROP TABLE delivery_job")
    op.execute(words.replace(before, after))
    op.execute("INSERT INTO delivery_job SELECT * FROM delivery_job_aside")
    op.execute("DROP TABLE delivery_job_aside")
    for index in indexes:
        op.execute(index)
    for table in _POINTING:
        op.execute(
            f"UPDATE {table} SET job_id = (SELECT aside.job_id FROM {table}_aside aside WHERE aside.id = {table}.id)"  # noqa: S608 as above
            f" WHERE id IN (SELECT id FROM {table}_aside)"
        )
        op.execute(f"DROP TABLE {table}_aside")

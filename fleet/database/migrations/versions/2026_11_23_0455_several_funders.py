"""a programme has several funders, each with what it pays for, and the outcomes that it counts

Revision: 3b8d05e7a1c4
After: 7c2fa3d05e61
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3b8d05e7a1c4"
down_revision = "7c2fa3d05e61"
branch_labels = None
depends_on = None

_KEY = "fk_programme_funder_id_organisation"
_AS_MADE = f"CONSTRAINT {_KEY} FOREIGN KEY(funder_id) REFERENCES organisation (id), "


def upgrade() -> None:
    op.add_column("programme", sa.Column("outcomes", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "programme_funder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("funder_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(120), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_funder_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(
            ["funder_id"], ["organisation.id"], name=op.f("fk_programme_funder_funder_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_funder")),
        sa.UniqueConstraint("programme_id", "funder_id", name=op.f("uq_programme_funder_programme_id_funder_id")),
    )
    op.create_index("ix_programme_funder_funder_id", "programme_funder", ["funder_id"])
    op.execute(
        "INSERT INTO programme_funder (programme_id, funder_id, note, place)"
        " SELECT id, funder_id, '', 0 FROM programme WHERE funder_id IS NOT NULL"
    )
    op.drop_index("ix_programme_funder_id", "programme")
    _without_the_key()
    op.drop_column("programme", "funder_id")


def downgrade() -> None:
    """One funder is kept: the first that was written down."""
    key = sa.ForeignKey("organisation.id", name=_KEY)
    op.add_column("programme", sa.Column("funder_id", sa.Integer(), key, nullable=True), inline_references=True)
    op.execute(
        "UPDATE programme SET funder_id = (SELECT paying.funder_id FROM programme_funder paying"
        " WHERE paying.programme_id = programme.id ORDER BY paying.place LIMIT 1)"
    )
    op.create_index("ix_programme_funder_id", "programme", ["funder_id"])
    op.drop_table("programme_funder")
    op.drop_column("programme", "outcomes")


def _without_the_key() -> None:
    """SQLite drops no column that a key of the whole table names, so that table is written anew by its own words, but
    for the key; rows that point at it are asked about once it is filled again."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return
    words = bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'programme'"))
    made = " ".join((words or "").split())
    if _AS_MADE not in made:
        return
    indexes = bind.scalars(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'programme' AND sql IS NOT NULL")
    ).all()
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE programme_aside AS SELECT * FROM programme")
    op.execute("DROP TABLE programme")
    op.execute(made.replace(_AS_MADE, ""))
    op.execute("INSERT INTO programme SELECT * FROM programme_aside")
    op.execute("DROP TABLE programme_aside")
    for index in indexes:
        op.execute(index)

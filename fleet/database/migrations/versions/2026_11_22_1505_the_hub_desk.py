"""shelves and what lies on them, the desk's scans, stock-takes, and where somebody says a tablet is

Revision: 6b2e91d47fa3
After: 3c8a5d20e7f4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6b2e91d47fa3"
down_revision = "3c8a5d20e7f4"
branch_labels = None
depends_on = None

MODES = ("find", "receive", "clean", "put_away", "load", "check_kit", "count")
OUTCOMES = ("applied", "already", "blocked", "not_found")


def words(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def upgrade() -> None:
    _shelves()
    _stock_takes()
    _desk_scans()
    _sightings()


def _shelves() -> None:
    op.create_table(
        "shelf",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["organisation.id"], name=op.f("fk_shelf_hub_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf")),
        sa.UniqueConstraint("code", name=op.f("uq_shelf_code")),
        sa.UniqueConstraint("hub_id", "name", name=op.f("uq_shelf_hub_id_name")),
    )
    op.create_table(
        "put_away",
        sa.Column("tablet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["shelf_id"], ["shelf.id"], name=op.f("fk_put_away_shelf_id_shelf")),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_put_away_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("tablet_id", name=op.f("pk_put_away")),
    )
    op.create_index(op.f("ix_put_away_shelf_id"), "put_away", ["shelf_id"], unique=False)


def _stock_takes() -> None:
    op.create_table(
        "stock_take",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.String(length=120), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["organisation.id"], name=op.f("fk_stock_take_hub_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_take")),
    )
    op.create_index(
        "uq_stock_take_open_hub",
        "stock_take",
        ["hub_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "counted_shelf",
        sa.Column("stock_take_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shelf_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["shelf_id"], ["shelf.id"], name=op.f("fk_counted_shelf_shelf_id_shelf")),
        sa.ForeignKeyConstraint(
            ["stock_take_id"], ["stock_take.id"], name=op.f("fk_counted_shelf_stock_take_id_stock_take")
        ),
        sa.PrimaryKeyConstraint("stock_take_id", "shelf_id", name=op.f("pk_counted_shelf")),
    )
    op.create_table(
        "stock_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stock_take_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=140), nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["shelf_id"], ["shelf.id"], name=op.f("fk_stock_count_shelf_id_shelf")),
        sa.ForeignKeyConstraint(
            ["stock_take_id"], ["stock_take.id"], name=op.f("fk_stock_count_stock_take_id_stock_take")
        ),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_stock_count_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
        sa.UniqueConstraint("stock_take_id", "what", name=op.f("uq_stock_count_stock_take_id_what")),
    )


def _desk_scans() -> None:
    op.create_table(
        "desk_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("mode", words(*MODES, name="deskmode"), nullable=False),
        sa.Column("mode_before", words(*MODES, name="deskmode"), nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=True),
        sa.Column("stock_take_id", sa.Integer(), nullable=True),
        sa.Column("outcome", words(*OUTCOMES, name="deskoutcome"), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("href", sa.String(length=120), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=True),
        sa.Column("shelf_before_id", sa.Integer(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shelf_before_id"], ["shelf.id"], name=op.f("fk_desk_scan_shelf_before_id_shelf")),
        sa.ForeignKeyConstraint(["shelf_id"], ["shelf.id"], name=op.f("fk_desk_scan_shelf_id_shelf")),
        sa.ForeignKeyConstraint(
            ["stock_take_id"], ["stock_take.id"], name=op.f("fk_desk_scan_stock_take_id_stock_take")
        ),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_desk_scan_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_scan")),
        sa.UniqueConstraint("client_id", name=op.f("uq_desk_scan_client_id")),
    )
    op.create_index("ix_desk_scan_actor_id_device_id", "desk_scan", ["actor_id", "device", "id"], unique=False)


def _sightings() -> None:
    op.create_table(
        "tablet_sighting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=120), nullable=False),
        sa.Column("settle_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_tablet_sighting_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablet_sighting")),
    )
    op.create_index(
        "ix_tablet_sighting_open",
        "tablet_sighting",
        ["id"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(op.f("ix_tablet_sighting_tablet_id"), "tablet_sighting", ["tablet_id"], unique=False)


def downgrade() -> None:
    op.drop_table("tablet_sighting")
    op.drop_table("stock_count")
    op.drop_table("put_away")
    op.drop_table("desk_scan")
    op.drop_table("counted_shelf")
    op.drop_table("stock_take")
    op.drop_table("shelf")

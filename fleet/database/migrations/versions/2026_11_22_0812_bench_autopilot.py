"""the bench goes on by itself: autopilot, scans, benches elsewhere, lanes of jobs

Revision: 3e9a41c07d52
After: 5b0f2c81d7a4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3e9a41c07d52"
down_revision = "5b0f2c81d7a4"
branch_labels = None
depends_on = None

YES_OR_NO = {"nullable": False, "server_default": sa.false()}
TEXT = {"nullable": False, "server_default": ""}


def bench_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column(
            "kind",
            sa.Enum("local", "ssh", name="benchkind", native_enum=False, length=40),
            nullable=False,
            server_default="local",
        ),
        sa.Column("host", sa.String(length=120), **TEXT),
        sa.Column("port", sa.Integer(), nullable=False, server_default="22"),
        sa.Column("sign_in_as", sa.String(length=60), **TEXT),
        sa.Column("host_key", sa.Text(), **TEXT),
        sa.Column("host_key_by", sa.String(length=120), **TEXT),
        sa.Column("own_worker", sa.Boolean(), **YES_OR_NO),
        sa.Column("autopilot", sa.Boolean(), **YES_OR_NO),
        sa.Column("autopilot_round", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("autopilot_by", sa.String(length=120), **TEXT),
        sa.Column("autopilot_by_id", sa.Integer(), nullable=True),
        sa.Column("autopilot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("profile", sa.String(length=80), **TEXT),
        sa.Column("label_sheet", sa.String(length=40), **TEXT),
        sa.Column("label_next", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    )


def slot_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("seen_android_id", sa.String(length=16), **TEXT),
        sa.Column("seen_shared_serial", sa.Boolean(), **YES_OR_NO),
        sa.Column("seen_asking", sa.Boolean(), **YES_OR_NO),
        sa.Column("twin_slot_id", sa.Integer(), nullable=True),
        sa.Column("twin_is_same", sa.Boolean(), **YES_OR_NO),
        sa.Column("occupied_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("autopilot_said", sa.Text(), **TEXT),
        sa.Column("quiet_looks", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looker", sa.String(length=80), **TEXT),
        sa.Column("look_until", sa.DateTime(timezone=True), nullable=True),
    )


MODES = ("find", "wipe", "provision", "check", "ready")


def upgrade() -> None:
    # Columns are added one by one: on SQLite a batch would copy a table that other tables point at.
    for column in bench_columns():
        op.add_column("bench", column)
    for column in slot_columns():
        op.add_column("bench_slot", column)
    op.add_column("job", sa.Column("lane", sa.String(length=80), **TEXT))
    op.create_table(
        "job_lane",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_lane")),
    )
    op.create_table(
        "bench_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bench_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("mode", sa.Enum(*MODES, name="scanmode", native_enum=False, length=40), nullable=False),
        sa.Column("mode_before", sa.Enum(*MODES, name="scanmode", native_enum=False, length=40), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("applied", "already", "blocked", "not_found", name="scanoutcome", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=True),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bench_id"], ["bench.id"], name=op.f("fk_bench_scan_bench_id_bench")),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_bench_scan_tablet_id_tablet")),
        sa.ForeignKeyConstraint(["slot_id"], ["bench_slot.id"], name=op.f("fk_bench_scan_slot_id_bench_slot")),
        sa.ForeignKeyConstraint(["run_id"], ["bench_run.id"], name=op.f("fk_bench_scan_run_id_bench_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bench_scan")),
        sa.UniqueConstraint("client_id", name=op.f("uq_bench_scan_client_id")),
    )
    op.create_index("ix_bench_scan_bench_id_id", "bench_scan", ["bench_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_bench_scan_bench_id_id", table_name="bench_scan")
    op.drop_table("bench_scan")
    op.drop_table("job_lane")
    op.drop_column("job", "lane")
    for column in reversed(slot_columns()):
        op.drop_column("bench_slot", column.name)
    for column in reversed(bench_columns()):
        op.drop_column("bench", column.name)

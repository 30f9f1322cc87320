"""apps in parts, who may pass an app on, and which parts a run installed

Revision: 7c1e58d0a3f6
After: 3e9a41c07d52
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c1e58d0a3f6"
down_revision = "3e9a41c07d52"
branch_labels = None
depends_on = None

LICENCES = ("open", "ours", "permitted", "maker_only", "not_said")
CONTAINERS = ("apk", "apks", "xapk", "apkm")
TEXT = {"nullable": False, "server_default": ""}
LIST = {"nullable": False, "server_default": "[]"}

APP_COLUMNS = ("target_sdk", "container", "variants", "expansions", "licence", "licence_note", "licence_by")


def _app_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("target_sdk", sa.Integer(), nullable=False, server_default="0"),
        sa.Column(
            "container",
            sa.Enum(*CONTAINERS, name="container", native_enum=False, length=40),
            nullable=False,
            server_default="apk",
        ),
        sa.Column("variants", sa.JSON(), **LIST),
        sa.Column("expansions", sa.JSON(), **LIST),
        sa.Column(
            "licence",
            sa.Enum(*LICENCES, name="licence", native_enum=False, length=40),
            nullable=False,
            server_default="not_said",
        ),
        sa.Column("licence_note", sa.Text(), **TEXT),
        sa.Column("licence_by", sa.String(length=120), **TEXT),
    )


def upgrade() -> None:
    # Columns are added one by one: on SQLite a batch would copy a table that other tables point at.
    for column in _app_columns():
        op.add_column("app_file", column)
    op.add_column("app_signer_pin", sa.Column("history", sa.JSON(), **LIST))
    with op.batch_alter_table("bench_run_step") as table:  # nothing points at it
        table.add_column(sa.Column("app_parts", sa.JSON(), **LIST))
        table.add_column(sa.Column("app_file_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_bench_run_step_app_file_id_app_file"), "app_file", ["app_file_id"], ["id"])
        table.create_index(op.f("ix_bench_run_step_app_file_id"), ["app_file_id"])
    _one_part_each()


def downgrade() -> None:
    """An app in parts is forgotten with its run's word of it: what came before knows single files only."""
    with op.batch_alter_table("bench_run_step") as table:
        table.drop_index(op.f("ix_bench_run_step_app_file_id"))
        table.drop_constraint(op.f("fk_bench_run_step_app_file_id_app_file"), type_="foreignkey")
        table.drop_column("app_file_id")
        table.drop_column("app_parts")
    op.execute(sa.text("DELETE FROM app_file WHERE container <> 'apk'"))
    op.drop_column("app_signer_pin", "history")
    for name in reversed(APP_COLUMNS):
        op.drop_column("app_file", name)


def _one_part_each() -> None:
    """Every app so far is one APK, kept under the digest of its file."""
    names = ("id", "sha256", "size_bytes", "min_sdk", "abis", "variants")
    apps = sa.table(
        "app_file", *(sa.column(name, sa.JSON() if name in ("abis", "variants") else None) for name in names)
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(apps)).mappings().all():
        part = {
            "split": {"name": "", "kind": "base", "module": "", "value": ""},
            "sha256": row["sha256"],
            "size_bytes": row["size_bytes"],
            "min_sdk": row["min_sdk"],
            "abis": row["abis"],
        }
        variants = [{"parts": [part], "min_sdk": row["min_sdk"]}]
        connection.execute(sa.update(apps).where(apps.c.id == row["id"]).values(variants=variants))

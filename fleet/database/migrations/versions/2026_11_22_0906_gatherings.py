"""gatherings, which programme, loan and tablet has them, and what a provision was made for

Revision: 5e0c3a914d77
After: 8c51d07e3b42
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5e0c3a914d77"
down_revision = "8c51d07e3b42"
branch_labels = None
depends_on = None

STATES = ("proposed", "approved", "ended")
PLATFORMS = ("jitsi", "zoom", "teams", "whatsapp", "web")
THEMES = (
    "music",
    "current_affairs",
    "exercise",
    "books",
    "crafts",
    "food",
    "faith",
    "learning",
    "language",
    "company",
    "support",
    "other",
)


def words(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def upgrade() -> None:
    op.add_column("bench_run", sa.Column("made_for", sa.JSON(none_as_null=True), nullable=True))
    _catalogue()
    _choices()


def _catalogue() -> None:
    op.create_table(
        "gathering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("theme", words(*THEMES, name="theme"), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("bsl", sa.Boolean(), nullable=False),
        sa.Column("captions", sa.Boolean(), nullable=False),
        sa.Column("platform", words(*PLATFORMS, name="platform"), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("state", words(*STATES, name="gatheringstate"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_gathering_is_a_day")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_gathering_lasts")),
        sa.ForeignKeyConstraint(["host_id"], ["organisation.id"], name=op.f("fk_gathering_host_id_organisation")),
        sa.ForeignKeyConstraint(["hub_id"], ["organisation.id"], name=op.f("fk_gathering_hub_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering")),
    )
    op.create_index(op.f("ix_gathering_host_id"), "gathering", ["host_id"])
    op.create_index(op.f("ix_gathering_hub_id"), "gathering", ["hub_id"])
    op.create_index("ix_gathering_state_weekday", "gathering", ["state", "weekday"])
    op.create_table(
        "gathering_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", words(*STATES, name="gatheringstate"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_gathering_event_gathering_id_gathering")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering_event")),
        sa.UniqueConstraint("client_id", name=op.f("uq_gathering_event_client_id")),
    )
    op.create_index("ix_gathering_event_gathering_id_id", "gathering_event", ["gathering_id", "id"])


def _choices() -> None:
    op.create_table(
        "tablet_gathering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_tablet_gathering_gathering_id_gathering")
        ),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_tablet_gathering_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablet_gathering")),
        sa.UniqueConstraint("tablet_id", "gathering_id", name=op.f("uq_tablet_gathering_tablet_id_gathering_id")),
    )
    op.create_index(op.f("ix_tablet_gathering_gathering_id"), "tablet_gathering", ["gathering_id"])
    for owner in ("programme", "loan"):
        table = f"{owner}_gathering"
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
            sa.Column("gathering_id", sa.Integer(), nullable=False),
            sa.Column("place", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["gathering_id"], ["gathering.id"], name=op.f(f"fk_{table}_gathering_id_gathering")
            ),
            sa.ForeignKeyConstraint([f"{owner}_id"], [f"{owner}.id"], name=op.f(f"fk_{table}_{owner}_id_{owner}")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint(f"{owner}_id", "gathering_id", name=op.f(f"uq_{table}_{owner}_id_gathering_id")),
        )
    op.create_table(
        "loan_set_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_set_up_loan_id_loan")),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_loan_set_up_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_set_up")),
        sa.UniqueConstraint("loan_id", name=op.f("uq_loan_set_up_loan_id")),
        sa.UniqueConstraint("tablet_id", name=op.f("uq_loan_set_up_tablet_id")),
    )


def downgrade() -> None:
    op.drop_table("loan_set_up")
    op.drop_table("loan_gathering")
    op.drop_table("programme_gathering")
    op.drop_index(op.f("ix_tablet_gathering_gathering_id"), table_name="tablet_gathering")
    op.drop_table("tablet_gathering")
    op.drop_index("ix_gathering_event_gathering_id_id", table_name="gathering_event")
    op.drop_table("gathering_event")
    op.drop_index("ix_gathering_state_weekday", table_name="gathering")
    op.drop_index(op.f("ix_gathering_hub_id"), table_name="gathering")
    op.drop_index(op.f("ix_gathering_host_id"), table_name="gathering")
    op.drop_table("gathering")
    op.drop_column("bench_run", "made_for")

"""the catalogue of data, kinds of cards, sealed numbers, top-ups, readings of usage, and who had which card when

Revision: b71e5d90c2a8
After: b7c3e05f1a94
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b71e5d90c2a8"
down_revision = "b7c3e05f1a94"
branch_labels = None
depends_on = None

KINDS = ("sim", "esim", "mifi", "voucher")
OWNERSHIPS = ("ours", "persons_own")
TEXT = {"nullable": False, "server_default": ""}
WHEN = sa.DateTime(timezone=True)


def words(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def upgrade() -> None:
    _offers()
    _sims()
    _bundles()
    _secrets()
    _top_ups()
    _uses()
    _readings()
    _strays()
    with op.batch_alter_table("sim_event") as table:  # nothing points at it
        table.create_unique_constraint("uq_sim_event_client_id", ["client_id"])


def _offers() -> None:
    op.create_table(
        "bundle_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("gb_per_month", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("cost_pence", sa.Integer(), nullable=False),
        sa.Column("funder_id", sa.Integer(), nullable=True),
        sa.Column("ownership", words(*OWNERSHIPS, name="ownership"), nullable=False),
        sa.Column("zero_rated", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.CheckConstraint(
            "gb_per_month > 0 AND months > 0 AND cost_pence >= 0", name=op.f("ck_bundle_offer_has_sizes")
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["organisation.id"], name=op.f("fk_bundle_offer_hub_id_organisation")),
        sa.ForeignKeyConstraint(
            ["funder_id"], ["organisation.id"], name=op.f("fk_bundle_offer_funder_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_offer")),
        sa.UniqueConstraint("hub_id", "name", name=op.f("uq_bundle_offer_hub_id_name")),
    )
    op.create_index("ix_bundle_offer_hub_id", "bundle_offer", ["hub_id"])
    op.create_index("ix_bundle_offer_funder_id", "bundle_offer", ["funder_id"])


def _sims() -> None:
    # Columns are added one by one: on SQLite a batch would copy tables that other tables point at.
    op.add_column(
        "sim", sa.Column("kind", words(*KINDS, name="simkind"), nullable=False, server_default="sim")
    )
    op.add_column("sim", sa.Column("serial", sa.String(length=40), **TEXT))
    op.add_column("sim", sa.Column("phone", sa.String(length=16), nullable=True))
    op.add_column("sim", sa.Column("number_answered", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sim", sa.Column("rests_until", sa.Date(), nullable=True))
    op.add_column("sim", sa.Column("barred_at", WHEN, nullable=True))
    live = sa.text("state NOT IN ('expired', 'destroyed')")
    op.create_index("uq_sim_phone_live", "sim", ["phone"], unique=True, sqlite_where=live, postgresql_where=live)
    op.execute("UPDATE sim SET barred_at = changed_at WHERE state = 'barred'")


def _bundles() -> None:
    _point("data_bundle", "offer_id", "bundle_offer")
    _point("data_bundle", "granted_to_id", "person")
    op.add_column(
        "data_bundle",
        sa.Column("ownership", words(*OWNERSHIPS, name="ownership"), nullable=False, server_default="ours"),
    )
    op.add_column("data_bundle", sa.Column("eligible_on", sa.Date(), nullable=True))
    op.add_column("data_bundle", sa.Column("after_loan", words("reclaim", "keep", name="afterloan"), nullable=True))
    op.create_index("ix_data_bundle_created_at", "data_bundle", ["created_at"])
    op.execute("UPDATE data_bundle SET ownership = 'persons_own' WHERE for_one_person")
    op.drop_column("data_bundle", "for_one_person")


def _point(table: str, name: str, target: str) -> None:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    op.add_column(table, sa.Column(name, sa.Integer(), key, nullable=True), inline_references=True)
    op.create_index(f"ix_{table}_{name}", table, [name])


def _secrets() -> None:
    op.create_table(
        "sim_secret",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sim_id", sa.Integer(), nullable=False),
        sa.Column("kind", words("pin", "puk", "code", name="secretkind"), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("set_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["sim_id"], ["sim.id"], name=op.f("fk_sim_secret_sim_id_sim")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sim_secret")),
        sa.UniqueConstraint("sim_id", "kind", name=op.f("uq_sim_secret_sim_id_kind")),
    )


def _top_ups() -> None:
    op.create_table(
        "data_top_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=False),
        sa.Column("funder_id", sa.Integer(), nullable=True),
        sa.Column("gb", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("cost_pence", sa.Integer(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.CheckConstraint(
            "gb + months > 0 AND gb >= 0 AND months >= 0 AND cost_pence >= 0", name=op.f("ck_data_top_up_adds")
        ),
        sa.ForeignKeyConstraint(["bundle_id"], ["data_bundle.id"], name=op.f("fk_data_top_up_bundle_id_data_bundle")),
        sa.ForeignKeyConstraint(["funder_id"], ["organisation.id"], name=op.f("fk_data_top_up_funder_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_top_up")),
    )
    for name in ("bundle_id", "funder_id", "added_on"):
        op.create_index(f"ix_data_top_up_{name}", "data_top_up", [name])


def _uses() -> None:
    op.create_table(
        "sim_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sim_id", sa.Integer(), nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=True),
        sa.Column("loan_id", sa.Integer(), nullable=True),
        sa.Column("needed_until", sa.Date(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("kept_at", WHEN, nullable=False),
        sa.Column("over_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(["bundle_id"], ["data_bundle.id"], name=op.f("fk_sim_use_bundle_id_data_bundle")),
        sa.ForeignKeyConstraint(["sim_id"], ["sim.id"], name=op.f("fk_sim_use_sim_id_sim")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sim_use")),
    )
    op.create_index("ix_sim_use_sim_id", "sim_use", ["sim_id"])
    op.create_index("ix_sim_use_bundle_id", "sim_use", ["bundle_id"])
    is_open = sa.text("over_at IS NULL")
    op.create_index("uq_sim_use_open", "sim_use", ["sim_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open)
    # What is with somebody on this day is told as a use of its own; earlier ones were not kept.
    op.execute(
        """INSERT INTO sim_use (sim_id, bundle_id, loan_id, needed_until, from_on, kept_at)
        SELECT sim.id, data_bundle.id, loan.id, loan.due_on, loan.started_on, loan_sim.from_at
        FROM loan_sim JOIN loan ON loan.id = loan_sim.loan_id JOIN sim ON sim.id = loan_sim.sim_id
        LEFT JOIN data_bundle ON data_bundle.sim_id = sim.id AND data_bundle.replaced_at IS NULL
        WHERE loan_sim.to_at IS NULL AND sim.state IN ('reserved', 'installed', 'activated')"""
    )
    op.execute(
        """UPDATE data_bundle SET granted_to_id = (
            SELECT loan.person_id FROM loan_sim JOIN loan ON loan.id = loan_sim.loan_id
            WHERE loan_sim.sim_id = data_bundle.sim_id AND loan_sim.to_at IS NULL)
        WHERE ownership = 'persons_own' AND replaced_at IS NULL"""
    )


def _readings() -> None:
    op.create_table(
        "usage_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("used_mb", sa.Integer(), nullable=False),
        sa.Column("period_begins_on", sa.Date(), nullable=False),
        sa.Column("period_ends_on", sa.Date(), nullable=False),
        sa.Column("at_rest", sa.Boolean(), nullable=False),
        sa.Column("answered_at", WHEN, nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["bundle_id"], ["data_bundle.id"], name=op.f("fk_usage_reading_bundle_id_data_bundle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_reading")),
        sa.UniqueConstraint("bundle_id", "read_on", name=op.f("uq_usage_reading_bundle_id_read_on")),
    )
    op.create_index(
        "ix_usage_reading_at_rest",
        "usage_reading",
        ["bundle_id"],
        sqlite_where=sa.text("at_rest = 1 AND answered_at IS NULL"),
        postgresql_where=sa.text("at_rest AND answered_at IS NULL"),
    )


def _strays() -> None:
    op.create_table(
        "stray_sim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("settled_by", sa.String(length=120), nullable=False),
        sa.Column("settled_at", WHEN, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_stray_sim_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_sim")),
    )
    op.create_index("ix_stray_sim_tablet_id", "stray_sim", ["tablet_id"])
    unsettled = sa.text("settled_at IS NULL")
    op.create_index("ix_stray_sim_open", "stray_sim", ["id"], sqlite_where=unsettled, postgresql_where=unsettled)


def downgrade() -> None:
    with op.batch_alter_table("sim_event") as table:
        table.drop_constraint("uq_sim_event_client_id", type_="unique")
    op.drop_table("stray_sim")
    op.drop_table("usage_reading")
    op.drop_table("sim_use")
    op.drop_table("data_top_up")
    op.drop_table("sim_secret")
    op.add_column("data_bundle", sa.Column("for_one_person", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE data_bundle SET for_one_person = (ownership = 'persons_own')")
    op.drop_index("ix_data_bundle_created_at", table_name="data_bundle")
    for name in ("offer_id", "granted_to_id"):
        op.drop_index(f"ix_data_bundle_{name}", table_name="data_bundle")
    for name in ("offer_id", "granted_to_id", "ownership", "eligible_on", "after_loan"):
        op.drop_column("data_bundle", name)
    op.drop_index("uq_sim_phone_live", table_name="sim")
    # The earlier states know neither the lost that are to be barred nor the resting.
    op.execute("UPDATE sim SET state = 'barred' WHERE state = 'lost'")
    op.execute("UPDATE sim SET state = 'suspended' WHERE state = 'quarantined'")
    op.execute("UPDATE sim_event SET state = 'barred' WHERE state = 'lost'")
    op.execute("UPDATE sim_event SET state = 'suspended' WHERE state = 'quarantined'")
    for name in ("kind", "serial", "phone", "number_answered", "rests_until", "barred_at"):
        op.drop_column("sim", name)
    op.drop_table("bundle_offer")

"""consignments of tablets to a waste carrier, what is in each, and their log; the files that were taken out

Revision: c4a96e0d27b1
After: 5d2f8c1ab704
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c4a96e0d27b1"
down_revision = "6c0d41f7b29e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _consignment()
    op.create_table(
        "consignment_tablet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consignment_id", sa.Integer(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=False),
        sa.Column("weight_grams", sa.Integer(), nullable=False),
        sa.Column("battery_in", sa.Boolean(), nullable=False),
        sa.Column("certificate_number", sa.String(length=20), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weight_grams > 0", name=op.f("ck_consignment_tablet_has_a_weight")),
        sa.ForeignKeyConstraint(
            ["consignment_id"], ["consignment.id"], name=op.f("fk_consignment_tablet_consignment_id_consignment")
        ),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_consignment_tablet_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment_tablet")),
        sa.UniqueConstraint("tablet_id", name=op.f("uq_consignment_tablet_tablet_id")),
    )
    op.create_index(op.f("ix_consignment_tablet_consignment_id"), "consignment_tablet", ["consignment_id"])
    op.create_table(
        "consignment_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consignment_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("client_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["consignment_id"], ["consignment.id"], name=op.f("fk_consignment_event_consignment_id_consignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment_event")),
        sa.UniqueConstraint("client_id", name=op.f("uq_consignment_event_client_id")),
    )
    op.create_index("ix_consignment_event_consignment_id_id", "consignment_event", ["consignment_id", "id"])
    op.create_table(
        "file_taken",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_taken")),
    )


def _consignment() -> None:
    op.create_table(
        "consignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("carrier_name", sa.String(length=120), nullable=False),
        sa.Column("carrier_registration", sa.String(length=60), nullable=False),
        sa.Column("register_checked_on", sa.Date(), nullable=True),
        sa.Column("receiver_name", sa.String(length=120), nullable=False),
        sa.Column("receiver_address", sa.Text(), nullable=False),
        sa.Column("receiver_basis", sa.String(length=40), nullable=False),
        sa.Column("receiver_permit", sa.String(length=60), nullable=False),
        sa.Column("waste_code", sa.String(length=10), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("contained_in", sa.String(length=120), nullable=False),
        sa.Column("collected_from", sa.Text(), nullable=False),
        sa.Column("sic_code", sa.String(length=10), nullable=False),
        sa.Column("hierarchy_applied", sa.Boolean(), nullable=False),
        sa.Column("note_number", sa.String(length=40), nullable=False),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("receipt_reference", sa.String(length=60), nullable=False),
        sa.Column("received_grams", sa.Integer(), nullable=True),
        sa.Column("destruction_reference", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["carrier_id"], ["organisation.id"], name=op.f("fk_consignment_carrier_id_organisation")),
        sa.ForeignKeyConstraint(["hub_id"], ["organisation.id"], name=op.f("fk_consignment_hub_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment")),
    )
    op.create_index(op.f("ix_consignment_carrier_id"), "consignment", ["carrier_id"])
    op.create_index("ix_consignment_state", "consignment", ["state", "id"])


def downgrade() -> None:
    op.drop_table("file_taken")
    op.drop_table("consignment_event")
    op.drop_table("consignment_tablet")
    op.drop_table("consignment")

"""kinds of loan: at a venue, of data alone, given by somebody's authority; and what people go on to

Revision: c4b7e2a91f35
After: 5d2f8c1ab704
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c4b7e2a91f35"
down_revision = "c4a96e0d27b1"
branch_labels = None
depends_on = None

_KEY = "fk_sim_use_loan_id_loan"
_VENUE_INDEXES = ("hub_id", "place_id", "person_id", "programme_id")


def upgrade() -> None:
    _venue_loans()
    op.add_column("loan", sa.Column("kind", sa.String(length=40), nullable=False, server_default="tablet"))
    # Columns are added one by one: on SQLite a batch would copy tables that other tables point at.
    key = sa.ForeignKey("venue_loan.id", name="fk_loan_venue_loan_id_venue_loan")
    op.add_column("loan", sa.Column("venue_loan_id", sa.Integer(), key, nullable=True), inline_references=True)
    op.create_index("ix_loan_venue_loan_id", "loan", ["venue_loan_id"])
    op.add_column("loan", sa.Column("lost_reference", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("loan", sa.Column("gift_authority", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("loan", sa.Column("goes_on_to", sa.String(length=40), nullable=True))
    op.execute("UPDATE sim_use SET loan_id = NULL WHERE loan_id NOT IN (SELECT id FROM loan)")
    with op.batch_alter_table("sim_use") as batch:  # nothing points at it
        batch.create_foreign_key(_KEY, "loan", ["loan_id"], ["id"])
        batch.create_index("ix_sim_use_loan_id", ["loan_id"])


def _venue_loans() -> None:
    op.create_table(
        "venue_loan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["organisation.id"], name=op.f("fk_venue_loan_hub_id_organisation")),
        sa.ForeignKeyConstraint(["place_id"], ["organisation.id"], name=op.f("fk_venue_loan_place_id_organisation")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_venue_loan_person_id_person")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_venue_loan_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_loan")),
    )
    for column in _VENUE_INDEXES:
        op.create_index(f"ix_venue_loan_{column}", "venue_loan", [column])


def downgrade() -> None:
    with op.batch_alter_table("sim_use") as batch:
        batch.drop_index("ix_sim_use_loan_id")
        batch.drop_constraint(_KEY, type_="foreignkey")
    for column in ("goes_on_to", "gift_authority", "lost_reference"):
        op.drop_column("loan", column)
    op.drop_index("ix_loan_venue_loan_id", table_name="loan")
    op.drop_column("loan", "venue_loan_id")
    op.drop_column("loan", "kind")
    op.drop_table("venue_loan")

"""keep what became of a claim of a return, caps that an extension went beyond, and each custodian of a venue loan

Revision: 7f3a1d9c52e8
After: e8b31c5f2a94
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7f3a1d9c52e8"
down_revision = "e8b31c5f2a94"
branch_labels = None
depends_on = None

_OUTCOMES = ("found_with_us", "came_back", "with_them", "withdrawn", "lost", "given")
_WHYS = ("moved_on", "away", "asked", "put_right")
_AT_VENUES = """
    UPDATE tablet SET custody = '{after}' WHERE custody = '{before}' AND stage = 'on_loan' AND id IN (
        SELECT loan_tablet.tablet_id FROM loan_tablet JOIN loan ON loan.id = loan_tablet.loan_id
        WHERE loan_tablet.to_at IS NULL AND loan.kind = 'venue')
"""
_TELL_VENUES = """
    INSERT INTO tablet_event (
        tablet_id, kind, words, reason, stage, data, custody, holder, details, actor_name, role, at, source)
    SELECT id, 'at_venue', 'Counted as with the venue that borrows it', '', stage, data, 'venue', holder, '{}',
        'Doorstep', 'system', CURRENT_TIMESTAMP, 'migration'
    FROM tablet WHERE custody = 'participant' AND stage = 'on_loan' AND id IN (
        SELECT loan_tablet.tablet_id FROM loan_tablet JOIN loan ON loan.id = loan_tablet.loan_id
        WHERE loan_tablet.to_at IS NULL AND loan.kind = 'venue')
"""
_OPEN_CLAIMS = """
    INSERT INTO return_claim (loan_id, tablet_id, search_until, made_at, made_by, note, settled_by)
    SELECT h.loan_id, t.tablet_id, h.until, h.placed_at, h.placed_by, '', '' FROM chase_hold h
    JOIN loan l ON l.id = h.loan_id AND l.state IN ('active', 'return_arranged')
    LEFT JOIN loan_tablet t ON t.loan_id = h.loan_id AND t.to_at IS NULL
    WHERE h.id IN (
        SELECT max(id) FROM chase_hold WHERE reason = 'says_given_back' AND lifted_at IS NULL GROUP BY loan_id)
"""


def upgrade() -> None:
    for column in ("beyond_number", "beyond_need"):
        op.add_column("loan_due_version", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    beyond = sa.text("beyond_number OR beyond_need")
    op.create_index(
        "ix_loan_due_version_beyond", "loan_due_version", ["loan_id"], sqlite_where=beyond, postgresql_where=beyond
    )
    _claims()
    _custodians()
    op.execute(_TELL_VENUES)
    op.execute(_AT_VENUES.format(before="participant", after="venue"))


def _claims() -> None:
    op.create_table(
        "return_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=True),
        sa.Column("search_until", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*_OUTCOMES, name="claimoutcome", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_return_claim_loan_id_loan")),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_return_claim_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_claim")),
    )
    op.create_index("ix_return_claim_loan_id", "return_claim", ["loan_id"])
    still = sa.text("settled_at IS NULL")
    op.create_index(
        "uq_return_claim_open", "return_claim", ["loan_id"], unique=True, sqlite_where=still, postgresql_where=still
    )
    op.execute(_OPEN_CLAIMS)


def _custodians() -> None:
    op.create_table(
        "venue_custodian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_loan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Enum(*_WHYS, name="whyanother", native_enum=False, length=40), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["venue_loan_id"], ["venue_loan.id"], name=op.f("fk_venue_custodian_venue_loan_id_venue_loan")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_venue_custodian_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_custodian")),
    )
    for column in ("venue_loan_id", "person_id"):
        op.create_index(f"ix_venue_custodian_{column}", "venue_custodian", [column])
    op.execute(
        "INSERT INTO venue_custodian (venue_loan_id, person_id, from_on, actor_name, set_at)"
        " SELECT id, person_id, date(made_at), '', made_at FROM venue_loan"
    )


def downgrade() -> None:
    op.execute(_AT_VENUES.format(before="venue", after="participant"))
    op.drop_table("venue_custodian")
    op.drop_table("return_claim")
    op.drop_index("ix_loan_due_version_beyond", table_name="loan_due_version")
    for column in ("beyond_need", "beyond_number"):
        op.drop_column("loan_due_version", column)

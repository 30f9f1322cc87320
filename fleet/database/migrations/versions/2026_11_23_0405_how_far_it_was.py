"""how often an installation ticked; look-ups of phone numbers that rest and of sightings that are kept

Revision: 7c2f9e51d8a4
After: 4d1e7b80a3f2
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c2f9e51d8a4"
down_revision = "9f04c7d21be6"
branch_labels = None
depends_on = None

_RESTS, _SAYS_WHERE = sa.text("rests_until IS NOT NULL"), sa.text("place <> ''")


def upgrade() -> None:
    op.add_column("chase_mark", sa.Column("ticks", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_sim_phone_rests", "sim", ["phone"], sqlite_where=_RESTS, postgresql_where=_RESTS)
    kept = {"sqlite_where": _SAYS_WHERE, "postgresql_where": _SAYS_WHERE}
    op.create_index("ix_tablet_sighting_kept", "tablet_sighting", ["settled_at", "id"], **kept)


def downgrade() -> None:
    op.drop_index("ix_tablet_sighting_kept", "tablet_sighting")
    op.drop_index("ix_sim_phone_rests", "sim")
    op.drop_column("chase_mark", "ticks")

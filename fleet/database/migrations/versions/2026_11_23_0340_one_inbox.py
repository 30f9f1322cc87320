"""email addresses of people are kept in one form, so that two who share an inbox hear from us together

Revision: c4a71f5e2d90
After: 4d1e7b80a3f2
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c4a71f5e2d90"
down_revision = "4d1e7b80a3f2"
branch_labels = None
depends_on = None

_PERSON = sa.table("person", sa.column("email", sa.String))


def upgrade() -> None:
    email = _PERSON.c.email
    op.execute(_PERSON.update().where(email != sa.func.lower(email)).values(email=sa.func.lower(email)))


def downgrade() -> None:
    """Which letters were capitals is not known any more, and no mail server asks."""

"""Runs migrations on the engine that `fleet.database.migrate` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Engine, TypeDecorator

from fleet.database.apart import as_owner


def render_plain(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database, so that a migration never imports the rooms."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


engine: Engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        render_as_batch=True,
        compare_type=True,
        render_item=render_plain,
    )
    with context.begin_transaction():
        as_owner(connection)
        context.run_migrations()
    connection.commit()

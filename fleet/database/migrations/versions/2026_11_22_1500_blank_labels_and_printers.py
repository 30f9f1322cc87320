"""blank labels that can be voided, what replaced a label, printers and print jobs

Revision: 3c8a5d20e7f4
After: 7d1e64c2f0b9
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3c8a5d20e7f4"
down_revision = "7d1e64c2f0b9"
branch_labels = None
depends_on = None

CHECK = "ck_tag_blank_has_no_tablet"
BEFORE = "(state = 'blank') = (tablet_id IS NULL)"
SINCE = "(state IN ('blank', 'void')) = (tablet_id IS NULL)"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    _set_printed_labels_aside()
    with op.batch_alter_table("tag") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), SINCE)
        table.add_column(sa.Column("made_as", _words("madeas", "tablet", "blank"), nullable=False, server_default="tablet"))
        table.add_column(sa.Column("attached_at", WHEN, nullable=True))
        table.add_column(sa.Column("replaced_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("voided_at", WHEN, nullable=True))
        table.add_column(sa.Column("void_reason", sa.Text(), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_tag_replaced_by_id_tag"), "tag", ["replaced_by_id"], ["id"])
    _put_printed_labels_back()
    _say_what_replaced_what()
    kind = sa.Column("kind", _words("batchkind", "tablet", "blank"), nullable=False, server_default="tablet")
    op.add_column("print_batch", kind)
    _make_printer()
    _make_print_job()


def downgrade() -> None:
    """A void label is a blank one to what came before, which gives blank ones to nobody."""
    op.drop_table("print_job")
    op.drop_table("printer")
    op.drop_column("print_batch", "kind")
    op.execute("UPDATE tag SET state = 'blank' WHERE state = 'void'")
    op.execute("UPDATE tag SET replaced_by_id = NULL")
    _set_printed_labels_aside()
    with op.batch_alter_table("tag") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), BEFORE)
        table.drop_constraint(op.f("fk_tag_replaced_by_id_tag"), type_="foreignkey")
        for name in ("void_reason", "voided_at", "replaced_by_id", "attached_at", "made_as"):
            table.drop_column(name)
    _put_printed_labels_back()


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=40)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _set_printed_labels_aside() -> None:
    """SQLite cannot replace a table whose rows others point at; only this one points at `tag`."""
    if _on_sqlite():
        op.execute("CREATE TEMPORARY TABLE kept_printed_label AS SELECT batch_id, place, tag_id FROM printed_label")
        op.drop_table("printed_label")


def _put_printed_labels_back() -> None:
    if not _on_sqlite():
        return
    op.create_table(
        "printed_label",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["print_batch.id"], name=op.f("fk_printed_label_batch_id_print_batch")),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_printed_label_tag_id_tag")),
        sa.PrimaryKeyConstraint("batch_id", "place", name=op.f("pk_printed_label")),
    )
    op.create_index(op.f("ix_printed_label_tag_id"), "printed_label", ["tag_id"])
    op.execute("INSERT INTO printed_label SELECT batch_id, place, tag_id FROM kept_printed_label")
    op.execute("DROP TABLE kept_printed_label")


def _say_what_replaced_what() -> None:
    """Codes so far were made for a tablet as they were attached; the next one made for it replaced the one before."""
    op.execute("UPDATE tag SET attached_at = made_at WHERE tablet_id IS NOT NULL")
    op.execute(
        "UPDATE tag SET replaced_by_id = (SELECT min(later.id) FROM tag AS later"
        " WHERE later.tablet_id = tag.tablet_id AND later.id > tag.id) WHERE state = 'replaced'"
    )


def _make_printer() -> None:
    op.create_table(
        "printer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("hub_id", sa.Integer(), nullable=False),
        sa.Column("way", _words("way", "raw", "cups", "browser"), nullable=False),
        sa.Column("host", sa.String(length=45), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=127), nullable=False),
        sa.Column("language", _words("language", "pdf", "zpl", "brother_ql", "dymo", "dymo_550"), nullable=False),
        sa.Column("media", sa.String(length=40), nullable=False),
        sa.Column("nudge_right", sa.Integer(), nullable=False),
        sa.Column("nudge_down", sa.Integer(), nullable=False),
        sa.Column("condition", _words("condition", "unknown", "ready", "hands", "away"), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=True),
        sa.Column("out_of_use_at", WHEN, nullable=True),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["organisation.id"], name=op.f("fk_printer_hub_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
        sa.UniqueConstraint("name", name=op.f("uq_printer_name")),
    )


def _make_print_job() -> None:
    states = _words("printjobstate", "queued", "sending", "sent", "failed", "set_aside")
    op.create_table(
        "print_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("state", states, nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("began_at", WHEN, nullable=True),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("may_be_out", sa.Boolean(), nullable=False),
        sa.Column("sent_bytes", sa.Integer(), nullable=False),
        sa.Column("sent_sha256", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["print_batch.id"], name=op.f("fk_print_job_batch_id_print_batch")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_print_job_printer_id_printer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    op.create_index(op.f("ix_print_job_batch_id"), "print_job", ["batch_id"])
    op.create_index(op.f("ix_print_job_printer_id"), "print_job", ["printer_id"])
    op.create_index("ix_print_job_state", "print_job", ["state"])

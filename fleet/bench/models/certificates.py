"""Wipe certificates, which nothing changes once they are written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from fleet.database.base import Base, IntId


class Certificate(Base):
    """A wipe certificate. Written once, when the proofs hold; neither changed nor deleted after that.

    The database refuses both by itself (a trigger on each engine), whatever program asks.

    Whether it was superseded is not stored here: a later certificate of the same tablet says so.
    """

    __tablename__ = "certificate"

    id: Mapped[IntId]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("bench_run.id"), unique=True)
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), index=True)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    content: Mapped[dict[str, Any]]
    content_sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]


class CertificateYear(Base):
    """How many certificates a year has had; locked while the next number is taken, so that none is left out."""

    __tablename__ = "certificate_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class CertificateIsFinal(RuntimeError):
    """Something tried to change or delete a certificate."""


def _refuse(_mapper: Mapper[Certificate], _connection: Connection, target: Certificate) -> None:
    raise CertificateIsFinal(f"Certificate {target.number} is final: it is neither changed nor deleted.")


event.listen(Certificate, "before_update", _refuse)
event.listen(Certificate, "before_delete", _refuse)

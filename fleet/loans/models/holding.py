"""Which tablet and SIM a loan has had and when, and what is made for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId


class LoanTablet(Base):
    """Which tablet a loan had, from when to when. A tablet is in at most one open loan; the database sees to it."""

    __tablename__ = "loan_tablet"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), index=True)
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), index=True)
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_loan_tablet_open",
            "tablet_id",
            unique=True,
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
    )


class LoanSim(Base):
    """Which SIM a loan had. One active SIM a loan and one open loan a SIM; the database sees to both."""

    __tablename__ = "loan_sim"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), index=True)
    sim_id: Mapped[int] = mapped_column(ForeignKey("sim.id"), index=True)
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_loan_sim_open_loan",
            "loan_id",
            unique=True,
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
        Index(
            "uq_loan_sim_open_sim",
            "sim_id",
            unique=True,
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
    )


class LoanGathering(Base):
    """A gathering that was chosen for somebody's loan, in the order of its tiles."""

    __tablename__ = "loan_gathering"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"))
    place: Mapped[int]

    __table_args__ = (UniqueConstraint("loan_id", "gathering_id"),)


class LoanSetUp(Base):
    """The tablet that is to be made as a waiting loan needs it, before it is allocated. One tablet a loan, one loan a
    tablet; it counts until the loan is allocated or over."""

    __tablename__ = "loan_set_up"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), unique=True)
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), unique=True)
    asked_at: Mapped[datetime]

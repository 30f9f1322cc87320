"""People who borrow, what they need of us, and the log of what was done with their record."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.database.log import Logged, Told
from fleet.people.rules import Channel, Household, NeedCode, PrintFormat


class Person(Base):
    """Somebody who borrows, or asks to. There is no field for remarks: what is not asked for is not kept."""

    __tablename__ = "person"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    birth_year: Mapped[int | None]
    phone: Mapped[str] = mapped_column(String(20), default="")
    phone_wrong_on: Mapped[date | None]
    """The day on which somebody rang that number and a stranger answered, whoever of those who have it was meant.
    Another number, or getting through to any of them, ends it."""
    email: Mapped[str] = mapped_column(String(254), default="")
    address_line_1: Mapped[str] = mapped_column(String(120), default="")
    address_line_2: Mapped[str] = mapped_column(String(120), default="")
    town: Mapped[str] = mapped_column(String(60), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    area: Mapped[str] = mapped_column(String(4), default="")
    door_note: Mapped[str] = mapped_column(String(120), default="")
    """How to get to the door ("ring the top bell"): the part of an address that a postcode does not hold."""
    language_spoken: Mapped[str] = mapped_column(String(16), default="en")
    language_read: Mapped[str] = mapped_column(String(16), default="en")
    interpreter: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Channel] = mapped_column(word_column(Channel), default=Channel.CALL)
    print_format: Mapped[PrintFormat] = mapped_column(word_column(PrintFormat), default=PrintFormat.PRINT_14)
    household: Mapped[Household | None] = mapped_column(word_column(Household))
    apps_used: Mapped[list[str]] = mapped_column(default=list)
    """The `FamiliarApp`s that the person knows already."""
    needs_asked: Mapped[bool] = mapped_column(default=False)
    """Whether somebody asked what the person needs; "nothing" and "rather not say" are answers too."""
    consent_at: Mapped[datetime]
    opted_out: Mapped[bool] = mapped_column(default=False)
    deceased_on: Mapped[date | None]
    erased_at: Mapped[datetime | None]
    """The row stays, empty of the person, so that loans and custody stay whole."""
    reference: Mapped[str] = mapped_column(String(60), default="")
    """Their number in the file that they came with; loans that come later find them by it."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_person_reference",
            "reference",
            unique=True,
            sqlite_where=text("reference != ''"),
            postgresql_where=text("reference != ''"),
        ),
        Index("ix_person_last_name_first_name", "last_name", "first_name"),
        Index("ix_person_postcode", "postcode"),
        Index("ix_person_phone", "phone"),
        Index("ix_person_email", "email"),
    )


class Need(Base):
    """One coded need, with whom it may be shared, and when to ask again."""

    __tablename__ = "person_need"

    id: Mapped[IntId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[NeedCode] = mapped_column(word_column(NeedCode))
    at_the_door: Mapped[bool]
    share_with: Mapped[list[str]]
    """The roles that the person agreed may see it, besides a coordinator."""
    recorded_at: Mapped[datetime]
    review_on: Mapped[date]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_person_need_review_on",
            "review_on",
            "person_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_person_need_current",
            "person_id",
            "code",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class PersonEvent(Told, Base):
    """What was done with somebody's record, by whom. Says that an address changed, never what to."""

    __tablename__ = "person_event"

    id: Mapped[IntId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class PersonView(Base):
    """Somebody of ours opened this person's record on this day. The first time in a day is kept, not each one."""

    __tablename__ = "person_view"

    id: Mapped[IntId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    user_id: Mapped[int]
    user_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(40))
    day: Mapped[date]
    first_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "user_id", "role", "day"),)


class FileTaken(Logged, Base):
    """A file that was taken out, of a whole kind of record or of a list; `kind` says of what. Only ever added to."""

    __tablename__ = "file_taken"

    id: Mapped[IntId]

"""Which whole kinds of record were taken out as a file, by whom and when. Only ever added to."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from fleet.database.base import Base, IntId
from fleet.database.log import Logged


class FileTaken(Logged, Base):
    """A file that was taken out; `kind` says of what."""

    __tablename__ = "file_taken"

    id: Mapped[IntId]

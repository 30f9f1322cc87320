"""Why nothing may leave from a database (rule R9). Plain Python, no I/O."""

from __future__ import annotations

from enum import StrEnum


class WhyOff(StrEnum):
    """What does not belong together."""

    NO_FOLDER = "no_folder"
    """The database belongs to an installation, and the data folder beside it knows of none."""
    ANOTHER_INSTALLATION = "another_installation"
    """Database and data folder belong to two installations."""
    FOLDER_UNREADABLE = "folder_unreadable"
    """What the data folder says of itself cannot be read."""
    COPIED_FOLDER = "copied_folder"
    """Database and data folder belong together, and the folder does not lie where it lay: it was copied."""
    OLDER_THAN_FOLDER = "older_than_folder"
    """More was done here, or more left from here, than the database knows of."""

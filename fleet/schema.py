"""Every table of every room in one metadata, for migrations and for the tests that compare the two."""

from __future__ import annotations

import importlib
from pathlib import Path

from fleet.database.base import Base

ROOMS = tuple(
    sorted({found.relative_to(Path(__file__).parent).parts[0] for found in Path(__file__).parent.glob("*/models*")})
)

for _room in ROOMS:
    importlib.import_module(f"fleet.{_room}.models")

metadata = Base.metadata

"""Every table of every room in one metadata, for migrations and for the tests that compare the two."""

from __future__ import annotations

import importlib
import pkgutil

import fleet
from fleet.database.base import Base

ROOMS = tuple(module.name for module in pkgutil.iter_modules(fleet.__path__) if module.ispkg)

for _room in ROOMS:
    if importlib.util.find_spec(f"fleet.{_room}.models") is not None:
        importlib.import_module(f"fleet.{_room}.models")

metadata = Base.metadata

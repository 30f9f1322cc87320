"""Draws docs/errors.md: every code of an error that `fleet` raises on purpose, with its status and its meaning."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import fleet
from deploy.dev.drawing.markdown import first_paragraph, page, table
from fleet.errors import DoorstepError

_OPENING = """What programs get when something is refused: a status, and in the answer a `code` that stays the same
while the sentences may be improved. People get the same error as a page, with its sentence and what to do next.
A code below another's status in the tree of `fleet/errors.py` is a finer case of it."""

_NOT_IMPORTED = ("fleet.database.migrations", "fleet.cli.__main__")
"""Alembic's scripts run when imported, and `__main__` is a program."""


def errors_page() -> str:
    """The page as Markdown."""
    rows = [
        (f"`{error.code}`", str(error.status), f"`{error.__name__}`", first_paragraph(error.__doc__))
        for error in sorted(coded_errors(), key=lambda error: (error.status, error.code))
    ]
    return page("Error codes", _OPENING, table(("Code", "Status", "Raised as", "Meaning"), rows))


def coded_errors() -> list[type[DoorstepError]]:
    """Every class of error with a code of its own. Imports all of `fleet`, because rooms add errors of their own."""
    for module in pkgutil.walk_packages(fleet.__path__, "fleet."):
        if not module.name.startswith(_NOT_IMPORTED):
            importlib.import_module(module.name)
    return [error for error in _tree(DoorstepError) if "code" in vars(error)]


def _tree(root: type[DoorstepError]) -> Iterator[type[DoorstepError]]:
    yield root
    for child in root.__subclasses__():
        if child.__module__.startswith("fleet."):
            yield from _tree(child)

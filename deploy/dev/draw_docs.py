"""Draws the pages of docs/ that are made from code; tests/docs/test_drawn.py fails while one is out of date.

Run from the project's folder: `python -m deploy.dev.draw_docs`, which is what `make docs` does. Decides nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.dev.drawing.commands import commands_page
from deploy.dev.drawing.errors import errors_page
from deploy.dev.drawing.lifecycle import lifecycle_page
from deploy.dev.drawing.profiles import profiles_page
from deploy.dev.drawing.rules import rules_page
from deploy.dev.drawing.settings import settings_page
from deploy.dev.drawing.wiping import wiping_page
from fleet.users.roles_doc import roles_page

DOCS = Path(__file__).parent.parent.parent / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "errors.md": errors_page,
    "lifecycle.md": lifecycle_page,
    "needs-and-settings.md": profiles_page,
    "roles.md": roles_page,
    "rules.md": rules_page,
    "settings.md": settings_page,
    "wiping.md": wiping_page,
}


def main() -> None:
    """Write every drawn page that differs, and say which."""
    for name, draw in PAGES.items():
        page, text = DOCS / name, draw()
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            sys.stdout.write(f"docs/{name} was drawn again.\n")


if __name__ == "__main__":
    main()

"""The `doorstep` command: one module for each group of commands."""

from __future__ import annotations

from fleet.cli.main import main

__all__ = ["main"]

"""Loads code by name while the memory's collector sleeps: it would walk again and again through all that is loaded and
stays anyway, which is a third of the work of starting."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Any


def loaded(module: str, name: str) -> Any:
    """What has this name in this module. The collector passes over what is loaded from then on."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return getattr(import_module(module), name)
    finally:
        if was_on:
            gc.freeze()
            gc.enable()

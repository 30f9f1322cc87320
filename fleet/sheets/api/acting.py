"""Whoever asks for a file or sends one, in the role that the door let in."""

from __future__ import annotations

from fastapi import Request

from fleet.users.access import current_actor
from fleet.users.actor import Actor
from fleet.users.rules import Permission


def acting(request: Request, permission: Permission) -> Actor:
    """Raises `NotAllowed` for a role that may not."""
    viewer = current_actor(request)
    assert viewer is not None
    return viewer.acting(permission)

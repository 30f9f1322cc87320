"""Who is acting: the value that services receive and events record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fleet.errors import NotAllowed
from fleet.users.rules import Permission, Role, acting_role

_WORDS = {
    Role.HUB_ADMIN: "a hub admin",
    Role.EVALUATOR: "an evaluator",
    Role.DATA_PROTECTION: "a data protection lead",
    Role.PARTNER_LEAD: "a partner lead",
}


@dataclass(frozen=True)
class Actor:
    """A person, program or the system itself, with the role in which it acts here."""

    user_id: int | None
    name: str
    roles: frozenset[Role]
    role: Role
    organisation_id: int | None = None
    scopes: frozenset[Permission] | None = None
    """None for a person; an API token may do only what its scopes and its owner's roles both allow."""

    def may(self, permission: Permission) -> bool:
        within_scope = self.scopes is None or permission in self.scopes or permission is Permission.PUBLIC
        return within_scope and acting_role(self.roles, permission) is not None

    def acting(self, permission: Permission) -> Actor:
        """The same actor in the role that allows this, or `NotAllowed`."""
        role = acting_role(self.roles, permission)
        if role is None or not self.may(permission):
            who = " or ".join(sorted(_WORDS.get(each, f"a {each.value}") for each in self.roles)) or "nobody"
            raise NotAllowed(
                f"This is not something {who} may do here.",
                next_step=_ADMINS_STEP if role is None and Role.HUB_ADMIN in self.roles else _NEXT_STEP,
                details={"permission": permission.value},
            )
        return replace(self, role=role)

    def signature(self) -> dict[str, Any]:
        """The columns of a log that say who did it, as `fleet.database.log.Logged` names them."""
        return {"actor_id": self.user_id, "actor_name": self.name, "role": self.role.value}


_NEXT_STEP = "Ask a hub admin if you think you should be able to."
_ADMINS_STEP = "It takes another role. Under “People who sign in” you see who has it."
SYSTEM = Actor(user_id=None, name="Doorstep", roles=frozenset({Role.SYSTEM}), role=Role.SYSTEM)
NOBODY = Actor(user_id=None, name="", roles=frozenset(), role=Role.SYSTEM)
"""A stranger, on pages that need no sign-in."""

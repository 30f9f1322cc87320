"""A management app of ours owns the tablet. Only a factory reset, or that app itself, undoes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.command import Quoted
from provisioning.errors import NeedsPerson
from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.facts.owner import OWNERSHIP
from provisioning.facts.users import USERS
from provisioning.resources.names import check_activity, check_package
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import Step, run

_SYNC = "android.settings.SYNC_SETTINGS"
_SECONDS = 30.0


@dataclass(frozen=True)
class OwnerState:
    owner: str | None
    profile_owned: bool
    accounts: int
    users: int


@dataclass(frozen=True, kw_only=True)
class DeviceOwner(Resource[OwnerState]):
    """`receiver` is the app's admin receiver, as in ``.AdminReceiver``."""

    phase: ClassVar[Phase] = Phase.OWNER

    package: str
    receiver: str
    title: str
    kind: Literal["device_owner"] = "device_owner"

    def __post_init__(self) -> None:
        check_package(self.package)
        check_activity(self.receiver)

    @property
    def id(self) -> str:
        return "device_owner"

    @property
    def sentence(self) -> str:
        return f"{self.title} manages the tablet"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (OWNERSHIP, ACCOUNTS, USERS)

    def read(self, observed: Observation) -> OwnerState:
        ownership = observed.value(OWNERSHIP)
        return OwnerState(
            ownership.device_owner,
            bool(ownership.profile_owners),
            observed.value(ACCOUNTS).total,
            len(observed.value(USERS).users),
        )

    def decide(self, state: OwnerState) -> tuple[Step, ...]:
        if state.owner == self.package:
            return ()
        if state.owner is not None or state.profile_owned:
            raise NeedsPerson(
                "Another organisation manages this tablet. It must be released in that organisation's console first."
            )
        if state.accounts:
            raise NeedsPerson(
                "Android lets nobody manage a tablet that has accounts. Remove every account under Accounts first.",
                screen=_SYNC,
            )
        if state.users > 1:
            raise NeedsPerson("Android lets nobody manage a tablet with several users. Remove all but the first.")
        own = run("dpm set-device-owner --user 0", Quoted(f"{self.package}/{self.receiver}"), timeout_seconds=_SECONDS)
        return (self.step(f"Make {self.title} the owner of the tablet.", own, irreversible=True),)

"""Asks every rule about one observation and leaves out what has been settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from provisioning.errors import FactUnreadable
from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.battery import BATTERY
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.facts.owner import OWNERSHIP
from provisioning.facts.security import BOOT_INTEGRITY, ENCRYPTION, KNOX_GUARD
from provisioning.facts.setup import RESET_PROTECTION
from provisioning.facts.software import SECURITY_PATCH
from provisioning.facts.trade_in import TRADE_IN, TradeInMode
from provisioning.facts.users import USERS
from provisioning.wipe.blockers import condition, holds
from provisioning.wipe.blockers.blocker import Blocker, BlockerCode, Found, WipePolicy, unreadable

FACTS: tuple[Fact[Any], ...] = (
    IDENTITY,
    SECURITY_PATCH,
    ACCOUNTS,
    RESET_PROTECTION,
    OWNERSHIP,
    USERS,
    KNOX_GUARD,
    BOOT_INTEGRITY,
    BATTERY,
    ENCRYPTION,
    TRADE_IN,
)
"""What `find_blockers` judges by."""


def find_blockers(observation: Observation, policy: WipePolicy | None = None) -> tuple[Blocker, ...]:
    """Everything that stands against wiping this tablet; a waived blocker that may be waived is left out.

    A tablet in trade-in mode answers nothing else, so the one thing to settle is that. Where trade-in mode cannot be
    read nothing is concluded: only a tablet in its setup wizard is ever in it.
    """
    rules = policy or WipePolicy()
    today = observation.taken_at.date()
    trade_in = observation.readable(TRADE_IN)
    locked = holds.locked(trade_in)
    if trade_in is not None and trade_in.mode is TradeInMode.STATUS_ONLY:
        return tuple(holds.reset_protected(locked)) or (holds.IN_TRADE_IN_MODE,)
    found = [
        *_judge(observation, IDENTITY, lambda identity: condition.old_android(identity, rules)),
        *_judge(observation, SECURITY_PATCH, lambda patch: condition.old_patch(patch, today, rules)),
        *_judge(observation, ACCOUNTS, holds.lock_accounts),
        *_judge(observation, RESET_PROTECTION, lambda state: holds.reset_protected(state.active or locked)),
        *_judge(observation, OWNERSHIP, lambda owners: holds.managed(owners, rules)),
        *_judge(observation, USERS, holds.second_profile),
        *_judge(observation, KNOX_GUARD, holds.financed),
        *_judge(observation, BOOT_INTEGRITY, condition.changed_system),
        *_judge(observation, BATTERY, lambda battery: condition.bad_battery(battery, rules)),
        *_judge(observation, ENCRYPTION, condition.plain_storage),
    ]
    return tuple(blocker for blocker in found if not _settled(blocker, rules))


def _settled(blocker: Blocker, rules: WipePolicy) -> bool:
    if blocker.code is BlockerCode.GOOGLE_ACCOUNT:
        return rules.removal_agreed
    return blocker.waivable and blocker.code in rules.waived


def _judge(observation: Observation, fact: Fact[Any], rule: Callable[[Any], Found]) -> Found:
    try:
        value = observation.value(fact)
    except FactUnreadable as error:
        yield unreadable(fact.name, error.why)
    else:
        yield from rule(value)

"""Who still has a hold on a tablet: accounts, reset protection, organisations, lenders, other profiles."""

from __future__ import annotations

from provisioning.facts.accounts import Accounts
from provisioning.facts.owner import Ownership
from provisioning.facts.security import KnoxGuard
from provisioning.facts.trade_in import TradeIn
from provisioning.facts.users import AndroidUsers
from provisioning.wipe.blockers.blocker import Blocker, BlockerCode, Found, WipePolicy

_LOCK_ACCOUNTS = {
    "com.google": (BlockerCode.GOOGLE_ACCOUNT, "Google", "Settings → Accounts"),
    "com.osp.app.signin": (BlockerCode.SAMSUNG_ACCOUNT, "Samsung", "Settings → Accounts → Samsung account"),
    "com.xiaomi": (BlockerCode.LOCK_ACCOUNT, "Xiaomi", "Settings → Mi Account"),
    "com.huawei.hwid": (BlockerCode.LOCK_ACCOUNT, "Huawei", "Settings → HUAWEI ID"),
    "com.amazon.account": (BlockerCode.LOCK_ACCOUNT, "Amazon", "Settings → My Account"),
}


_OR_RECORD = " Or record that the donor agreed to have it removed here with a guided reset."


def lock_accounts(accounts: Accounts) -> Found:
    for kind, count in accounts.by_type.items():
        if kind not in _LOCK_ACCOUNTS:
            continue
        code, maker, place = _LOCK_ACCOUNTS[kind]
        also = _OR_RECORD if code is BlockerCode.GOOGLE_ACCOUNT else ""
        signed_in = f"A {maker} account is" if count == 1 else f"{count} {maker} accounts are"
        yield Blocker(
            code,
            f"{signed_in} signed in on this tablet.",
            f"After a reset {maker} would ask for that account, and nobody else could use the tablet.",
            f"On the tablet, open {place} and remove it; the donor may have to enter their password." + also,
        )


def locked(trade_in: TradeIn | None) -> bool:
    return trade_in is not None and trade_in.report is not None and trade_in.report.reset_protection


IN_TRADE_IN_MODE = Blocker(
    BlockerCode.TRADE_IN_MODE,
    "This tablet waits in its first-run setup, in trade-in mode.",
    "In that mode it answers nothing but a short report, so nobody can tell what else stands against a wipe.",
    "Open it for reading with trade-in mode's evaluation, or finish its setup without an account; then read it again.",
)


def reset_protected(active: bool) -> Found:
    if active:
        yield Blocker(
            BlockerCode.RESET_PROTECTION,
            "Factory reset protection is active.",
            "The tablet wants an earlier owner's account before it can be used, and we never bypass that.",
            "Put it aside and ask the donor to sign in once and remove their account, or to take it back.",
        )


def managed(owners: Ownership, rules: WipePolicy) -> Found:
    packages = ([owners.device_owner] if owners.device_owner else []) + [
        owner.package for owner in owners.profile_owners if owner.user == 0
    ]
    strangers = [package for package in packages if package not in rules.our_owners]
    if strangers:
        yield Blocker(
            BlockerCode.MANAGED,
            f"Another organisation manages this tablet (through {strangers[0]}).",
            "It may refuse the reset, or enrol itself with them again afterwards.",
            "Ask the donor's IT team to release the tablet, then read it again.",
        )


def second_profile(users: AndroidUsers) -> Found:
    if users.work_profiles:
        yield Blocker(
            BlockerCode.WORK_PROFILE,
            "There is a work profile or Secure Folder on this tablet.",
            "It holds an employer's or a hidden half of the donor's data, and the donor may not know that it is there.",
            "Ask the donor to remove it (Settings → Accounts → Work, or Secure Folder), then read the tablet again.",
        )


def financed(knox: KnoxGuard) -> Found:
    if knox.held:
        yield Blocker(
            BlockerCode.KNOX_GUARD,
            f"Samsung Knox Guard is {(knox.state or '').lower()} on this tablet.",
            "It is still being paid for, or was reported stolen; its lender can lock it at any time.",
            "Do not wipe or lend it. Put it aside and tell a coordinator.",
        )

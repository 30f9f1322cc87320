"""In which languages a tablet speaks: the system's own, one app's, and whether a command can change the system's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown

# A configuration's qualifiers begin with country and network codes where there is a SIM, then come the languages.
_CONFIG = re.compile(
    r"^config: (?:mcc\d+-)?(?:mnc\d+-)?(?P<languages>[^-\s]+(?:-r[A-Z0-9]{2,3}[^-\s]*)*)", re.MULTILINE
)
_ONE = re.compile(r"b\+(?P<tagged>[A-Za-z0-9+]+)|(?P<plain>[a-z]{2,3})(?:-r(?P<region>[A-Z]{2}|\d{3}))?")


@dataclass(frozen=True)
class SystemLanguage:
    """`tags` as in ``pa-IN``, the one in use first. `can_set` is whether `cmd locale` offers to change it."""

    tags: tuple[str, ...]
    can_set: bool


@dataclass(frozen=True)
class AppLanguage:
    """`tags` are empty where the app follows the system; `supported` is False before Android 13."""

    tags: tuple[str, ...]
    supported: bool


def parse_system_language(text: str) -> SystemLanguage:
    found = _CONFIG.search(text)
    tags = tuple(_tag(one) for one in found["languages"].split(",")) if found else ()
    if not tags or None in tags:
        refuse_errors(text)
        raise ValueError(f"the activity manager printed {shown(text)}")
    # `cmd locale help` names the command from Android 16's second release on (android.md 5.6): probed, not computed.
    return SystemLanguage(tuple(tag for tag in tags if tag), "set-device-locale" in text)


def _tag(qualifier: str) -> str | None:
    match = _ONE.fullmatch(qualifier)
    if match is None:
        return None
    if match["tagged"]:
        return str(match["tagged"]).replace("+", "-")
    return f"{match['plain']}-{match['region']}" if match["region"] else str(match["plain"])


def parse_app_language(text: str) -> AppLanguage:
    found = re.search(r"^Locales for \S+ for user \d+ are \[([\w,\- ]*)\]", text, re.MULTILINE)
    if found:
        return AppLanguage(tuple(tag.strip() for tag in found.group(1).split(",") if tag.strip()), supported=True)
    if "Can't find service: locale" in text:
        return AppLanguage((), supported=False)
    # An app that is not installed has no language yet; the command says so with an exception.
    if re.search(r"Unknown package|NameNotFound|not found for user", text, re.IGNORECASE):
        return AppLanguage((), supported=True)
    refuse_errors(text)
    raise ValueError(f"the locale service printed {shown(text)}")


SYSTEM_LANGUAGE = Fact(
    "system_language",
    Command("sh -c", Quoted("am get-config;cmd locale help;true")),
    SystemLanguage,
    parse_system_language,
)


@lru_cache(maxsize=256)
def app_language(package: str) -> Fact[AppLanguage]:
    """The fact about one app, named ``app_language/<package>``."""
    return Fact(
        f"app_language/{package}",
        Command("cmd locale get-app-locales", Quoted(package), "--user 0"),
        AppLanguage,
        parse_app_language,
        frozenset({0, 20, 255}),
    )

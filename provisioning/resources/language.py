"""The tablet, or one app on it, speaks a person's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.command import Quoted
from provisioning.errors import NeedsPerson, Unsupported
from provisioning.facts.fact import Fact
from provisioning.facts.languages import SYSTEM_LANGUAGE, AppLanguage, SystemLanguage, app_language
from provisioning.facts.observation import Observation
from provisioning.resources.names import check_package
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import Step, run

_SCREEN = "android.settings.LOCALE_SETTINGS"
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
# Languages written in two ways, where the country alone says in which.
_SCRIPTS = {
    ("zh", "CN"): "Hans",
    ("zh", "SG"): "Hans",
    ("zh", "TW"): "Hant",
    ("zh", "HK"): "Hant",
    ("zh", "MO"): "Hant",
    ("pa", "IN"): "Guru",
    ("pa", "PK"): "Arab",
}


def check_tag(tag: str) -> None:
    """Raise `ValueError` for what cannot be a language's tag."""
    if not _TAG.fullmatch(tag):
        raise ValueError(f"“{tag}” is not a language's tag such as pa-IN")


@dataclass(frozen=True, kw_only=True)
class Language(Resource[SystemLanguage]):
    """`title` is the language in English, `own` as its speakers write it, which is how the tablet lists it."""

    phase: ClassVar[Phase] = Phase.LANGUAGE

    tag: str
    title: str
    own: str
    kind: Literal["language"] = "language"

    def __post_init__(self) -> None:
        check_tag(self.tag)

    @property
    def id(self) -> str:
        return "language"

    @property
    def sentence(self) -> str:
        return f"The tablet speaks {self.title}"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (SYSTEM_LANGUAGE,)

    def read(self, observed: Observation) -> SystemLanguage:
        return observed.value(SYSTEM_LANGUAGE)

    def decide(self, state: SystemLanguage) -> tuple[Step, ...]:
        if same_language(self.tag, state.tags[0]):
            return ()
        if state.can_set:
            put = run("cmd locale set-device-locale", Quoted(self.tag))
            return (self.step(f"{self.sentence} ({self.tag}, was {state.tags[0]}).", put),)
        raise NeedsPerson(
            f"On the tablet, under Languages, tap “Add a language”, choose “{self.own}” ({self.title}) and drag it to "
            f"the top. If it is not on the list, this tablet has no {self.title}: leave it as it is and say so.",
            screen=_SCREEN,
        )


@dataclass(frozen=True, kw_only=True)
class LanguageOfApp(Resource[AppLanguage]):
    """One app's own language, which Android keeps from version 13 on. An app without it speaks what it can."""

    phase: ClassVar[Phase] = Phase.LANGUAGE

    package: str
    app: str
    tag: str
    title: str
    kind: Literal["app_language"] = "app_language"

    def __post_init__(self) -> None:
        check_package(self.package)
        check_tag(self.tag)

    @property
    def id(self) -> str:
        return f"app_language/{self.package}"

    @property
    def sentence(self) -> str:
        return f"{self.app} speaks {self.title} if it can"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (app_language(self.package),)

    def read(self, observed: Observation) -> AppLanguage:
        return observed.value(app_language(self.package))

    def decide(self, state: AppLanguage) -> tuple[Step, ...]:
        if not state.supported:
            raise Unsupported("Apps have a language of their own from Android 13 on; here they follow the tablet.")
        if state.tags and same_language(self.tag, state.tags[0]):
            return ()
        put = run("cmd locale set-app-locales", self.package, "--user 0 --locales", Quoted(self.tag))
        return (self.step(f"{self.sentence} ({self.tag}).", put),)


def same_language(wanted: str, found: str) -> bool:
    """Whether a person who reads one can read the other: the country does not matter, the writing does."""
    one, other = wanted.split("-"), found.split("-")
    writing, theirs = _script(one), _script(other)
    return one[0] == other[0] and (not writing or not theirs or writing == theirs)


def _script(parts: list[str]) -> str:
    named = next((part for part in parts[1:] if len(part) == 4), "")
    return named or next((_SCRIPTS.get((parts[0], part), "") for part in parts[1:] if len(part) == 2), "")

"""Which tablet suits a person: what it was set up with, held against what they need and read. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.people.rules import SETTING_NEEDS, NeedCode

CLEAR_SCREEN_NEEDS = frozenset({NeedCode.LARGE_TEXT, NeedCode.FEW_CHOICES, NeedCode.PICTURES, NeedCode.STEADY_TOUCH})
"""Needs for which the bench begins from the large and clear profile, and adds the rest."""

SERVED_BY_CLEAR = CLEAR_SCREEN_NEEDS - {NeedCode.STEADY_TOUCH}
"""Needs that the large and clear profile serves by itself: large words, few tiles, a picture on each. Its touch is the
usual one."""

ENGLISH = "English"

_LACKS: dict[NeedCode, str] = {
    NeedCode.LARGE_TEXT: "no large words",
    NeedCode.SCREEN_READER: "no screen reader",
    NeedCode.CAPTIONS: "no captions and loud sound",
    NeedCode.BSL: "not set up for signing (BSL)",
    NeedCode.STEADY_TOUCH: "no slower, steadier touch",
    NeedCode.FEW_CHOICES: "no home screen of few choices",
    NeedCode.NO_SURPRISES: "not set up calm",
    NeedCode.PICTURES: "no pictures with the words",
}


@dataclass(frozen=True)
class SetUp:
    """What a tablet was provisioned with: its profile, the needs it was made for, the language in English words."""

    profile: str
    needs: frozenset[NeedCode] = frozenset()
    language: str = ENGLISH

    @property
    def serves(self) -> frozenset[NeedCode]:
        return self.needs | SERVED_BY_CLEAR if is_clear(self.profile) else self.needs


@dataclass(frozen=True)
class Wanted:
    """What a person's tablet is to be: the needs that change how it is set up, and the language they read."""

    needs: frozenset[NeedCode] = frozenset()
    language: str = ENGLISH


def is_clear(profile: str) -> bool:
    """Whether the profile is of the large and clear kind."""
    return "large" in profile


def kind_fits(profile: str, needs: frozenset[NeedCode]) -> bool:
    """Whether the bench would begin from a profile of this kind for these needs (rule R6: an equal kind)."""
    return is_clear(profile) is bool(needs & CLEAR_SCREEN_NEEDS)


def lacking(set_up: SetUp, wanted: Wanted) -> tuple[str, ...]:
    """What speaks against giving a tablet to somebody as it is, in words; empty where it does what they need.

    A screen reader that nobody asked for changes every touch, so that it is in the way.
    """
    language = set_up.language != wanted.language
    spoken = (f"it speaks {set_up.language}, they read {wanted.language}",) if language else ()
    missing = (wanted.needs & SETTING_NEEDS) - set_up.serves
    reads_aloud = NeedCode.SCREEN_READER in set_up.serves - wanted.needs
    in_the_way = ("it reads the screen aloud, which they did not ask for",) if reads_aloud else ()
    return (*spoken, *(_LACKS[code] for code in NeedCode if code in missing), *in_the_way)


def rank(set_up: SetUp, wanted: Wanted) -> tuple[int, bool, int]:
    """Smallest for the tablet that fits best: what it lacks, then another kind of screen, then what nobody asked."""
    other_kind = not kind_fits(set_up.profile, wanted.needs)
    return len(lacking(set_up, wanted)), other_kind, len(set_up.needs ^ (wanted.needs & SETTING_NEEDS))


def fit_words(set_up: SetUp, wanted: Wanted) -> str:
    """How well a tablet fits, as it stands beside it in a list; empty for a plain one that lacks nothing."""
    lacks = lacking(set_up, wanted)
    if lacks:
        return f"not as they need it: {'; '.join(lacks)}"
    asked = bool(wanted.needs & SETTING_NEEDS) or wanted.language != ENGLISH
    return "as they need it" if asked else ""

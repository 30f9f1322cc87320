"""Which of an app's APKs one tablet gets: its processor's, its screen's, its people's languages, and nothing else.

Everything is decided here before a byte is sent; the tablet itself has the last word when they are installed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from provisioning.apps.languages import speaks
from provisioning.apps.limits import ROOM_FACTOR
from provisioning.apps.release import Part, Variant
from provisioning.apps.split import BASE, Split, SplitKind
from provisioning.errors import AppUnsuited

OLD_TARGETS = ((35, 24), (34, 23))
"""From this API level on, Android refuses apps made for an API level below (34: AOSP; 35: reported, not read)."""
_TYPES_FROM = 33


@dataclass(frozen=True)
class TabletTraits:
    """What decides which APKs a tablet gets. None and empty stand for what could not be read.

    `abis` as in ``ro.product.cpu.abilist``, the best first; `density` in dots per inch; `languages` the tablet's own
    and those of the person it is for, as tags.
    """

    sdk: int
    abis: tuple[str, ...] = ()
    density: int | None = None
    languages: tuple[str, ...] = ()
    free_bytes: int | None = None


@dataclass(frozen=True)
class Choice:
    """The APKs to install, the base first. `doubts` are sentences about what may yet go wrong."""

    parts: tuple[Part, ...]
    doubts: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        return sum(part.size_bytes for part in self.parts)


def choose(app: str, variants: Sequence[Variant], tablet: TabletTraits, *, target_sdk: int) -> Choice:
    """The APKs of the app called `app` that this tablet gets. Raises `AppUnsuited` with the reason in words."""
    lowest = min(variant.min_sdk for variant in variants)
    if tablet.sdk < lowest:
        raise AppUnsuited(
            f"{app} needs Android API level {lowest} or later, and this tablet has {tablet.sdk}. Choose an older "
            "version of the app."
        )
    why: AppUnsuited | None = None
    for variant in _best_first(variants, tablet):
        try:
            parts = _parts_for(app, variant, tablet)
        except AppUnsuited as error:
            why = why or error
            continue
        _check_room(app, parts, tablet)
        return Choice(parts, tuple(_doubts(app, variant, parts, tablet, target_sdk)))
    assert why is not None, "at least one variant is for this Android"
    raise why


def _best_first(variants: Sequence[Variant], tablet: TabletTraits) -> list[Variant]:
    """Sets of splits before whole apps, those for later Androids before others, small ones before large ones."""
    fitting = [variant for variant in variants if variant.min_sdk <= tablet.sdk]
    screens = [variant.density for variant in fitting if variant.density]
    screen = pick_density(screens, tablet.density) if screens else 0
    return sorted(
        fitting,
        key=lambda variant: (
            len(variant.parts) == 1,
            -variant.min_sdk,
            variant.density not in {screen, 0},
            sum(part.size_bytes for part in variant.parts),
        ),
    )


def _parts_for(app: str, variant: Variant, tablet: TabletTraits) -> tuple[Part, ...]:
    usable = [part for part in variant.parts if part.min_sdk <= tablet.sdk]
    modules = _modules(usable)
    offered = [part for part in usable if part.split.module in modules]
    abi = pick_abi(app, offered, tablet.abis)
    chosen = [part for part in offered if _wanted(part, offered, abi, tablet)]
    if variant.splits_required and len(chosen) == 1:
        raise AppUnsuited(f"{app} is not whole: its file has no part that this tablet could use beside the base.")
    missing = {kind for part in chosen for kind in part.required_types} - {
        kind for part in chosen for kind in part.types
    }
    if missing and tablet.sdk >= _TYPES_FROM:
        raise AppUnsuited(
            f"{app} is not whole: its file lacks the parts for {', '.join(sorted(missing))}. Import it again from its "
            "maker."
        )
    return tuple(sorted(chosen, key=lambda part: (part.split != BASE, part.split.name)))


def _modules(parts: Iterable[Part]) -> frozenset[str]:
    """The base (an empty name), the features that come with it, and what those need in turn."""
    features = {part.split.name: part for part in parts if part.split.kind is SplitKind.FEATURE}
    found = {"", *(name for name, part in features.items() if not part.on_demand)}
    waiting = [name for name in found if name]
    while waiting:
        for name in features[waiting.pop()].needs:
            if name in features and name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def _wanted(part: Part, offered: Sequence[Part], abi: str, tablet: TabletTraits) -> bool:
    match part.split.kind:
        case SplitKind.BASE | SplitKind.FEATURE:
            return True
        case SplitKind.ABI:
            return part.split.value == abi
        case SplitKind.DENSITY:
            siblings = [int(one.value) for one in _siblings(part.split, offered)]
            return int(part.split.value) == pick_density(siblings, tablet.density)
        case SplitKind.LANGUAGE:
            return any(speaks(part.split.value, wanted) for wanted in tablet.languages)
        case SplitKind.OTHER:
            return False


def _siblings(split: Split, parts: Iterable[Part]) -> Iterator[Split]:
    """The splits of the same kind and module, `split` itself among them."""
    return (part.split for part in parts if (part.split.kind, part.split.module) == (split.kind, split.module))


def pick_abi(app: str, parts: Sequence[Part], abis: Sequence[str]) -> str:
    """The tablet's best processor kind that every module has, where it has a choice; empty where none has one.

    Raises `AppUnsuited` when there is none, or when native code that every tablet would get is for other processors.
    """
    for part in parts:
        always = part.split.kind is not SplitKind.ABI and part.abis
        if always and abis and not set(part.abis) & set(abis):
            raise _other_processor(app, part.abis, abis)
    by_module: dict[str, set[str]] = {}
    for part in parts:
        if part.split.kind is SplitKind.ABI:
            by_module.setdefault(part.split.module, set()).add(part.split.value)
    if not by_module:
        return ""
    common = set.intersection(*by_module.values())
    for abi in abis:
        if abi in common:
            return abi
    raise _other_processor(app, sorted(common), abis)


def pick_density(offered: Collection[int], wanted: int | None) -> int:
    """The smallest density that is not below `wanted`, else the largest: pictures are shrunk rather than blown up."""
    return min((density for density in offered if wanted is not None and density >= wanted), default=max(offered))


def _other_processor(app: str, has: Collection[str], abis: Sequence[str]) -> AppUnsuited:
    return AppUnsuited(
        f"{app} is built for {' and '.join(has) or 'no processor in common'}, and this tablet's processor runs "
        f"{', '.join(abis) or 'something that could not be read'}. Import the version for it."
    )


def _check_room(app: str, parts: Sequence[Part], tablet: TabletTraits) -> None:
    size = sum(part.size_bytes for part in parts)
    if tablet.free_bytes is not None and tablet.free_bytes < ROOM_FACTOR * size:
        raise AppUnsuited(
            f"{app} needs {ROOM_FACTOR * size / 1_000_000:.0f} MB free to be installed, and this tablet has "
            f"{tablet.free_bytes / 1_000_000:.0f} MB. Remove apps or files from it first."
        )


def _doubts(app: str, variant: Variant, parts: Sequence[Part], tablet: TabletTraits, target_sdk: int) -> Iterator[str]:
    lowest = next((target for sdk, target in OLD_TARGETS if tablet.sdk >= sdk), 0)
    if target_sdk < lowest:
        yield (
            f"{app} was made for Android API level {target_sdk}. This tablet may refuse apps made for less than "
            f"{lowest}; a newer version of the app would not be refused."
        )
    left = sorted(part.split.name for part in variant.parts if part.split.kind is SplitKind.OTHER)
    if left:
        yield f"{app} has parts that this program does not know how to choose, so they are left out: {', '.join(left)}."

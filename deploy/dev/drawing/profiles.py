"""Draws docs/needs-and-settings.md from the data files of `provisioning/profiles/built_in`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from deploy.dev.drawing.markdown import page, table
from provisioning.profiles.conflicts import Conflicts
from provisioning.profiles.layer import Layer
from provisioning.profiles.library import Library, built_in_library
from provisioning.profiles.loader import built_in_profiles
from provisioning.profiles.quirk import Quirk
from provisioning.resources.resource import Resource

_OPENING = """What each need and wish asks of a tablet, what every profile is made of, and what is kept where two
differ. [profiles.md](profiles.md) says how to write one. Needs are named by what a person does, never by a diagnosis;
`--need` takes the name, and the codes of a person's record mean the same."""


def profiles_page() -> str:
    """The page as Markdown."""
    library = built_in_library()
    return page(
        "Profiles, needs and what they set",
        _OPENING,
        "## Profiles",
        table(("Profile", "Name", "Brings the needs", "Asks for", "For whom"), _profiles(library)),
        "## Needs",
        *_layers(library.needs.values()),
        "## Wishes",
        "What a person says they want is stronger than any need and any profile.",
        *_layers(library.wishes.values()),
        "## Where two ask for different things",
        table(("What", "Kept", "Because"), _kept(library.conflicts)),
        table(("Left out", "When", "Because"), _dropped(library.conflicts)),
        "## Quirks of makes and models",
        table(("Quirk", "Which tablets", "What is different"), (_quirk(quirk) for quirk in library.quirks)),
    )


def _profiles(library: Library) -> Iterable[tuple[str, ...]]:
    for profile in built_in_profiles():
        needs = ", ".join(library.title(f"need:{name}") for name in profile.needs) or "none"
        asks = f"{len(profile.resources)} things"
        yield profile.title, f"`{profile.name}` {profile.version}", needs, asks, profile.description


def _layers(layers: Iterable[Layer]) -> Iterable[str]:
    for layer in layers:
        also = f" (also `{'`, `'.join(layer.also)}`)" if layer.also else ""
        yield f"### {layer.title}\n\n`{layer.name}`{also}. {layer.description}"
        rows = ((each.sentence, _exactly(each), each.reason, each.source) for each in layer.resources)
        yield table(("What should be true", "On the tablet", "Why", "Source"), rows)


def _exactly(resource: Resource[Any]) -> str:
    """The key and value where there is one, else the resource's id."""
    told = vars(resource)
    if "key" in told:
        since = f", from API level {told['since_sdk']}" if told["since_sdk"] else ""
        return f"`{told['namespace'].value} {told['key']} {told['value']}`{since}"
    return f"`{resource.id}`"


def _kept(conflicts: Conflicts) -> Iterable[tuple[str, ...]]:
    for rule in conflicts.keep:
        which = f"the {rule.which}" if isinstance(rule.which, str) else "the first of " + ", ".join(rule.which)
        yield f"`{rule.resource}`", which, rule.because


def _dropped(conflicts: Conflicts) -> Iterable[tuple[str, ...]]:
    for rule in conflicts.drop:
        value = f" is {rule.value}" if rule.value else ""
        when = f"`{rule.when}`{value}" if rule.when else f"without `{rule.unless}`"
        yield ", ".join(f"`{each}`" for each in rule.resources), when, rule.because


def _quirk(quirk: Quirk) -> tuple[str, ...]:
    match = quirk.match
    names = ((match.manufacturer, "made by"), (match.model, "model"), (match.device, "device"))
    which = [f"{words} {name}" for name, words in names if name != "*"]
    which += [f"API level {match.min_sdk} and later"] if match.min_sdk else []
    said = [f"`{each.resource}`: {each.why}" for each in quirk.skip]
    said += [f"`{each.resource}` by hand: {each.words}" for each in quirk.guide]
    said += [f"“{each.said}”: {each.words}" for each in quirk.hands]
    return quirk.title, ", ".join(which) or "all", " ".join(said)

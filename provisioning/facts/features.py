"""What the tablet's hardware and system claim to offer (`pm list features`)."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown


@dataclass(frozen=True)
class Features:
    """Feature names, sorted, without the version some carry."""

    names: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.names


def parse_features(text: str) -> Features:
    names = {
        line.removeprefix("feature:").partition("=")[0] for line in text.split("\n") if line.startswith("feature:")
    }
    if not names:
        refuse_errors(text)
        raise ValueError(f"pm printed {shown(text)}")
    return Features(tuple(sorted(names)))


FEATURES = Fact("features", Command("pm list features"), Features, parse_features)

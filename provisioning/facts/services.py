"""Which system services the tablet runs (`cmd -l`): what it can be asked for, whatever its version promises."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown


@dataclass(frozen=True)
class Services:
    """Service names, sorted."""

    names: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.names


def parse_services(text: str) -> Services:
    _, heading, body = text.partition("Currently running services:")
    names = {line.strip() for line in body.split("\n") if line.startswith("  ") and " " not in line.strip()}
    if not heading or not names:
        refuse_errors(text)
        raise ValueError(f"cmd printed {shown(text)}")
    return Services(tuple(sorted(names)))


SERVICES = Fact("services", Command("cmd -l"), Services, parse_services)

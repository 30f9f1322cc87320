"""The screen's size and density, as built and as somebody has overridden them (`wm size`, `wm density`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown


@dataclass(frozen=True)
class Display:
    """Pixels and dots per inch; an override is None where there is none."""

    width: int
    height: int
    density: int
    override_width: int | None
    override_height: int | None
    override_density: int | None

    @property
    def density_in_use(self) -> int:
        return self.override_density or self.density

    def smallest_width_dp(self, density: int) -> int:
        """Width of the shorter side at a density; below 600 launchers lay themselves out as on a phone."""
        return min(self.width, self.height) * 160 // density


def parse_display(text: str) -> Display:
    size = re.search(r"^Physical size: (\d+)x(\d+)", text, re.MULTILINE)
    density = re.search(r"^Physical density: (\d+)", text, re.MULTILINE)
    if size is None or density is None:
        refuse_errors(text)
        raise ValueError(f"wm printed {shown(text)}")
    override_size = re.search(r"^Override size: (\d+)x(\d+)", text, re.MULTILINE)
    override_density = re.search(r"^Override density: (\d+)", text, re.MULTILINE)
    return Display(
        width=int(size.group(1)),
        height=int(size.group(2)),
        density=int(density.group(1)),
        override_width=int(override_size.group(1)) if override_size else None,
        override_height=int(override_size.group(2)) if override_size else None,
        override_density=int(override_density.group(1)) if override_density else None,
    )


DISPLAY = Fact("display", Command("sh -c", Quoted("wm size;wm density")), Display, parse_display)

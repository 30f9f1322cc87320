"""Doorstep Home shows these tiles, in this size and contrast: what the file it reads must hold.

deploy/home/README.md has the file's format.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict

from provisioning.facts.fact import Fact
from provisioning.facts.files import FileOnTablet
from provisioning.facts.observation import Observation
from provisioning.resources.file_content import FileContent
from provisioning.resources.names import check_package
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import Step

HOME_APP = "org.doorstep.home"
MOST_TILES = 6
"""Help is one of them."""

_PATH = f"/sdcard/Android/data/{HOME_APP}/files/tiles.json"
_FIRST_START = f"{HOME_APP}/.HomeActivity"

Contrast = Literal["", "light", "dark", "yellow_on_black"]
CONTRASTS: tuple[Contrast, ...] = ("yellow_on_black", "dark", "light", "")
"""The strongest first."""

Platform = Literal["", "jitsi", "zoom", "teams", "whatsapp", "web"]
"""Whose link it is, for the app that opens it best; empty for any link."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Tile:
    """One tile: a word or two, a picture by its name, and either an app or a link.

    What happens at a certain time says so: `weekday` is 1 for Monday to 7, 0 for none; `at` is a time such as 10:30.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    label: str
    picture: str = "app"
    package: str = ""
    link: str = ""
    platform: Platform = ""
    weekday: int = 0
    at: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 7 or (self.at and not _TIME.fullmatch(self.at)):
            raise ValueError(f"the tile “{self.label}” says a day or time that there is not")
        if bool(self.package) == bool(self.link):
            raise ValueError(f"the tile “{self.label}” must open either an app (package) or a link")
        if self.package:
            check_package(self.package)


@dataclass(frozen=True, kw_only=True)
class HomeTiles(Resource[FileOnTablet]):
    """A need may say how many tiles, how large and in which contrast, and leave the tiles themselves to the profile.

    `most` counts Help, which every home screen has. `text_size_sp` 0 and an empty `contrast`, `help_text` or
    `language` leave the choice to the app.
    """

    phase: ClassVar[Phase] = Phase.HOME

    tiles: tuple[Tile, ...] = ()
    most: int = MOST_TILES
    text_size_sp: int = 0
    contrast: Contrast = ""
    help_text: str = ""
    language: str = ""
    """The language of the app's own words, as ``pa``; those it does not have are English."""
    kind: Literal["tiles"] = "tiles"

    def __post_init__(self) -> None:
        if not 2 <= self.most <= MOST_TILES:
            raise ValueError(f"{self.most} is not a number of tiles from 2 to {MOST_TILES}")
        if self.text_size_sp and not 18 <= self.text_size_sp <= 60:
            raise ValueError(f"{self.text_size_sp} is not a size of words from 18 to 60 sp")

    @property
    def id(self) -> str:
        return "tiles"

    @property
    def sentence(self) -> str:
        return "The home screen knows which tiles to show"

    @property
    def file(self) -> FileContent:
        """What must be on the tablet."""
        return FileContent(
            path=_PATH, text=self.text, means=self.sentence, start_first=_FIRST_START, reason=self.reason
        )

    @property
    def text(self) -> str:
        shown = [{key: value for key, value in vars(tile).items() if value} for tile in self.tiles[: self.most - 1]]
        names = ("text_size_sp", "contrast", "help_text", "language")
        said = {name: getattr(self, name) for name in names}
        held = {**{key: value for key, value in said.items() if value}, "tiles": shown}
        return json.dumps(held, ensure_ascii=False, indent=2) + "\n"

    def facts(self) -> tuple[Fact[Any], ...]:
        return self.file.facts()

    def read(self, observed: Observation) -> FileOnTablet:
        return self.file.read(observed)

    def decide(self, state: FileOnTablet) -> tuple[Step, ...]:
        return tuple(self.step(step.sentence, *step.actions) for step in self.file.decide(state))

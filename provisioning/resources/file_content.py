"""A file on the tablet holds a given text."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.command import Quoted
from provisioning.facts.fact import Fact
from provisioning.facts.files import FileOnTablet, file_on_tablet
from provisioning.facts.observation import Observation
from provisioning.resources.names import check_activity, check_package
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import PushText, Step, run

# Where ADB's shell may write on a tablet nobody has rooted.
_WRITABLE = re.compile(r"/(sdcard|data/local/tmp)(/[\w@%+=:,. -]+)+")
# The text travels inside the stored plan; anything larger is an app or media and belongs elsewhere.
MOST_BYTES = 65_536


@dataclass(frozen=True, kw_only=True)
class FileContent(Resource[FileOnTablet]):
    """`start_first` is an activity (``package/.Class``) whose app makes the folder itself: from Android 11 on an app
    may not be able to read a folder that ADB made for it.
    """

    phase: ClassVar[Phase] = Phase.HOME

    path: str
    text: str
    means: str
    start_first: str = ""
    kind: Literal["file"] = "file"

    def __post_init__(self) -> None:
        if not _WRITABLE.fullmatch(self.path) or ".." in self.path.split("/"):
            raise ValueError(f"“{self.path}” is not a place for files: use /sdcard/… or /data/local/tmp/…")
        if self.start_first:
            package, _, activity = self.start_first.partition("/")
            check_package(package)
            check_activity(activity)
        if len(self.text.encode()) > MOST_BYTES:
            raise ValueError(f"the text for {self.path} is longer than {MOST_BYTES} bytes")

    @property
    def id(self) -> str:
        return f"file{self.path}"

    @property
    def sentence(self) -> str:
        return self.means

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def facts(self) -> tuple[Fact[Any], ...]:
        return (file_on_tablet(self.path),)

    def read(self, observed: Observation) -> FileOnTablet:
        return observed.value(file_on_tablet(self.path))

    def decide(self, state: FileOnTablet) -> tuple[Step, ...]:
        if state.sha256 == self.sha256:
            return ()
        push = PushText(self.path, self.text)
        start = (run("am start -n", Quoted(self.start_first)),) if self.start_first else ()
        return (self.step(f"{self.means} ({self.path}).", *start, push),)

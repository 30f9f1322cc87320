"""One command being run: its words, its three channels, and the tablet it runs on."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from provisioning.virtual.tablet import VirtualTablet


class Source(Protocol):
    """Where a command's input comes from."""

    def read(self, size: int = -1) -> bytes: ...


class Sink(Protocol):
    """Where a command's output goes."""

    def write(self, data: bytes) -> object: ...


class Hung(Exception):
    """The tablet stopped under the command: it will never answer."""


class CommandError(Exception):
    """A command that failed with a text for stderr."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.text = text
        self.code = code


class JavaError(Exception):
    """A command of a system service that threw; `text` begins with the Java class."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass
class Surroundings:
    """What a shell hands on to the commands it starts."""

    folder: str = "/"
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One command with its words; `words[0]` is its name."""

    tablet: VirtualTablet
    words: tuple[str, ...]
    stdin: Source
    stdout: Sink
    stderr: Sink
    around: Surroundings = field(default_factory=Surroundings)

    @property
    def sdk(self) -> int:
        return self.tablet.personality.sdk

    @property
    def arguments(self) -> tuple[str, ...]:
        return self.words[1:]

    def out(self, text: str) -> None:
        self.stdout.write(text.encode("utf-8", "surrogateescape"))

    def line(self, text: str) -> None:
        self.out(text + "\n")

    def error(self, text: str) -> None:
        self.stderr.write((text + "\n").encode("utf-8", "surrogateescape"))

    def with_words(self, *words: str) -> Call:
        """The same channels for other words."""
        return Call(self.tablet, words, self.stdin, self.stdout, self.stderr, self.around)


Handler = Callable[[Call], int]
Commands = Mapping[str, Handler]


class Output:
    """A channel that gathers small writes, so that a script's answer leaves in few packets."""

    GATHER_BYTES = 64 * 1024

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._held = io.BytesIO()

    def write(self, data: bytes) -> object:
        if len(data) >= self.GATHER_BYTES:
            self.flush()
            return self._sink.write(data)
        self._held.write(data)
        if self._held.tell() >= self.GATHER_BYTES:
            self.flush()
        return None

    def flush(self) -> None:
        data = self._held.getvalue()
        if data:
            self._held = io.BytesIO()
            self._sink.write(data)


def report_java_error(call: Call, error: JavaError) -> int:
    """How `cmd` tells of an exception: A10 and later name the verb, and all of them exit 255."""
    verb = f" '{call.words[1]}'" if call.sdk >= 29 and len(call.words) > 1 else ""
    call.error(f"\nException occurred while executing{verb}:\n{error.text}")
    call.error("\tat android.os.Parcel.createExceptionOrNull(Parcel.java)")
    return 255

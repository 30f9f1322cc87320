"""Where a command's channels lead: files, /dev/null, and one another."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO

from provisioning.virtual.files import FileTree
from provisioning.virtual.shell.call import CommandError, Sink, Source
from provisioning.virtual.shell.syntax import Redirect, Word


@dataclass(frozen=True)
class Channels:
    """Standard input, output and error."""

    stdin: Source
    stdout: Sink
    stderr: Sink


class _Nowhere:
    """/dev/null."""

    def write(self, data: bytes) -> object:
        return len(data)


@contextmanager
def redirected(
    redirects: tuple[Redirect, ...], channels: Channels, files: FileTree, folder: str, text_of: Callable[[Word], str]
) -> Iterator[Channels]:
    """The channels as the redirections leave them, read from left to right. Raises `CommandError`."""
    with ExitStack() as opened:
        for redirect in redirects:
            target = text_of(redirect.target)
            if redirect.operator == ">&":
                channels = _joined(channels, redirect.descriptor, target)
            elif redirect.operator == "<<<":
                channels = replace(channels, stdin=io.BytesIO(f"{target}\n".encode()))
            elif redirect.operator == "<":
                empty = target == "/dev/null"
                source = io.BytesIO() if empty else opened.enter_context(_open(files, folder, target, "<"))
                channels = replace(channels, stdin=source)
            elif target == "/dev/null":
                channels = _with_output(channels, redirect.descriptor, _Nowhere())
            else:
                sink = opened.enter_context(_open(files, folder, target, redirect.operator))
                channels = _with_output(channels, redirect.descriptor, sink)
        yield channels


def _joined(channels: Channels, descriptor: int, target: str) -> Channels:
    other = {"1": channels.stdout, "2": channels.stderr}.get(target)
    if other is None:
        raise CommandError(f"/system/bin/sh: >&{target}: bad file descriptor")
    return _with_output(channels, descriptor, other)


def _open(files: FileTree, folder: str, target: str, operator: str) -> BinaryIO:
    try:
        if operator == "<":
            return files.readable(target, at=folder).open("rb")
        writable = files.writable(target, at=folder)
        return writable.open("ab") if operator == ">>" else writable.open("wb")
    except OSError as error:
        verb = "open" if operator == "<" else "create"
        raise CommandError(f"/system/bin/sh: can't {verb} {target}: {error.strerror}") from error


def _with_output(channels: Channels, descriptor: int, sink: Sink) -> Channels:
    return replace(channels, stderr=sink) if descriptor == 2 else replace(channels, stdout=sink)

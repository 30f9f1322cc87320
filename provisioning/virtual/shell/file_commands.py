"""Toybox commands on files: ls, cat, mkdir, rm, cp, mv, touch, stat, sums, df, du, chmod."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from provisioning.virtual.shell.call import Call, CommandError, Commands

COPY_BYTES = 1024 * 1024


def _options(call: Call) -> tuple[str, list[str]]:
    """All flag letters in one text, and the paths."""
    flags = "".join(word.lstrip("-") for word in call.arguments if word.startswith("-") and len(word) > 1)
    return flags, [word for word in call.arguments if not word.startswith("-") or word == "-"]


def _problem(call: Call, path: str, error: OSError) -> int:
    call.error(f"{call.words[0]}: {path}: {error.strerror}")
    return 1


def _cat(call: Call) -> int:
    code = 0
    for path in _options(call)[1] or ["-"]:
        if path == "-":
            while data := call.stdin.read(COPY_BYTES):
                call.stdout.write(data)
            continue
        try:
            with call.tablet.files.readable(path, at=call.around.folder).open("rb") as source:
                while data := source.read(COPY_BYTES):
                    call.stdout.write(data)
        except OSError as error:
            code = _problem(call, path, error)
    return code


def _ls(call: Call) -> int:
    flags, paths = _options(call)
    code = 0
    for path in paths or ["."]:
        try:
            code = max(code, _list_one(call, path, flags, headed=len(paths) > 1))
        except OSError as error:
            code = _problem(call, path, error)
    return code


def _list_one(call: Call, path: str, flags: str, *, headed: bool) -> int:
    real = call.tablet.files.readable(path, at=call.around.folder)
    if not real.is_dir() or "d" in flags:
        call.line(_long(real, path) if "l" in flags else path)
        return 0
    folder = call.tablet.files.listable(path, at=call.around.folder)
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    if "a" not in flags and "A" not in flags:
        entries = [entry for entry in entries if not entry.name.startswith(".")]
    if headed or "R" in flags:
        call.line(f"{path}:")
    if "l" in flags:
        call.line(f"total {sum(entry.stat().st_blocks for entry in entries) // 2}")
    for entry in entries:
        call.line(_long(entry, entry.name) if "l" in flags else entry.name)
    if "R" in flags:
        for entry in entries:
            if entry.is_dir():
                call.line("")
                _list_one(call, f"{path.rstrip('/')}/{entry.name}", flags, headed=True)
    return 0


def _long(real: Path, name: str) -> str:
    info = real.stat()
    when = datetime.datetime.fromtimestamp(info.st_mtime, datetime.UTC)
    return f"{stat.filemode(info.st_mode)} {info.st_nlink} shell shell {info.st_size} {when:%Y-%m-%d %H:%M} {name}"


def _mkdir(call: Call) -> int:
    flags, paths = _options(call)
    for path in paths:
        try:
            call.tablet.files.writable(path, at=call.around.folder).mkdir(parents="p" in flags, exist_ok="p" in flags)
        except OSError as error:
            return _problem(call, f"'{path}'", error)
    return 0


def _rm(call: Call) -> int:
    flags, paths = _options(call)
    code = 0
    for path in paths:
        try:
            _remove(call.tablet.files.writable(path, at=call.around.folder), recursive="r" in flags or "R" in flags)
        except FileNotFoundError as error:
            code = code if "f" in flags else _problem(call, path, error)
        except OSError as error:
            code = _problem(call, path, error)
    return code


def _remove(real: Path, *, recursive: bool) -> None:
    if real.is_dir() and recursive:
        shutil.rmtree(real)
    else:
        real.unlink()


def _rmdir(call: Call) -> int:
    for path in _options(call)[1]:
        try:
            call.tablet.files.writable(path, at=call.around.folder).rmdir()
        except OSError as error:
            return _problem(call, path, error)
    return 0


def _two_paths(act: Callable[[Path, Path], object]) -> Callable[[Call], int]:
    def command(call: Call) -> int:
        *sources, target = _options(call)[1]
        files, at = call.tablet.files, call.around.folder
        for source in sources:
            try:
                to = files.writable(target, at=at)
                come_from = files.readable(source, at=at)
                act(come_from, to / come_from.name if to.is_dir() else to)
            except OSError as error:
                return _problem(call, source, error)
        return 0

    return command


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy2(source, target)


def _touch(call: Call) -> int:
    for path in _options(call)[1]:
        try:
            call.tablet.files.writable(path, at=call.around.folder).touch()
        except OSError as error:
            return _problem(call, f"'{path}'", error)
    return 0


def _chmod(call: Call) -> int:
    _, (mode, *paths) = _options(call)
    for path in paths:
        try:
            real = call.tablet.files.writable(path, at=call.around.folder)
            real.chmod(int(mode, 8) if mode.isdigit() else real.stat().st_mode)
        except OSError as error:
            return _problem(call, path, error)
    return 0


def _sum(name: str) -> Callable[[Call], int]:
    """A checksum command; `-b` prints the sum alone."""

    def command(call: Call) -> int:
        flags, paths = _options(call)
        code = 0
        for path in paths or ["-"]:
            digest = hashlib.new(name, usedforsecurity=False)
            try:
                _digest(call, path, digest.update)
            except OSError as error:
                code = _problem(call, path, error)
                continue
            call.line(digest.hexdigest() if "b" in flags else f"{digest.hexdigest()}  {path}")
        return code

    return command


def _digest(call: Call, path: str, update: Callable[[bytes], object]) -> None:
    if path == "-":
        update(call.stdin.read())
        return
    with call.tablet.files.readable(path, at=call.around.folder).open("rb") as source:
        while data := source.read(COPY_BYTES):
            update(data)


def _stat(call: Call) -> int:
    words = list(call.arguments)
    form = words.pop(words.index("-c") + 1) if "-c" in words else "%n %s"
    code = 0
    for path in (word for word in words if word != "-c"):
        try:
            info = call.tablet.files.readable(path, at=call.around.folder).stat()
        except OSError as error:
            code = _problem(call, f"'{path}'", error)
            continue
        fields = {
            "%n": path,
            "%s": str(info.st_size),
            "%a": f"{info.st_mode & 0o7777:o}",
            "%Y": str(int(info.st_mtime)),
        }
        text = form
        for sign, value in fields.items():
            text = text.replace(sign, value)
        call.line(text)
    return code


def _df(call: Call) -> int:
    """One row for the path asked about. Android 5 had another layout, which no personality here uses."""
    _, paths = _options(call)
    model = call.tablet.personality
    total = model.storage_kb
    free = call.tablet.free_bytes() // 1024
    used = total - free
    call.line("Filesystem      1K-blocks     Used Available Use% Mounted on")
    for path in paths or ["/data"]:
        whole = call.tablet.files.canonical(path, at=call.around.folder)
        if not whole.startswith("/data"):
            raise CommandError(f"df: {path}: No such file or directory")
        emulated = whole.startswith("/data/media")
        device, mount = ("/dev/fuse", "/storage/emulated") if emulated else ("/dev/block/dm-5", "/data")
        call.line(f"{device:<15} {total:>9} {used:>8} {free:>9} {-(-used * 100 // total):>3}% {mount}")
    return 0


def _du(call: Call) -> int:
    _, paths = _options(call)
    for path in paths or ["."]:
        try:
            real = call.tablet.files.readable(path, at=call.around.folder)
        except OSError as error:
            return _problem(call, path, error)
        total = sum((Path(folder) / name).stat().st_size for folder, _, names in os.walk(real) for name in names)
        call.line(f"{-(-total // 1024)}\t{path}")
    return 0


def _find(call: Call) -> int:
    """`find PATH [-type f|d] [-name PATTERN]`."""
    words = list(call.arguments)
    roots = list(itertools.takewhile(lambda word: not word.startswith("-"), words)) or ["."]
    kind = words[words.index("-type") + 1] if "-type" in words else ""
    name = words[words.index("-name") + 1] if "-name" in words else "*"
    for root in roots:
        try:
            real = call.tablet.files.listable(root, at=call.around.folder)
        except OSError as error:
            return _problem(call, root, error)
        for entry in sorted([real, *real.rglob("*")]):
            fits = entry.match(name) and (not kind or (kind == "d") == entry.is_dir())
            if fits:
                below = entry.relative_to(real).as_posix()
                call.line(root if below == "." else f"{root.rstrip('/')}/{below}")
    return 0


FILE_COMMANDS: Commands = {
    "cat": _cat,
    "ls": _ls,
    "mkdir": _mkdir,
    "rm": _rm,
    "rmdir": _rmdir,
    "cp": _two_paths(_copy),
    "mv": _two_paths(lambda source, target: shutil.move(source, target)),
    "touch": _touch,
    "chmod": _chmod,
    "sha256sum": _sum("sha256"),
    "sha1sum": _sum("sha1"),
    "md5sum": _sum("md5"),
    "stat": _stat,
    "df": _df,
    "du": _du,
    "find": _find,
}

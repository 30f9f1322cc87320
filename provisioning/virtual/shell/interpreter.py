"""Runs what `parser` read: sequences, pipes, loops, redirections, on one tablet."""

from __future__ import annotations

import fnmatch
import io
from collections.abc import Callable
from dataclasses import replace

from provisioning.virtual.faults import Fault
from provisioning.virtual.shell.call import Call, CommandError, Handler, JavaError, Surroundings, report_java_error
from provisioning.virtual.shell.expansion import expand_pattern, expand_text, expand_words
from provisioning.virtual.shell.parser import parse
from provisioning.virtual.shell.redirection import Channels, redirected
from provisioning.virtual.shell.syntax import (
    AndOr,
    Case,
    For,
    Group,
    If,
    Node,
    Pipeline,
    Sequence,
    Simple,
    SyntaxProblem,
    While,
)
from provisioning.virtual.tablet import VirtualTablet

NOT_FOUND = 127
_PREFIXES = {"timeout": 1, "nohup": 0, "exec": 0}
"""Commands that run another one, and how many words of their own stand before it."""
Find = Callable[[str], Handler | None]


class Exit(Exception):
    """The script said `exit`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Shell:
    """One shell process: its variables, its folder and the code of the last command."""

    def __init__(self, tablet: VirtualTablet, find: Find, *, arguments: tuple[str, ...] = ()) -> None:
        self._tablet = tablet
        self._find = find
        self._around = Surroundings(variables={"HOME": "/", "PATH": "/system/bin:/vendor/bin", "USER": "shell"})
        self._arguments = arguments
        self.code = 0

    def run(self, script: str, channels: Channels) -> int:
        """Run a whole script and return its exit code."""
        try:
            self._sequence(parse(script), channels)
        except SyntaxProblem as problem:
            channels.stderr.write(f"/system/bin/sh: {problem}\n".encode())
            self.code = 1
        except Exit as end:
            self.code = end.code
        return self.code

    # what expansions ask

    def variable(self, name: str) -> str | None:
        special = {"?": str(self.code), "$": "4242", "#": str(len(self._arguments)), "@": " ".join(self._arguments)}
        if name in special:
            return special[name]
        if name.isdigit():
            at = int(name) - 1
            return "sh" if at < 0 else (self._arguments[at] if at < len(self._arguments) else None)
        return self._around.variables.get(name)

    def positional(self) -> tuple[str, ...]:
        return self._arguments

    def assign(self, name: str, value: str) -> None:
        self._around.variables[name] = value

    def output_of(self, script: Sequence) -> str:
        caught = io.BytesIO()
        inner = self._inner()
        inner._sequence(script, Channels(io.BytesIO(), caught, io.BytesIO()))
        self.code = inner.code
        return caught.getvalue().decode("utf-8", "surrogateescape")

    def matching(self, pattern: str) -> list[str]:
        """Files whose path fits, level by level, as the shell user may see them."""
        whole = pattern if pattern.startswith("/") else f"{self._around.folder.rstrip('/')}/{pattern}"
        found = [""]
        for level in whole.strip("/").split("/"):
            found = [f"{folder}/{name}" for folder in found for name in self._names(folder or "/", level)]
        cut = 0 if pattern.startswith("/") else len(self._around.folder.rstrip("/")) + 1
        return sorted(path[cut:] for path in found)

    def _names(self, folder: str, pattern: str) -> list[str]:
        try:
            names = [entry.name for entry in self._tablet.files.readable(folder).iterdir()]
        except OSError:
            return []
        if pattern in {"sdcard", "storage", "emulated", "0"}:
            return [pattern]
        hidden = pattern.startswith(".")
        return [name for name in names if fnmatch.fnmatchcase(name, pattern) and name.startswith(".") == hidden]

    # nodes

    def _inner(self) -> Shell:
        shell = Shell(self._tablet, self._find, arguments=self._arguments)
        shell._around = Surroundings(self._around.folder, dict(self._around.variables))
        shell.code = self.code
        return shell

    def _sequence(self, sequence: Sequence, channels: Channels) -> None:
        for item in sequence.items:
            self._and_or(item, channels)

    def _and_or(self, item: AndOr, channels: Channels) -> None:
        for operator, pipeline in item.parts:
            if (operator == "&&" and self.code != 0) or (operator == "||" and self.code == 0):
                continue
            self._pipeline(pipeline, channels)

    def _pipeline(self, pipeline: Pipeline, channels: Channels) -> None:
        stdin = channels.stdin
        for command in pipeline.commands[:-1]:
            caught = io.BytesIO()
            self._inner()._node(command, replace(channels, stdin=stdin, stdout=caught))
            stdin = io.BytesIO(caught.getvalue())
        last = self if len(pipeline.commands) == 1 else self._inner()
        last._node(pipeline.commands[-1], replace(channels, stdin=stdin))
        self.code = last.code
        if pipeline.negated:
            self.code = int(self.code == 0)

    def _node(self, node: Node, channels: Channels) -> None:
        try:
            files, folder = self._tablet.files, self._around.folder
            with redirected(node.redirects, channels, files, folder, lambda word: expand_text(word, self)) as inside:
                self._dispatch(node, inside)
        except CommandError as error:
            channels.stderr.write((error.text + "\n").encode())
            self.code = error.code

    def _dispatch(self, node: Node, channels: Channels) -> None:
        if isinstance(node, Simple):
            self._simple(node, channels)
        elif isinstance(node, Group):
            self._group(node, channels)
        elif isinstance(node, If):
            self._if(node, channels)
        elif isinstance(node, For):
            self._for(node, channels)
        elif isinstance(node, While):
            self._while(node, channels)
        else:
            self._case(node, channels)

    def _group(self, node: Group, channels: Channels) -> None:
        shell = self._inner() if node.subshell else self
        try:
            shell._sequence(node.body, channels)
        except Exit as end:
            if not node.subshell:
                raise
            shell.code = end.code
        self.code = shell.code

    def _if(self, node: If, channels: Channels) -> None:
        for condition, body in node.branches:
            self._sequence(condition, channels)
            if self.code == 0:
                self._sequence(body, channels)
                return
        self.code = 0
        if node.otherwise is not None:
            self._sequence(node.otherwise, channels)

    def _for(self, node: For, channels: Channels) -> None:
        self.code = 0
        for value in expand_words(node.words, self):
            self.assign(node.name, value)
            self._sequence(node.body, channels)

    def _while(self, node: While, channels: Channels) -> None:
        last = 0
        while True:
            self._sequence(node.condition, channels)
            if (self.code == 0) == node.until:
                break
            self._sequence(node.body, channels)
            last = self.code
        self.code = last

    def _case(self, node: Case, channels: Channels) -> None:
        subject = expand_text(node.subject, self)
        self.code = 0
        for patterns, body in node.branches:
            if any(fnmatch.fnmatchcase(subject, expand_pattern(pattern, self)) for pattern in patterns):
                self._sequence(body, channels)
                return

    # one command

    def _simple(self, node: Simple, channels: Channels) -> None:
        words = expand_words(node.words, self)
        values = {name: expand_text(word, self) for name, word in node.assignments}
        if not words:
            self._around.variables.update(values)
            self.code = 0
            return
        before = {name: self._around.variables.get(name) for name in values}
        self._around.variables.update(values)
        try:
            self._command(tuple(words), channels)
        finally:
            for name, value in before.items():
                self._around.variables.pop(name, None)
                if value is not None:
                    self._around.variables[name] = value

    def _command(self, words: tuple[str, ...], channels: Channels) -> None:
        if self._built_in(words, channels):
            return
        call = Call(self._tablet, words, channels.stdin, channels.stdout, channels.stderr, self._around)
        missing = self._tablet.faults.strikes(Fault.COMMANDS_MISSING)
        handler = None if missing else self._find(words[0])
        if handler is None:
            self._tablet.wire.add("unknown-command", command=" ".join(words))
            call.error(f"/system/bin/sh: {words[0]}: inaccessible or not found")
            self.code = NOT_FOUND
            return
        try:
            self.code = handler(call)
        except CommandError as error:
            call.error(error.text)
            self.code = error.code
        except JavaError as error:
            self.code = report_java_error(call, error)

    def _built_in(self, words: tuple[str, ...], channels: Channels) -> bool:
        """Commands that act on the shell itself."""
        name, arguments = words[0], words[1:]
        if name == "exit":
            raise Exit(int(arguments[0]) & 0xFF if arguments else self.code)
        if name in {"sh", "/system/bin/sh"}:
            self.code = self._nested(arguments, channels)
        elif name == "cd":
            self._change_folder(arguments[0] if arguments else "/")
        elif name == "set":
            self.code = 0
        elif name == "export":
            pairs = [word.partition("=") for word in arguments]
            self._around.variables.update({key: value for key, sign, value in pairs if sign})
            self.code = 0
        elif name in _PREFIXES and len(arguments) > _PREFIXES[name]:
            self._command(arguments[_PREFIXES[name] :], channels)
        elif name == "read":
            self.code = self._read(arguments, channels)
        elif name == "eval":
            self._sequence(parse(" ".join(arguments)), channels)
        else:
            return False
        return True

    def _nested(self, arguments: tuple[str, ...], channels: Channels) -> int:
        if arguments[:1] == ("-c",) and len(arguments) > 1:
            return Shell(self._tablet, self._find, arguments=arguments[3:]).run(arguments[1], channels)
        if arguments:
            try:
                path = self._tablet.files.readable(arguments[0], at=self._around.folder)
                script = path.read_text(encoding="utf-8", errors="surrogateescape")
            except OSError as error:
                raise CommandError(f"/system/bin/sh: {arguments[0]}: {error.strerror}", NOT_FOUND) from error
            return Shell(self._tablet, self._find, arguments=arguments[1:]).run(script, channels)
        script = channels.stdin.read().decode("utf-8", "surrogateescape")
        return Shell(self._tablet, self._find).run(script, replace(channels, stdin=io.BytesIO()))

    def _change_folder(self, path: str) -> None:
        whole = self._tablet.files.canonical(path, at=self._around.folder)
        try:
            is_folder = self._tablet.files.readable(whole).is_dir()
        except OSError as error:
            raise CommandError(f"/system/bin/sh: cd: {path}: {error.strerror}", 2) from error
        if not is_folder:
            raise CommandError(f"/system/bin/sh: cd: {path}: Not a directory", 2)
        self._around.folder = whole
        self.code = 0

    def _read(self, names: tuple[str, ...], channels: Channels) -> int:
        line = bytearray()
        while (sign := channels.stdin.read(1)) not in {b"", b"\n"}:
            line += sign
        targets = [name for name in names if not name.startswith("-")] or ["REPLY"]
        fields = line.decode("utf-8", "surrogateescape").split(None, len(targets) - 1)
        for at, name in enumerate(targets):
            self.assign(name, fields[at].strip() if at < len(fields) else "")
        return int(not line and sign == b"")

"""Draws docs/commands.md from the help of the `doorstep` command, as it would print it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from deploy.dev.drawing.markdown import page, table
from fleet.cli import console
from fleet.cli.main import ENTRIES, load

_EXAMPLE = re.compile(r"^Example: `(?P<typed>.+)`$", re.MULTILINE | re.DOTALL)
_OPENING = """`doorstep --help` lists the commands, and `--help` behind any of them says what follows here. Where a
command has `--json`, that is for programs: one JSON document on standard output. Problems go to standard error."""


@dataclass(frozen=True)
class Spoken:
    """One command as it is typed, with its help and its example."""

    typed: str
    help: str
    example: str
    parameters: tuple[TyperOption | TyperArgument, ...]


def commands_page() -> str:
    """The page as Markdown."""
    return page("Commands", _OPENING, _exit_codes(), *(_section(command) for command in all_commands()))


def all_commands() -> list[Spoken]:
    """Every command that people can type, in the order of `--help`."""
    return list(_walk("doorstep", {name: load(name) for name in ENTRIES}))


def _walk(typed: str, commands: Mapping[str, TyperCommand | TyperGroup]) -> Iterator[Spoken]:
    for name, command in commands.items():
        if isinstance(command, TyperGroup):
            yield from _walk(f"{typed} {name}", cast("Mapping[str, TyperCommand | TyperGroup]", command.commands))
        elif not command.hidden:
            yield _spoken(f"{typed} {name}", command)


def _spoken(typed: str, command: TyperCommand) -> Spoken:
    text = inspect.cleandoc(command.help or "")
    found = _EXAMPLE.search(text)
    example = " ".join(found["typed"].split()) if found else ""
    parameters = tuple(
        each for each in command.params if isinstance(each, TyperOption | TyperArgument) and not each.hidden
    )
    return Spoken(typed, _EXAMPLE.sub("", text).strip(), example, parameters)


def _section(command: Spoken) -> str:
    blocks = [f"## {command.typed}", command.help, f"    {command.example}" if command.example else ""]
    if command.parameters:
        rows = [_parameter(each) for each in command.parameters]
        blocks.append(table(("Option or argument", "Default", "What it is for"), rows))
    return "\n\n".join(block for block in blocks if block)


def _parameter(parameter: TyperOption | TyperArgument) -> tuple[str, str, str]:
    if isinstance(parameter, TyperArgument):
        return f"`{(parameter.name or '').upper()}`", "", parameter.help or ""
    typed = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    return typed, _default(parameter), parameter.help or ""


def _default(parameter: TyperOption) -> str:
    if parameter.required:
        return "must be given"
    if parameter.is_flag:
        return "on" if parameter.default is True else "off"
    if parameter.default is None or parameter.default == "":
        return ""
    return f"`{getattr(parameter.default, 'value', parameter.default)}`"


def _exit_codes() -> str:
    """The codes as the docstring of fleet/cli/console.py lists them: "0 done; 1 …"."""
    _, _, listed = (console.__doc__ or "").partition("\n\n")
    pairs = [" ".join(part.split()).rstrip(".").partition(" ") for part in listed.split(";")]
    return "## Exit codes\n\n" + table(("Code", "Meaning"), [(code, meaning) for code, _, meaning in pairs])

"""The drawn pages are what the code says, and nothing that an operator meets is missing from docs/."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deploy.dev.draw_docs import DOCS, PAGES
from deploy.dev.drawing.commands import Spoken, all_commands
from deploy.dev.drawing.errors import coded_errors
from deploy.dev.drawing.machines import Machine, machines
from deploy.dev.drawing.markdown import words
from deploy.dev.drawing.settings import setting_name
from fleet.settings import Settings
from tests.docs.pages import all_words
from workers.handlers import handlers
from workers.schedule import SCHEDULE


@pytest.mark.parametrize(("name", "draw"), PAGES.items(), ids=PAGES.keys())
def test_a_drawn_page_says_what_the_code_says(name: str, draw: Callable[[], str]) -> None:
    drawn = (DOCS / name).read_text(encoding="utf-8")

    assert drawn == draw(), f"docs/{name} is out of date: run `make docs`"


def test_every_setting_is_in_the_docs_and_says_what_it_is_for() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")

    assert [name for name in Settings.model_fields if f"`{setting_name(name)}`" not in page] == []
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_kind_of_job_is_in_the_docs_and_says_what_it_does() -> None:
    page = (DOCS / "lifecycle.md").read_text(encoding="utf-8")
    known = handlers(Settings())

    assert [kind for kind in {*known, *(each.kind for each in SCHEDULE)} if f"`{kind}`" not in page] == []
    assert [kind for kind, handler in known.items() if not handler.__doc__] == []


def test_what_happens_by_the_clock_has_somebody_to_do_it() -> None:
    assert {each.kind for each in SCHEDULE} - handlers(Settings()).keys() == set()


def test_every_error_code_is_in_the_docs_and_means_something() -> None:
    page = (DOCS / "errors.md").read_text(encoding="utf-8")

    assert [error.code for error in coded_errors() if f"`{error.code}`" not in page] == []
    assert [error.__name__ for error in coded_errors() if not error.__doc__] == []


def test_an_error_code_means_one_thing() -> None:
    codes = [error.code for error in coded_errors()]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("command", all_commands(), ids=lambda command: command.typed)
def test_a_command_shows_an_example_of_itself(command: Spoken) -> None:
    assert command.typed in command.example, f"add a line to its help: Example: `{command.typed} …`"
    assert f"## {command.typed}\n" in (DOCS / "commands.md").read_text(encoding="utf-8")


def test_every_option_of_every_command_says_what_it_is_for() -> None:
    silent = [
        (command.typed, parameter.name)
        for command in all_commands()
        for parameter in command.parameters
        if not parameter.help
    ]

    assert silent == []


@pytest.mark.parametrize("machine", machines(), ids=lambda machine: getattr(machine, "title", ""))
def test_every_state_can_be_reached_and_is_in_the_docs(machine: Machine) -> None:
    reached = {*machine.begins, *(row.target for row in machine.rows)}
    page = (DOCS / "lifecycle.md").read_text(encoding="utf-8")

    assert set(machine.states) == reached
    assert [state for state in machine.states if words(state.value) not in page] == []


def test_every_command_named_in_a_page_exists() -> None:
    known = {word for command in all_commands() for word in (command.typed, *_groups(command.typed))}

    named = set(_commands_named(all_words()))

    assert named - known == set()


def _groups(typed: str) -> list[str]:
    parts = typed.split()
    return [" ".join(parts[:count]) for count in range(1, len(parts))]


def _commands_named(text: str) -> list[str]:
    """Commands as pages quote them: `doorstep db upgrade …` in code type, cut at the first option or value."""
    quoted = [piece for piece in text.split("`") if piece.startswith("doorstep ") and "\n" not in piece]
    return [" ".join(_command_words(piece)) for piece in quoted]


def _command_words(quoted: str) -> list[str]:
    group = {command.typed.split()[1] for command in all_commands() if len(command.typed.split()) > 2}
    parts = quoted.split()
    return [part for part in (parts[:3] if len(parts) > 2 and parts[1] in group else parts[:2]) if part[0] != "-"]

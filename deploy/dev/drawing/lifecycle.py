"""Draws docs/lifecycle.md: each state machine as a picture and as a table, and the jobs that workers do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from deploy.dev.drawing.machines import Machine, Row, machines
from deploy.dev.drawing.markdown import first_paragraph, listed, page, table, words
from fleet.settings import Settings
from workers.handlers import handlers
from workers.schedule import SCHEDULE

_OPENING = """Each machine below is one table in the code, and one function asks that table before it writes a state.
What the code cannot do is not in the picture. Words in the column "When" are the names of the guards; each guard
refuses with a whole sentence. "System" is the software itself."""

_CROWDED = 4
"""A move from more states than this is left to the table: as lines it would hide all others."""


def lifecycle_page() -> str:
    """The page as Markdown."""
    return page("Lifecycles", _OPENING, *(_section(machine) for machine in machines()), _jobs())


def _section(machine: Machine) -> str:
    lines = "\n".join(["```mermaid", "stateDiagram-v2", *dict.fromkeys(_picture(machine)), "```"])
    blocks = [f"## {machine.title}", f"{machine.opening}\nFrom `{machine.stands_in}`.", lines]
    left_out = [row for row in machine.rows if len(row.sources) > _CROWDED]
    if left_out:
        names = ", ".join(words(row.name) for row in left_out)
        blocks.append(f"Not in the picture, because they start from nearly every state: {names}.")
    columns = ("Move", "From", "To", "Recorded as", "Who", "When", "Also")
    return "\n\n".join([*blocks, table(columns, [_cells(row) for row in machine.rows])])


def _picture(machine: Machine) -> Iterator[str]:
    left = {source for row in machine.rows for source in row.sources}
    yield from (f"    [*] --> {state.value}" for state in machine.begins)
    for row in machine.rows:
        if len(row.sources) <= _CROWDED:
            said = row.said.replace(";", ",").replace(":", ",")
            yield from (f"    {source.value} --> {row.target.value}: {said}" for source in row.sources)
    yield from (f"    {state.value} --> [*]" for state in machine.states if state not in left)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        words(row.name),
        listed(row.sources),
        words(row.target.value),
        row.said,
        row.who,
        "; ".join(row.guards),
        "; ".join(row.effects),
    )


def _jobs() -> str:
    every = {scheduled.kind: scheduled.every for scheduled in SCHEDULE}
    rows = [
        (f"`{kind}`", _asked(every.get(kind)), _meaning(handler))
        for kind, handler in sorted(handlers(Settings()).items())
    ]
    return "\n\n".join(["### The kinds of job", table(("Kind", "Asked for", "What it does"), rows)])


def _asked(every: timedelta | None) -> str:
    return f"every {int(every.total_seconds())} seconds" if every else "by what somebody presses"


def _meaning(handler: Callable[..., object]) -> str:
    return first_paragraph(handler.__doc__)

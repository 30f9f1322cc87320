"""How commands speak: sentences and tables on a terminal, JSON for programs, exit codes that mean something.

0 done; 1 a problem was found or something was refused; 2 the command was typed wrongly; 3 something could not be
reached; 130 interrupted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fleet.errors import BadInput, DoorstepError
from labels.errors import LabelError
from provisioning.errors import CannotConnect, LinkLost, ProvisioningError

P = ParamSpec("P")
R = TypeVar("R")

REFUSED = 1
UNREACHABLE = 3

# Without `emoji=False` two letters between colons, as in a key's fingerprint, would become a picture.
out = Console(highlight=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of words.")]


def print_json(data: object) -> None:
    out.print_json(json.dumps(data, ensure_ascii=False, default=str))


def print_rows(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, ruled: bool = False) -> None:
    """A table for people, with a line between rows where they are `ruled`. Nothing in it is cut off."""
    table = Table(title=title, title_justify="left", show_lines=ruled)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row))
    out.print(table)


def noted(message: str) -> None:
    """Say what a person should know beside the answer, where programs that read the answer do not meet it."""
    err.print(message, markup=False, soft_wrap=True)


def fail(message: str, next_step: str = "", *, code: int = REFUSED) -> typer.Exit:
    """Say what went wrong and what to do; raise what is returned."""
    err.print(message, style="bold red", markup=False)
    if next_step:
        err.print(next_step, markup=False)
    return typer.Exit(code)


def speaks_plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors we raise on purpose into a sentence and an exit code; anything else is a fault and stays one."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except BadInput as error:
            sentences = " ".join(error.fields.values())
            raise fail(f"{error.message} {sentences}".strip(), error.next_step) from error
        except DoorstepError as error:
            raise fail(error.message, error.next_step) from error
        except (CannotConnect, LinkLost) as error:
            raise fail(str(error), code=UNREACHABLE) from error
        except (ProvisioningError, LabelError) as error:
            raise fail(str(error)) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise fail(f"{error.filename} cannot be used: {error.strerror}.") from error

    return run

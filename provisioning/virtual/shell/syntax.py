"""The shape of a command line once it is read: what mksh's grammar offers and clients of a tablet use."""

from __future__ import annotations

from dataclasses import dataclass


class SyntaxProblem(Exception):
    """A command line that the shell cannot read; mksh answers exit 1 with the text."""


@dataclass(frozen=True)
class Literal:
    """Plain text; quoted text is neither split nor matched against files."""

    text: str
    quoted: bool


@dataclass(frozen=True)
class Variable:
    """``$NAME`` or ``${NAME OPERATOR REST}``; the operators are those of `expansion`."""

    name: str
    quoted: bool
    operator: str = ""
    rest: Word | None = None


@dataclass(frozen=True)
class Substitution:
    """The output of a script, ``$(…)`` or backticks."""

    script: Sequence
    quoted: bool


@dataclass(frozen=True)
class Arithmetic:
    """``$((…))``: whole numbers."""

    expression: str


Part = Literal | Variable | Substitution | Arithmetic
Word = tuple[Part, ...]


@dataclass(frozen=True)
class Redirect:
    """``descriptor`` goes to, or comes from, ``target``; ``&`` operators name another descriptor."""

    descriptor: int
    operator: str
    target: Word


@dataclass(frozen=True)
class Simple:
    """Assignments, then a command with its words."""

    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True)
class Group:
    """``{ …; }``, or ``( … )`` whose variables stay inside."""

    body: Sequence
    subshell: bool
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True)
class If:
    """Branches of condition and body, and what else."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True)
class For:
    """One round for each word."""

    name: str
    words: tuple[Word, ...]
    body: Sequence
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True)
class While:
    """Rounds while, or until, the condition succeeds."""

    condition: Sequence
    body: Sequence
    until: bool
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True)
class Case:
    """The first branch one of whose patterns fits."""

    subject: Word
    branches: tuple[tuple[tuple[Word, ...], Sequence], ...]
    redirects: tuple[Redirect, ...]


Node = Simple | Group | If | For | While | Case


@dataclass(frozen=True)
class Pipeline:
    """Commands joined by ``|``; ``!`` turns the outcome round."""

    commands: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True)
class AndOr:
    """Pipelines joined by ``&&`` and ``||``; the first operator is empty."""

    parts: tuple[tuple[str, Pipeline], ...]


@dataclass(frozen=True)
class Sequence:
    """Lists one after another."""

    items: tuple[AndOr, ...]

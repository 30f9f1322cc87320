"""Turns words into text: variables, command output, arithmetic, splitting and file patterns."""

from __future__ import annotations

import ast
import fnmatch
import operator
import re
from collections.abc import Callable, Mapping
from typing import Protocol

from provisioning.virtual.shell.syntax import Arithmetic, Literal, Part, Sequence, Substitution, Variable, Word

_PATTERN_SIGNS = frozenset("*?[")


class Scope(Protocol):
    """What an expansion may ask of the shell that runs it."""

    def variable(self, name: str) -> str | None: ...

    def positional(self) -> tuple[str, ...]: ...

    def output_of(self, script: Sequence) -> str: ...

    def matching(self, pattern: str) -> list[str]: ...

    def assign(self, name: str, value: str) -> None: ...


def expand_words(words: tuple[Word, ...], scope: Scope) -> list[str]:
    """Every word as the arguments it becomes: none, one or many."""
    return [text for word in words for text in _expand_word(word, scope)]


def expand_text(word: Word, scope: Scope) -> str:
    """A word as one text, without splitting (assignments, redirections, `case`)."""
    return "".join(_value(part, scope) for part in word)


def expand_pattern(word: Word, scope: Scope) -> str:
    """A word as a pattern in which quoted signs stand for themselves."""
    return "".join(
        _escape(_value(part, scope)) if getattr(part, "quoted", False) else _value(part, scope) for part in word
    )


def _expand_word(word: Word, scope: Scope) -> list[str]:
    if word in _ALL_ARGUMENTS:
        return list(scope.positional())
    fields: list[tuple[str, str]] = []  # the text, and the same as a pattern
    open_field = False
    for part in word:
        value = _value(part, scope)
        if isinstance(part, Literal) or getattr(part, "quoted", False):
            quoted = bool(getattr(part, "quoted", False))
            _append(fields, value, _escape(value) if quoted else value, join=open_field)
            open_field = True
            continue
        pieces = value.split()
        if value[:1].isspace():
            open_field = False
        for at, piece in enumerate(pieces):
            _append(fields, piece, piece, join=open_field and at == 0)
            open_field = True
        if value[-1:].isspace():
            open_field = False
    return [found for text, pattern in fields for found in _match_files(text, pattern, scope)]


_ALL_ARGUMENTS = frozenset(
    {
        (Literal("", quoted=True), Literal("", quoted=True), Variable("@", quoted=True), Literal("", quoted=True)),
        (Variable("@", quoted=False),),
        (Variable("*", quoted=False),),
    }
)


def _append(fields: list[tuple[str, str]], text: str, pattern: str, *, join: bool) -> None:
    if join and fields:
        before, before_pattern = fields[-1]
        fields[-1] = (before + text, before_pattern + pattern)
    else:
        fields.append((text, pattern))


def _match_files(text: str, pattern: str, scope: Scope) -> list[str]:
    unescaped = re.sub(r"\[[*?[]\]", "", pattern)
    if not _PATTERN_SIGNS & set(unescaped):
        return [text]
    return scope.matching(pattern) or [text]


def _escape(text: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", text)


def _value(part: Part, scope: Scope) -> str:
    if isinstance(part, Literal):
        return part.text
    if isinstance(part, Variable):
        return _variable(part, scope)
    if isinstance(part, Substitution):
        return scope.output_of(part.script).rstrip("\n")
    return str(evaluate(part, scope))


def _variable(part: Variable, scope: Scope) -> str:
    value = scope.variable(part.name)
    rest = expand_text(part.rest, scope) if part.rest else ""
    missing = value is None or (value == "" and part.operator.startswith(":"))
    present = value or ""
    if part.operator in {":-", "-"}:
        return rest if missing else present
    if part.operator in {":=", "="}:
        if missing:
            scope.assign(part.name, rest)
        return rest if missing else present
    if part.operator in {":+", "+"}:
        return "" if missing else rest
    if part.operator == "length":
        return str(len(present))
    if part.operator:
        return _trimmed(present, part.operator, rest)
    return present


def _trimmed(value: str, how: str, pattern: str) -> str:
    """``#`` cuts from the front, ``%`` from the end; doubled, as much as fits."""
    ends = range(len(value) + 1)
    if how.startswith("#"):
        order = reversed(ends) if how == "##" else iter(ends)
        cuts = (at for at in order if fnmatch.fnmatchcase(value[:at], pattern))
        return value[next(cuts, 0) :]
    order = iter(ends) if how == "%%" else reversed(ends)
    cuts = (at for at in order if fnmatch.fnmatchcase(value[at:], pattern))
    return value[: next(cuts, len(value))]


_BINARY: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def evaluate(part: Arithmetic, scope: Scope) -> int:
    """Whole-number arithmetic with + - * / % and brackets; anything else counts as 0."""
    names = re.sub(r"\$?([A-Za-z_]\w*)", lambda found: scope.variable(found.group(1)) or "0", part.expression)
    names = re.sub(r"\$\?", lambda _: scope.variable("?") or "0", names)
    try:
        return _number(ast.parse(names.replace("/", "//").strip() or "0", mode="eval").body)
    except (SyntaxError, ZeroDivisionError, ValueError):
        return 0


def _number(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_number(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _BINARY[type(node.op)](_number(node.left), _number(node.right))
    raise ValueError("not arithmetic that a tablet's script uses")

"""Reads words, quotes, expansions and redirections off a command line."""

from __future__ import annotations

import re
from collections.abc import Callable

from provisioning.virtual.shell.syntax import (
    Arithmetic,
    Literal,
    Part,
    Redirect,
    Sequence,
    Substitution,
    SyntaxProblem,
    Variable,
    Word,
)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9?$#@*!-]")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_REDIRECT = re.compile(r"(\d*)(<<<|>>|>&|<&|>\||<|>)")
_OPERATOR = re.compile(r":-|:\+|:=|##|%%|[-+#%=]")
_WORD_ENDS = frozenset(" \t\n;&|<>()")
_ESCAPED_IN_QUOTES = frozenset('$`"\\\n')


class Reader:
    """A place in the text. `take_…` moves on when it finds what it names; `peek_…` and `looking_at` do not move."""

    def __init__(self, text: str, parse: Callable[[str], Sequence]) -> None:
        self._text = text
        self._at = 0
        self._parse = parse

    # looking

    def at_end(self) -> bool:
        return self._at >= len(self._text)

    def peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def looking_at(self, *signs: str) -> bool:
        return any(self._text.startswith(sign, self._at) for sign in signs)

    def peek_word(self) -> str:
        """The bare word ahead, or nothing where it is quoted or an operator."""
        self.skip_blanks()
        found = re.compile(r"[A-Za-z_!{}]+").match(self._text, self._at)
        if found is None:
            return ""
        following = self._text[found.end() : found.end() + 1]
        return found.group() if not following or following in _WORD_ENDS else ""

    # moving

    def skip_blanks(self) -> None:
        while not self.at_end():
            if self.looking_at("\\\n"):
                self._at += 2
            elif self.peek() in " \t\r":
                self._at += 1
            elif self.peek() == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            else:
                return

    def skip_blank_lines(self) -> None:
        self.skip_blanks()
        while self.peek() == "\n":
            self._at += 1
            self.skip_blanks()

    def take_one_of(self, *signs: str) -> str:
        self.skip_blanks()
        for sign in signs:
            if self.looking_at(sign):
                self._at += len(sign)
                return sign
        return ""

    def take_separator(self) -> bool:
        """A `;`, `&` or line end between two lists; `;;` belongs to `case`."""
        self.skip_blanks()
        if self.looking_at(";;"):
            return True
        if self.looking_at("\n", ";") or (self.looking_at("&") and not self.looking_at("&&")):
            self._at += 1
            return True
        return False

    def take_word(self, word: str) -> bool:
        """A reserved word, standing alone."""
        if self.peek_word() != word:
            return False
        self._at += len(word)
        return True

    def take_name(self) -> str:
        self.skip_blanks()
        found = _NAME.match(self._text, self._at)
        if found is None:
            raise SyntaxProblem(f"syntax error: '{self.peek()}' is no name")
        self._at = found.end()
        return found.group()

    def take_assignment(self) -> tuple[str, Word] | None:
        self.skip_blanks()
        found = _ASSIGNMENT.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        return found.group(1), self._word_here()

    def take_redirect(self) -> Redirect | None:
        self.skip_blanks()
        found = _REDIRECT.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        operator = found.group(2)
        default = "0" if operator.startswith("<") else "1"
        target = self.take_any_word()
        if target is None:
            raise SyntaxProblem(f"syntax error: '{operator}' without a target")
        return Redirect(int(found.group(1) or default), operator, target)

    def take_any_word(self) -> Word | None:
        """The next word with its quotes read, or None at an operator or the end."""
        self.skip_blanks()
        if self.at_end() or self.peek() in _WORD_ENDS:
            return None
        return self._word_here()

    # inside a word

    def _word_here(self) -> Word:
        parts: list[Part] = []
        while not self.at_end() and self.peek() not in _WORD_ENDS:
            sign = self.peek()
            if sign == "'":
                parts.append(self._single_quoted())
            elif sign == '"':
                parts.extend(self._double_quoted())
            elif sign == "\\":
                self._at += 1
                if self.peek() != "\n":
                    parts.append(Literal(self.peek(), quoted=True))
                self._at += 1
            elif sign in "$`":
                parts.append(self._expansion(quoted=False))
            else:
                parts.append(self._bare())
        return tuple(parts)

    def _bare(self) -> Literal:
        start = self._at
        while not self.at_end() and self.peek() not in _WORD_ENDS and self.peek() not in "'\"\\$`":
            self._at += 1
        return Literal(self._text[start : self._at], quoted=False)

    def _single_quoted(self) -> Literal:
        return Literal(self._until("'"), quoted=True)

    def _until(self, sign: str) -> str:
        end = self._text.find(sign, self._at + 1)
        if end < 0:
            raise SyntaxProblem(f"no closing quote: {sign}")
        text, self._at = self._text[self._at + 1 : end], end + 1
        return text

    def _double_quoted(self) -> list[Part]:
        self._at += 1
        parts: list[Part] = [Literal("", quoted=True)]
        text = ""
        while not self.looking_at('"'):
            if self.at_end():
                raise SyntaxProblem('no closing quote: "')
            if self.peek() in "$`":
                parts.append(Literal(text, quoted=True))
                parts.append(self._expansion(quoted=True))
                text = ""
                continue
            if self.peek() == "\\" and self._text[self._at + 1 : self._at + 2] in _ESCAPED_IN_QUOTES:
                self._at += 1
                text += "" if self.peek() == "\n" else self.peek()
            else:
                text += self.peek()
            self._at += 1
        self._at += 1
        return [*parts, Literal(text, quoted=True)]

    def _expansion(self, *, quoted: bool) -> Part:
        if self.peek() == "`":
            return Substitution(self._parse(self._until("`").replace("\\`", "`")), quoted)
        self._at += 1
        if self.looking_at("(("):
            return Arithmetic(self._balanced("((", "))"))
        if self.looking_at("("):
            return Substitution(self._parse(self._balanced("(", ")")), quoted)
        if self.looking_at("{"):
            return self._braced_variable(quoted=quoted)
        found = _PARAMETER.match(self._text, self._at)
        if found is None:
            return Literal("$", quoted)
        self._at = found.end()
        return Variable(found.group(), quoted)

    def _balanced(self, opening: str, closing: str) -> str:
        """The text between brackets, stepping over quotes and inner brackets."""
        start = self._at + len(opening)
        depth, at = 0, start
        while at < len(self._text):
            sign = self._text[at]
            if sign == "\\":
                at += 2
                continue
            if sign in "'\"":
                at = self._end_of_quote(at)
                continue
            if depth == 0 and self._text.startswith(closing, at):
                self._at = at + len(closing)
                return self._text[start:at]
            depth += {"(": 1, ")": -1}.get(sign, 0)
            at += 1
        raise SyntaxProblem(f"syntax error: '{opening}' unmatched")

    def _end_of_quote(self, at: int) -> int:
        quote, at = self._text[at], at + 1
        while at < len(self._text) and self._text[at] != quote:
            at += 2 if quote == '"' and self._text[at] == "\\" else 1
        return at + 1

    def _braced_variable(self, *, quoted: bool) -> Variable:
        end = self._closing_brace()
        inner, self._at = self._text[self._at + 1 : end], end + 1
        if inner.startswith("#") and len(inner) > 1:
            return Variable(inner[1:], quoted, operator="length")
        found = _PARAMETER.match(inner)
        if found is None:
            raise SyntaxProblem(f"${{{inner}}}: bad substitution")
        operator = _OPERATOR.match(inner, found.end())
        if operator is None:
            return Variable(found.group(), quoted)
        rest = Reader('"' + inner[operator.end() :] + '"', self._parse)
        return Variable(found.group(), quoted, operator.group(), rest.take_any_word())

    def _closing_brace(self) -> int:
        depth = 0
        for at in range(self._at, len(self._text)):
            depth += {"{": 1, "}": -1}.get(self._text[at], 0)
            if depth == 0:
                return at
        raise SyntaxProblem("syntax error: '{' unmatched")

"""Reads a command line into `syntax`. One pass over the characters, like the shell itself."""

from __future__ import annotations

from collections.abc import Callable

from provisioning.virtual.shell.syntax import (
    AndOr,
    Case,
    For,
    Group,
    If,
    Node,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    SyntaxProblem,
    While,
    Word,
)
from provisioning.virtual.shell.words import Reader

_RESERVED_ENDS = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})


def parse(text: str) -> Sequence:
    """The whole of a command line. Raises `SyntaxProblem`."""
    parser = _Parser(Reader(text, parse))
    found = parser.sequence(frozenset())
    parser.expect_end()
    return found


class _Parser:
    def __init__(self, reader: Reader) -> None:
        self._in = reader

    def expect_end(self) -> None:
        self._in.skip_blank_lines()
        if not self._in.at_end():
            raise SyntaxProblem(f"syntax error: unexpected '{self._in.peek()}'")

    def sequence(self, ends: frozenset[str]) -> Sequence:
        """Lists until a reserved word of `ends`, a closing bracket or the end."""
        items: list[AndOr] = []
        while True:
            self._in.skip_blank_lines()
            if self._in.at_end() or self._in.looking_at(")", ";;") or self._in.peek_word() in ends:
                return Sequence(tuple(items))
            if self._in.peek_word() in _RESERVED_ENDS:
                raise SyntaxProblem(f"syntax error: unexpected '{self._in.peek_word()}'")
            items.append(self._and_or())
            if not self._in.take_separator():
                self._in.skip_blanks()
                if not (self._in.at_end() or self._in.looking_at(")", ";;")):
                    raise SyntaxProblem(f"syntax error: unexpected '{self._in.peek()}'")

    def _and_or(self) -> AndOr:
        parts = [("", self._pipeline())]
        while operator := self._in.take_one_of("&&", "||"):
            self._in.skip_blank_lines()
            parts.append((operator, self._pipeline()))
        return AndOr(tuple(parts))

    def _pipeline(self) -> Pipeline:
        negated = self._in.take_word("!")
        commands = [self._command()]
        while not self._in.looking_at("||") and self._in.take_one_of("|"):
            self._in.skip_blank_lines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    def _command(self) -> Node:
        self._in.skip_blanks()
        if self._in.looking_at("("):
            return self._bracketed()
        makers: dict[str, Callable[[], Node]] = {
            "{": self._braces,
            "if": self._if,
            "for": self._for,
            "while": self._while,
            "until": self._while,
            "case": self._case,
        }
        word = self._in.peek_word()
        return makers[word]() if word in makers else self._simple()

    def _bracketed(self) -> Group:
        self._in.take_one_of("(")
        body = self.sequence(frozenset())
        self._need(")")
        return Group(body, True, self._redirects())

    def _braces(self) -> Group:
        self._in.take_word("{")
        body = self.sequence(frozenset({"}"}))
        self._need_word("}")
        return Group(body, False, self._redirects())

    def _if(self) -> If:
        self._in.take_word("if")
        branches, otherwise = [self._branch()], None
        while self._in.take_word("elif"):
            branches.append(self._branch())
        if self._in.take_word("else"):
            otherwise = self.sequence(frozenset({"fi"}))
        self._need_word("fi")
        return If(tuple(branches), otherwise, self._redirects())

    def _branch(self) -> tuple[Sequence, Sequence]:
        condition = self.sequence(frozenset({"then"}))
        self._need_word("then")
        return condition, self.sequence(frozenset({"elif", "else", "fi"}))

    def _for(self) -> For:
        self._in.take_word("for")
        name = self._in.take_name()
        words: list[Word] = []
        self._in.skip_blank_lines()
        if self._in.take_word("in"):
            while (word := self._in.take_any_word()) is not None:
                words.append(word)
        self._in.take_separator()
        body = self._loop_body()
        return For(name, tuple(words), body, self._redirects())

    def _while(self) -> While:
        until = not self._in.take_word("while")
        if until:
            self._in.take_word("until")
        condition = self.sequence(frozenset({"do"}))
        return While(condition, self._loop_body(), until, self._redirects())

    def _loop_body(self) -> Sequence:
        self._in.skip_blank_lines()
        self._need_word("do")
        body = self.sequence(frozenset({"done"}))
        self._need_word("done")
        return body

    def _case(self) -> Case:
        self._in.take_word("case")
        subject = self._in.take_any_word()
        self._need_word("in")
        branches: list[tuple[tuple[Word, ...], Sequence]] = []
        while True:
            self._in.skip_blank_lines()
            if self._in.take_word("esac"):
                return Case(subject or (), tuple(branches), self._redirects())
            branches.append(self._case_branch())

    def _case_branch(self) -> tuple[tuple[Word, ...], Sequence]:
        self._in.take_one_of("(")
        patterns: list[Word] = []
        while (pattern := self._in.take_any_word()) is not None:
            patterns.append(pattern)
            if not self._in.take_one_of("|"):
                break
        self._need(")")
        body = self.sequence(frozenset({"esac"}))
        self._in.take_one_of(";;")
        return tuple(patterns), body

    def _simple(self) -> Simple:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            redirect = self._in.take_redirect()
            if redirect is not None:
                redirects.append(redirect)
                continue
            assignment = None if words else self._in.take_assignment()
            if assignment is not None:
                assignments.append(assignment)
                continue
            word = self._in.take_any_word()
            if word is None:
                break
            words.append(word)
        if not (assignments or words or redirects):
            raise SyntaxProblem(f"syntax error: unexpected '{self._in.peek() or 'end of file'}'")
        return Simple(tuple(assignments), tuple(words), tuple(redirects))

    def _redirects(self) -> tuple[Redirect, ...]:
        found: list[Redirect] = []
        while (redirect := self._in.take_redirect()) is not None:
            found.append(redirect)
        return tuple(found)

    def _need(self, sign: str) -> None:
        self._in.skip_blank_lines()
        if not self._in.take_one_of(sign):
            raise SyntaxProblem(f"syntax error: '{sign}' unmatched")

    def _need_word(self, word: str) -> None:
        self._in.skip_blank_lines()
        if not self._in.take_word(word):
            raise SyntaxProblem(f"syntax error: '{word}' expected")

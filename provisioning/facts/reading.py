"""Reads many facts from a tablet in one shell round trip: a script, a nonce marker and a status for each command."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from provisioning.command import Command, Summed
from provisioning.errors import FactUnreadable, ServiceRefused
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation, Unreadable
from provisioning.facts.trade_in import TRADE_IN, TRADE_IN_STATUS
from provisioning.transports.base import Transport

SECONDS_PER_COMMAND = 20
# Daemons of Android 6 and older take 4096 bytes in one message, and the service's own name is part of it. A longer
# script goes in pieces, a round trip each: pushing it would cost as many, and reading is not to write on the tablet.
OLD_DAEMON_BYTES = 4000
# Linux takes 128 KiB in one argument of execve; a quarter of that leaves room for the daemon's own wrapping.
SCRIPT_BYTES = 32_768

# How toybox's `timeout` ends when its command outlived its time: 124, on older Androids 128 (or 127) plus SIGTERM.
_TIMED_OUT = frozenset({124, 142, 143})

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Answer:
    """What one command of the script printed and how it ended; `exit_code` is None where the end never came.

    `why_not` says, as a sentence's second half, why there is no answer where a better reason is known.
    """

    text: str
    exit_code: int | None
    why_not: str = ""


MISSING = Answer("", None, "it was not asked")
NO_SHELL = Answer("", None, "the tablet is in trade-in mode and answers nothing but its status")


def utc_now() -> datetime:
    return datetime.now(UTC)


def read_facts(transport: Transport, facts: Iterable[Fact[Any]], *, now: Clock = utc_now) -> Observation:
    """Read the facts, asking each distinct command once. One round trip unless an old daemon's limit forces more.

    What a fact could not tell is `Unreadable` in the observation; a lost link raises `TransportError`.
    """
    wanted = tuple({fact.name: fact for fact in facts}.values())
    taken_at = now()
    return understand(wanted, ask(transport, (fact.command for fact in wanted)), taken_at)


def ask(transport: Transport, commands: Iterable[Command]) -> dict[Command, Answer]:
    """What the tablet answered to each distinct command, whole. Raises `TransportError` when the link is lost.

    A tablet in trade-in mode closes every service but one; then that one is asked, and the others have no answer.
    """
    distinct = tuple(dict.fromkeys(commands))
    answers: dict[Command, Answer] = {}
    limit = SCRIPT_BYTES if "shell_v2" in transport.features else OLD_DAEMON_BYTES
    try:
        for batch in batches(distinct, limit):
            nonce = secrets.token_hex(6)
            result = transport.run(script(batch, nonce), timeout_seconds=30.0 + SECONDS_PER_COMMAND * len(batch))
            answers.update(zip(batch, split(result.stdout, nonce, len(batch)), strict=True))
    except ServiceRefused:
        if TRADE_IN.command not in distinct or answers:
            raise
        return dict.fromkeys(distinct, NO_SHELL) | {TRADE_IN.command: _trade_in_status(transport)}
    return answers


def _trade_in_status(transport: Transport) -> Answer:
    """The report in the form in which the script would have brought it: the mode's number, then the JSON."""
    result = transport.run(TRADE_IN_STATUS)
    return Answer(f"1\n{result.stdout}{result.stderr}", result.exit_code)


def understand(facts: Iterable[Fact[Any]], answers: Mapping[Command, Answer], taken_at: datetime) -> Observation:
    """What the answers mean. Pure, so that a recorded answer means what it meant on the tablet."""
    return Observation(taken_at, {fact.name: _reading(fact, answers.get(fact.command, MISSING)) for fact in facts})


def batches(commands: Sequence[Command], limit: int) -> Iterator[tuple[Command, ...]]:
    """The commands in as few groups as fit their script into `limit` bytes."""
    group: tuple[Command, ...] = ()
    for command in commands:
        if group and len(script((*group, command), "0" * 12).sent().encode()) > limit:
            yield group
            group = ()
        group = (*group, command)
    if group:
        yield group


def script(commands: Sequence[Command], nonce: str) -> Command:
    """One line that runs the commands in order, each with no input, a time limit and a marker with its status.

    One after the other: side by side their answers would need files to keep them apart, and an old tablet the memory.
    """
    parts: list[Any] = [f'T="timeout {SECONDS_PER_COMMAND}";$T true >/dev/null 2>&1||T=;']
    for number, command in enumerate(commands):
        parts += ["$T", *command.parts, f"</dev/null 2>&1;echo {nonce}:{number}:$?;"]
    return Command(Summed(Command(*parts).sent(), f"{len(commands)} questions about itself"))


def split(output: str, nonce: str, count: int) -> tuple[Answer, ...]:
    """Each command's answer. A marker ends an answer wherever it stands, as output need not end its last line."""
    text = output.replace("\r", "")
    answers: list[Answer] = []
    start = 0
    for number in range(count):
        marker = re.compile(rf"{nonce}:{number}:(\d+)\n?").search(text, start)
        if marker is None:  # later markers cannot be trusted to begin where the next answer does
            break
        answers.append(Answer(text[start : marker.start()], int(marker.group(1))))
        start = marker.end()
    return (*answers, *(Answer("", None) for _ in range(count - len(answers))))


def _reading(fact: Fact[Any], answer: Answer) -> object:
    why = _why_not_an_answer(fact, answer)
    if why:
        return Unreadable(why)
    try:
        return fact.parse(answer.text)
    except FactUnreadable as error:
        return Unreadable(error.why)


def _why_not_an_answer(fact: Fact[Any], answer: Answer) -> str:
    if answer.exit_code is None:
        return answer.why_not or "the tablet's answer ended before it"
    if answer.exit_code in _TIMED_OUT:
        return f"the tablet did not answer within {SECONDS_PER_COMMAND} seconds"
    if answer.exit_code not in fact.exit_codes:
        said = "" if fact.private else " ".join(answer.text.split())[:160]
        return f"the tablet's command ended with status {answer.exit_code}" + (f" and said “{said}”" if said else "")
    return ""

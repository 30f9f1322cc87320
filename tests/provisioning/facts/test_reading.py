"""Reading facts: one round trip, honest about every answer that was cut, late, refused or never came."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.command import Command, Quoted
from provisioning.errors import FactUnreadable, LinkLost, ServiceRefused
from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.catalogue import ALL, observation_from_json
from provisioning.facts.clock import CLOCK, clock_delta_seconds
from provisioning.facts.fact import Fact
from provisioning.facts.files import file_on_tablet
from provisioning.facts.identity import ANDROID_ID
from provisioning.facts.observation import Observation
from provisioning.facts.reading import OLD_DAEMON_BYTES, Answer, batches, read_facts, script, split
from provisioning.facts.settings import SETTINGS_SECURE
from provisioning.facts.trade_in import TRADE_IN, TradeInMode
from provisioning.transports.base import Progress, ShellResult

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Words:
    text: str


def words(name: str, command: Command, *exit_codes: int) -> Fact[Words]:
    return Fact(name, command, Words, Words, frozenset({0, *exit_codes}))


@dataclass
class HostShell:
    """The transport's reading half over this machine's own `sh`, so that the script meets a real shell."""

    bend: Callable[[str], str] = str
    features: frozenset[str] = frozenset({"shell_v2"})
    address: str = "test:sh"
    sent: list[str] = field(default_factory=list)

    def run(self, command: Command, *, timeout_seconds: float = 30.0) -> ShellResult:
        self.sent.append(command.sent())
        done = subprocess.run(["sh", "-c", command.sent()], capture_output=True, text=True, timeout=timeout_seconds)
        return ShellResult(done.returncode, self.bend(done.stdout), done.stderr)

    def push(
        self, source: Path | BinaryIO, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> None:
        raise AssertionError("reading pushed a file")

    def pull(self, source: str, target: Path | BinaryIO, *, progress: Progress | None = None) -> None:
        raise AssertionError("reading pulled a file")

    def install(self, apks: Sequence[Path], *, grant_all: bool = False, progress: Progress | None = None) -> None:
        raise AssertionError("reading installed an app")

    def reboot_and_wait(self, *, timeout_seconds: float = 600.0) -> None:
        raise AssertionError("reading rebooted the tablet")

    def close(self) -> None:
        """Nothing is open."""


ONE = words("one", Command("printf one"))
TWO = words("two", Command("echo", Quoted("two 'quoted' $HOME;")))
LOUD = words("loud", Command("sh -c", Quoted("echo to stderr >&2")))
BROKEN = words("broken", Command("sh -c", Quoted("echo oh dear; exit 3")))
GREEDY = words("greedy", Command("cat"))


def test_all_facts_are_read_in_one_round_trip() -> None:
    shell = HostShell()
    seen = read_facts(shell, (ONE, TWO, LOUD, BROKEN, GREEDY))
    assert len(shell.sent) == 1
    assert [seen.value(fact).text for fact in (ONE, TWO, LOUD, GREEDY)] == [
        "one",
        "two 'quoted' $HOME;\n",
        "to stderr\n",
        "",
    ]


def test_a_command_that_fails_is_unreadable_and_quotes_the_tablet() -> None:
    seen = read_facts(HostShell(), (BROKEN, ONE))
    with pytest.raises(FactUnreadable, match=r"status 3 and said “oh dear”"):
        seen.value(BROKEN)
    assert seen.value(ONE).text == "one"


def test_an_exit_code_that_a_fact_expects_is_an_answer() -> None:
    tolerant = words("tolerant", BROKEN.command, 3)
    assert read_facts(HostShell(), (tolerant,)).value(tolerant).text == "oh dear\n"


def test_facts_that_share_a_command_ask_it_once() -> None:
    shell = HostShell()
    read_facts(shell, (ONE, words("same", ONE.command)))
    assert shell.sent[0].count("printf one") == 1


def test_an_answer_cut_off_in_the_middle_loses_only_what_came_after() -> None:
    seen = read_facts(HostShell(bend=lambda text: text[: text.index("stderr")]), (ONE, LOUD, TWO))
    assert seen.value(ONE).text == "one"
    assert set(seen.unreadable) == {"loud", "two"}


def test_a_fact_that_was_not_asked_for_is_not_absent_but_unreadable() -> None:
    with pytest.raises(FactUnreadable, match="was not asked for"):
        read_facts(HostShell(), (ONE,)).value(TWO)


def test_a_lost_link_is_raised_and_never_an_empty_observation() -> None:
    class Cut(HostShell):
        def run(self, command: Command, *, timeout_seconds: float = 30.0) -> ShellResult:
            raise LinkLost("The cable was pulled.")

    with pytest.raises(LinkLost):
        read_facts(Cut(), (ONE,))


def test_a_command_that_hangs_says_that_it_did_not_answer_in_time() -> None:
    class Hung(HostShell):
        def run(self, command: Command, *, timeout_seconds: float = 30.0) -> ShellResult:
            answer = super().run(Command(command.sent().replace("printf one", "sh -c 'exit 124'")))
            return ShellResult(0, answer.stdout, "")

    with pytest.raises(FactUnreadable, match="did not answer within 20 seconds"):
        read_facts(Hung(), (ONE,)).value(ONE)


def test_every_fact_fits_into_one_message_of_an_old_daemon() -> None:
    commands = tuple(dict.fromkeys(fact.command for fact in ALL))
    assert len(list(batches(commands, OLD_DAEMON_BYTES))) == 1


def test_only_an_old_daemons_limit_splits_a_reading() -> None:
    many = tuple(file_on_tablet(f"/nowhere/{'x' * 80}/{number}") for number in range(60))
    old, modern = HostShell(features=frozenset()), HostShell()
    assert read_facts(old, many).unreadable == read_facts(modern, many).unreadable == {}
    assert len(modern.sent) == 1
    assert 1 < len(old.sent) < 6
    assert all(len(sent.encode()) <= OLD_DAEMON_BYTES for sent in old.sent)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r")), max_size=6))
def test_any_output_is_split_back_into_the_answers_it_was_made_of(answers: list[str]) -> None:
    output = "".join(f"{text}n0nce:{number}:7\r\n" for number, text in enumerate(answers))
    assert split(output, "n0nce", len(answers)) == tuple(Answer(text, 7) for text in answers)


def test_nothing_a_tablet_prints_is_taken_for_a_marker() -> None:
    commands = (Command("echo 0:0:0"), Command("printf", Quoted("abc:0:0\n")))
    result = HostShell().run(script(commands, "f00d"))
    assert [answer.text for answer in split(result.stdout, "f00d", 2)] == ["0:0:0\n", "abc:0:0\n"]


def test_an_observation_survives_being_stored() -> None:
    seen = read_facts(HostShell(), (CLOCK, ANDROID_ID, file_on_tablet("/nowhere")), now=lambda: NOON)
    again = observation_from_json(seen.to_json())
    assert again == seen
    assert again.value(file_on_tablet("/nowhere")).sha256 is None


def test_the_printed_observation_says_why_and_invents_nothing() -> None:
    seen = read_facts(HostShell(), (ANDROID_ID, CLOCK))
    facts = seen.to_json()["facts"]
    assert set(facts) == {"android_id", "clock"}
    assert set(facts["android_id"]) == {"unreadable"}


def test_an_e_mail_address_in_a_setting_is_not_put_down() -> None:
    table = SETTINGS_SECURE.parse(
        "lock_screen_owner_info=mail sample.one@163.com or me@mail.example.org\nversion=a@2.1\n"
    )
    stored = Observation(NOON, {"settings/secure": table}).to_json()["facts"]["settings/secure"]["values"]
    assert stored == {"lock_screen_owner_info": "mail *** or ***", "version": "a@2.1"}
    assert table.get("version") == "a@2.1"


def test_a_tablet_in_trade_in_mode_is_asked_the_one_thing_it_answers() -> None:
    class TradeInOnly(HostShell):
        def run(self, command: Command, *, timeout_seconds: float = 30.0) -> ShellResult:
            self.sent.append(command.sent())
            if command.sent() != "tradeinmode getstatus":
                raise ServiceRefused("closed")
            return ShellResult(0, '{"locks":{"factory_reset_protection":true}}\n', "")

    tablet = TradeInOnly()
    seen = read_facts(tablet, ALL)
    report = seen.value(TRADE_IN)
    assert (report.mode, report.report and report.report.reset_protection) == (TradeInMode.STATUS_ONLY, True)
    assert seen.unreadable["identity"] == "the tablet is in trade-in mode and answers nothing but its status"
    assert len(tablet.sent) == 2
    with pytest.raises(ServiceRefused):
        read_facts(TradeInOnly(), (CLOCK,))


def test_a_question_that_fails_is_named_by_its_meaning_and_not_by_its_text() -> None:
    assert script((ONE.command, TWO.command), "f00d").shown() == "2 questions about itself"


def test_a_value_stored_in_an_older_shape_is_unreadable_rather_than_wrong() -> None:
    stored = {"taken_at": NOON.isoformat(), "facts": {"clock": {"seconds": 5}, "gone": {"x": 1}}}
    again = observation_from_json(stored)
    assert set(again.unreadable) == {"clock", "gone"}


def test_a_private_fact_is_never_quoted() -> None:
    loud = Fact("loud", Command("sh -c", Quoted("echo sample.one@example.org; exit 9")), Words, Words, private=True)
    assert "sample" not in str(read_facts(HostShell(), (loud,)).to_json())
    assert ACCOUNTS.private


def test_the_clocks_delta_is_tablet_minus_host() -> None:
    slow = Observation(NOON, {"clock": CLOCK.parse(str(int(NOON.timestamp()) - 90))})
    assert clock_delta_seconds(slow) == -90

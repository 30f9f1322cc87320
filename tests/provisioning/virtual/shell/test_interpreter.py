"""The small sh: the scripts that clients send, and the corners of quoting that they rely on."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.virtual.tablet import VirtualTablet
from tests.provisioning.virtual.run import Ran, run_on

Make = Callable[..., VirtualTablet]


@pytest.mark.parametrize(
    ("script", "out"),
    [
        ("echo one; echo two", "one\ntwo\n"),
        ("echo one\necho two\n", "one\ntwo\n"),
        ("true && echo yes || echo no", "yes\n"),
        ("false && echo yes || echo no", "no\n"),
        ("false; echo $?; true; echo $?", "1\n0\n"),
        ("! false; echo $?", "0\n"),
        ("echo 'a  b' \"c $HOME\" d\\ e", "a  b c / d e\n"),
        ("A='x  y'; echo $A; echo \"$A\"", "x y\nx  y\n"),
        ("A=1 B=2; echo $A$B${C:-3}${A:+4}", "1234\n"),
        ("echo $(echo in; echo ner) `echo old`", "in ner old\n"),
        ("echo $((2 + 3 * 4))", "14\n"),
        ("echo a >/dev/null; echo b 2>/dev/null; nothing 2>/dev/null; echo $?", "b\n127\n"),
        ("nothing 2>&1 | head -n 1", "/system/bin/sh: nothing: inaccessible or not found\n"),
        ("printf 'a\\nb\\nab\\n' | grep -c b", "2\n"),
        ("for i in 1 2 3; do echo -n $i; done; echo", "123\n"),
        ("i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i", "3\n"),
        ("if [ -d /sdcard ]; then echo dir; elif true; then echo x; else echo y; fi", "dir\n"),
        ("case org.example.app in com.*) echo c;; org.*|net.*) echo o;; esac", "o\n"),
        ("(cd /sdcard; A=1); echo ${A:-unset}", "unset\n"),
        ("{ echo a; echo b; } | tail -n 1", "b\n"),
        ("sh -c 'echo $1 $0' zero one", "one sh\n"),
        ('sh -c "exit 3"; echo $?', "3\n"),
        ("timeout 20 echo in time </dev/null", "in time\n"),
        ("A=/a/b.apk; echo ${A##*/} ${A%.apk} ${#A}", "b.apk /a/b 8\n"),
        ("echo a#b # comment", "a#b\n"),
        ("echo 'a\nb' | while read line; do echo \"<$line>\"; done", "<a>\n<b>\n"),
        ("echo x > /sdcard/one.txt; echo y >> /sdcard/one.txt; cat /sdcard/*.txt", "x\ny\n"),
        ("echo '*' \"?\"", "* ?\n"),
        ("pm list packages | grep -q package:android && echo found", "found\n"),
        ("set -- ; exit 0; echo never", ""),
    ],
)
def test_a_script_says_what_mksh_would(make_tablet: Make, script: str, out: str) -> None:
    assert run_on(make_tablet(), script).out == out


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_quoted_text_comes_through_unchanged(make_tablet: Make, tablet_kept: list[VirtualTablet], text: str) -> None:
    if not tablet_kept:
        tablet_kept.append(make_tablet())
    assert run_on(tablet_kept[0], f"printf %s {shlex.quote(text)}").out == text


@pytest.fixture
def tablet_kept() -> list[VirtualTablet]:
    """One tablet for all examples of a property."""
    return []


def test_a_bad_line_is_a_syntax_error_and_runs_nothing(make_tablet: Make) -> None:
    ran = run_on(make_tablet(), "echo a; if true; then echo b")
    assert ran.code == 1
    assert ran.out == ""
    assert "syntax error" in ran.err


def test_an_unknown_command_answers_127_and_is_written_down(make_tablet: Make) -> None:
    tablet = make_tablet()
    ran = run_on(tablet, "flibber --gibbet")
    assert ran == Ran(127, "", "/system/bin/sh: flibber: inaccessible or not found\n")
    assert tablet.wire.events("unknown-command")[0]["command"] == "flibber --gibbet"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("cat /data/system/users/0.xml", "Permission denied"),
        ("ls /data", "Permission denied"),
        ("echo x > /system/x", "Read-only file system"),
        ("echo x > /data/misc/x", "Permission denied"),
        ("cat /sdcard/../../data/misc/adb/adb_keys", "Permission denied"),
        ("cat /sdcard/none", "No such file or directory"),
        ("mkdir /newroot", "Read-only file system"),
    ],
)
def test_the_shell_user_sees_and_writes_only_where_a_shell_may(make_tablet: Make, script: str, said: str) -> None:
    ran = run_on(make_tablet(), script)
    assert ran.code != 0
    assert said in ran.err


def test_a_path_cannot_leave_the_tablet(make_tablet: Make) -> None:
    tablet = make_tablet()
    (tablet.directory / "secret").write_text("outside")
    assert "outside" not in run_on(tablet, "cat ../../../../secret /sdcard/../../../../../secret").out

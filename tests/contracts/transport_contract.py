"""What any Transport must do, whatever the wire below it. A test class inherits it and gives it a `transport` fixture.

The other end must be a tablet (virtual or real) with Android's shell and a package manager.
"""

from __future__ import annotations

import io
import random
import threading
import time
from pathlib import Path

import pytest

from provisioning.command import Command, Quoted, Secret
from provisioning.errors import CommandTimedOut, InstallRefused, LinkLost, TransferFailed
from provisioning.transports.base import Transport
from tests.apks import ApkRecipe, build_apk
from tests.bundles import build_splits

FOLDER = "/data/local/tmp"


def sample_bytes(count: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(count)


class TransportContract:
    def test_a_command_answers_with_its_output(self, transport: Transport) -> None:
        result = transport.run(Command("echo", Quoted("one two")))
        assert (result.exit_code, result.stdout) == (0, "one two\n")

    @pytest.mark.parametrize("command", ["false", "exit 3", "no-such-command-here"])
    def test_a_failing_command_gives_its_own_exit_code(self, transport: Transport, command: str) -> None:
        expected = {"false": 1, "exit 3": 3, "no-such-command-here": 127}[command]
        assert transport.run(Command(command)).exit_code == expected

    def test_text_from_outside_reaches_the_tablet_unchanged(self, transport: Transport) -> None:
        text = 'it\'s $HOME; `id` "quoted" * é ع 好'
        assert transport.run(Command("echo", Quoted(text))).stdout == text + "\n"

    def test_a_secret_is_sent_but_not_shown_when_the_command_fails(self, transport: Transport) -> None:
        command = Command("echo", Secret("open sesame"))
        assert transport.run(command).stdout == "open sesame\n"
        with pytest.raises(CommandTimedOut) as caught:
            transport.run(Command("sleep 1; echo", Secret("open sesame")), timeout_seconds=0.05)
        assert "open sesame" not in str(caught.value)
        assert "***" in str(caught.value)

    def test_a_command_that_takes_too_long_is_given_up_and_the_link_goes_on(self, transport: Transport) -> None:
        before = time.monotonic()
        with pytest.raises(CommandTimedOut):
            transport.run(Command("sleep", "2"), timeout_seconds=0.1)
        assert time.monotonic() - before < 1.5
        assert transport.run(Command("echo", "still here")).stdout == "still here\n"

    def test_a_command_longer_than_old_daemons_take_runs_all_the_same(self, transport: Transport) -> None:
        assert transport.run(Command("echo", Quoted("x" * 6000))).stdout == "x" * 6000 + "\n"
        assert transport.run(Command("ls", FOLDER)).stdout == ""

    def test_many_commands_run_one_after_another(self, transport: Transport) -> None:
        answers = [transport.run(Command("echo", str(number))).stdout for number in range(50)]
        assert answers == [f"{number}\n" for number in range(50)]

    def test_two_threads_share_a_link_without_mixing_answers(self, transport: Transport) -> None:
        answers: dict[str, list[str]] = {"left": [], "right": []}

        def ask(word: str) -> None:
            answers[word].extend(transport.run(Command("echo", word)).stdout for _ in range(10))

        threads = [threading.Thread(target=ask, args=(word,)) for word in answers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert answers == {word: [f"{word}\n"] * 10 for word in answers}

    @pytest.mark.parametrize("count", [0, 1, 4096, 65535, 65536, 65537, 1_048_576, 3_000_001])
    def test_a_file_comes_back_byte_for_byte(self, transport: Transport, tmp_path: Path, count: int) -> None:
        sent = tmp_path / "sent"
        sent.write_bytes(sample_bytes(count))
        transport.push(sent, f"{FOLDER}/round-trip")
        transport.pull(f"{FOLDER}/round-trip", tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == sent.read_bytes()

    def test_a_pushed_file_has_the_size_the_shell_sees(self, transport: Transport) -> None:
        transport.push(io.BytesIO(sample_bytes(70_000)), f"{FOLDER}/counted", mode=0o600)
        assert transport.run(Command("cat", f"{FOLDER}/counted", "|", "wc", "-c")).stdout.split()[0] == "70000"

    def test_a_file_name_with_spaces_and_letters_beyond_ascii_works(self, transport: Transport) -> None:
        target, back = f"{FOLDER}/a tablet's ñame.bin", io.BytesIO()
        transport.push(io.BytesIO(b"content"), target)
        transport.pull(target, back)
        assert back.getvalue() == b"content"

    def test_progress_rises_to_the_whole_in_both_directions(self, transport: Transport) -> None:
        seen: list[tuple[int, int]] = []
        transport.push(io.BytesIO(sample_bytes(2_500_000)), f"{FOLDER}/big", progress=lambda *step: seen.append(step))
        transport.pull(f"{FOLDER}/big", io.BytesIO(), progress=lambda *step: seen.append(step))
        whole = (2_500_000, 2_500_000)
        assert seen.count(whole) >= 2
        assert all(0 < moved <= total == 2_500_000 for moved, total in seen)

    def test_a_file_that_is_not_there_is_refused_and_nothing_is_left_behind(
        self, transport: Transport, tmp_path: Path
    ) -> None:
        before = set(tmp_path.iterdir())
        with pytest.raises(TransferFailed, match="No such file"):
            transport.pull(f"{FOLDER}/never-pushed", tmp_path / "never")
        assert set(tmp_path.iterdir()) == before
        assert transport.run(Command("echo", "still here")).ok

    def test_a_place_that_may_not_be_written_is_refused_with_the_reason(self, transport: Transport) -> None:
        with pytest.raises(TransferFailed, match=r"denied|Read-only"):
            transport.push(io.BytesIO(sample_bytes(300_000)), "/system/app/nothing.apk")
        assert transport.run(Command("echo", "still here")).ok

    def test_an_installed_app_is_in_the_package_list(self, transport: Transport) -> None:
        apk = build_apk(ApkRecipe(package="org.example.contract"))
        seen: list[tuple[int, int]] = []
        transport.install([apk], progress=lambda *step: seen.append(step))
        listed = transport.run(Command("pm list packages --user 0")).stdout.split()
        assert "package:org.example.contract" in listed
        assert seen[-1] == (apk.stat().st_size, apk.stat().st_size)

    def test_a_file_that_is_no_app_is_refused_with_androids_code(self, transport: Transport, tmp_path: Path) -> None:
        text = tmp_path / "notes.apk"
        text.write_text("not an app at all\n" * 1000)
        with pytest.raises(InstallRefused) as caught:
            transport.install([text])
        assert caught.value.code.startswith("INSTALL_")
        assert "notes.apk" in str(caught.value)

    def test_an_app_in_parts_is_installed_as_one(self, transport: Transport) -> None:
        splits = build_splits()
        apks = [splits[name] for name in ("", "config.armeabi_v7a", "config.pa")]
        seen: list[tuple[int, int]] = []
        transport.install(apks, progress=lambda *step: seen.append(step))
        paths = transport.run(Command("pm path --user 0 org.example.parts")).stdout.split()
        assert [path.rpartition("/")[2] for path in paths] == [
            "base.apk",
            "split_config.armeabi_v7a.apk",
            "split_config.pa.apk",
        ]
        total = sum(apk.stat().st_size for apk in apks)
        assert seen[-1] == (total, total)
        assert seen == sorted(seen)

    def test_parts_that_do_not_belong_together_are_refused_and_no_session_stays(self, transport: Transport) -> None:
        splits = build_splits()
        with pytest.raises(InstallRefused) as caught:
            transport.install([splits["config.pa"], splits["config.de"]])
        assert caught.value.code == "INSTALL_FAILED_INVALID_APK"
        assert "Session" not in transport.run(Command("dumpsys package installs")).stdout

    def test_an_update_signed_by_somebody_else_is_refused(self, transport: Transport) -> None:
        transport.install([build_apk(ApkRecipe(package="org.example.signed"))])
        with pytest.raises(InstallRefused) as caught:
            transport.install([build_apk(ApkRecipe(package="org.example.signed", version_code=2, signer="stranger"))])
        assert caught.value.code == "INSTALL_FAILED_UPDATE_INCOMPATIBLE"

    def test_after_a_reboot_the_link_is_back_and_android_is_up(self, transport: Transport) -> None:
        transport.push(io.BytesIO(b"kept"), f"{FOLDER}/kept")
        transport.reboot_and_wait(timeout_seconds=60)
        assert transport.run(Command("getprop sys.boot_completed")).stdout == "1\n"
        assert transport.run(Command("cat", f"{FOLDER}/kept")).stdout == "kept"

    def test_a_closed_link_says_so_and_may_be_closed_again(self, transport: Transport) -> None:
        transport.close()
        transport.close()
        with pytest.raises(LinkLost, match="Connect again"):
            transport.run(Command("true"))

    def test_its_address_says_where_it_leads(self, transport: Transport) -> None:
        assert transport.address.removeprefix("ssh:Sample bench/").partition(":")[0] in {"tcp", "usb", "adb"}

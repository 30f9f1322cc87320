"""Tablets of an adb server that are not there, not ready, not alone, or no longer the same."""

from __future__ import annotations

import socket
import threading

import pytest

from provisioning.command import Command
from provisioning.errors import (
    AdbServerNotRunning,
    CannotConnect,
    LinkLost,
    NotAuthorised,
    SeveralTablets,
    TabletNotReady,
    UsbNotPermitted,
)
from provisioning.transports.adb_server import AdbServer, usual_port
from provisioning.transports.address import connect
from provisioning.transports.base import ShellResult, Transport
from provisioning.transports.bytelink import tcp_link
from provisioning.transports.keys import BenchKey
from provisioning.transports.sighting import State
from tests.provisioning.transports.scripted_server import ScriptedServer, scripted_server

READY = "SAMPLE0001 device usb:1-4.2 product:x model:Sample_Tab device:y transport_id:7\n"


def opened(server: ScriptedServer, key: BenchKey, tablet: str = "usb:1-4.2", **limits: float) -> Transport:
    waits = {"timeout_seconds": 0.5, "auth_wait_seconds": 0.1, **limits}
    return connect(f"adb:127.0.0.1:{server.port}/{tablet}", signer=key, poll_seconds=0.02, **waits)  # type: ignore[arg-type]  # seconds by name


def asked_of(server: ScriptedServer) -> AdbServer:
    return AdbServer("127.0.0.1", lambda: tcp_link("127.0.0.1", server.port), seconds=1)


class TestFinding:
    @pytest.mark.parametrize("tablet", ["usb:1-4.2", "SAMPLE0001"])
    def test_a_tablet_is_found_by_its_port_and_by_its_serial_and_held_by_its_number(
        self, bench_key: BenchKey, tablet: str
    ) -> None:
        with scripted_server("OTHER device usb:1-1 transport_id:3\n" + READY) as server:
            link = opened(server, bench_key, tablet)
            assert link.run(Command("echo hi")) == ShellResult(0, "hi\n", "")
            link.close()
            assert "host:transport-id:7" in server.asked

    def test_a_serial_that_two_share_names_the_ports_to_choose_from(self, bench_key: BenchKey) -> None:
        with (
            scripted_server(READY + READY.replace("1-4.2", "1-4.3")) as server,
            pytest.raises(SeveralTablets, match=r"adb:127\.0\.0\.1:\d+/usb:1-4\.2, adb:.*/usb:1-4\.3"),
        ):
            opened(server, bench_key, "SAMPLE0001")

    def test_a_server_that_gives_no_numbers_is_too_old(self, bench_key: BenchKey) -> None:
        with scripted_server("SAMPLE0001 device usb:1-4.2\n") as server, pytest.raises(CannotConnect, match="too old"):
            opened(server, bench_key)

    def test_a_tablet_that_is_not_there_names_those_that_are(self, bench_key: BenchKey) -> None:
        with scripted_server(READY) as server, pytest.raises(CannotConnect, match=r"sees no tablet.*usb:1-4\.2\."):
            opened(server, bench_key, "usb:1-1")

    @pytest.mark.parametrize(
        ("state", "error", "words"),
        [
            ("offline", TabletNotReady, "gets no answer"),
            ("unauthorized", NotAuthorised, "tap Allow"),
            ("no permissions (user in plugdev group; are your udev rules wrong?)", UsbNotPermitted, "51-android"),
            ("recovery", TabletNotReady, "it is in recovery"),
            ("bootloader", TabletNotReady, "in its bootloader"),
            ("sideload", TabletNotReady, "sideload"),
            ("authorizing", TabletNotReady, "has not finished greeting"),
        ],
    )
    def test_a_tablet_in_another_state_says_which_and_what_to_do(
        self, bench_key: BenchKey, state: str, error: type[CannotConnect], words: str
    ) -> None:
        listed = f"SAMPLE0001 {state} usb:1-4.2 transport_id:7\n"
        with scripted_server(listed) as server, pytest.raises(error, match=words):
            opened(server, bench_key, timeout_seconds=0.1)

    def test_a_tablet_whose_holder_taps_allow_meanwhile_is_connected(self, bench_key: BenchKey) -> None:
        with scripted_server("SAMPLE0001 unauthorized usb:1-4.2 transport_id:7\n") as server:
            prompts: list[int] = []

            def tap_allow() -> None:
                prompts.append(1)
                threading.Thread(target=lambda: server.show(READY)).start()

            link = connect(
                f"adb:127.0.0.1:{server.port}/usb:1-4.2", signer=bench_key, auth_wait_seconds=5, on_prompt=tap_allow
            )
            assert link.run(Command("echo hi")).ok
            link.close()
            assert prompts == [1]


class TestLosing:
    @pytest.mark.parametrize(
        "listed",
        ["", READY.replace("device ", "offline ", 1), READY.replace("transport_id:7", "transport_id:8")],
        ids=["unplugged", "offline", "another in its place"],
    )
    def test_a_tablet_that_left_its_place_is_lost_and_nothing_is_sent_to_what_stands_there(
        self, bench_key: BenchKey, listed: str
    ) -> None:
        with scripted_server(READY) as server:
            link = opened(server, bench_key)
            server.show(listed)
            with pytest.raises(LinkLost, match="not known"):
                link.run(Command("echo hi"))
            assert not any(service.startswith("shell") for service in server.asked)

    def test_a_tablet_that_left_and_came_back_under_its_number_is_lost_too(self, bench_key: BenchKey) -> None:
        with scripted_server(READY) as server:
            link = opened(server, bench_key)
            server.show(READY.replace("device ", "offline ", 1))
            server.show(READY)
            with pytest.raises(LinkLost):
                link.run(Command("echo hi"))

    def test_a_server_that_ended_loses_the_link(self, bench_key: BenchKey) -> None:
        with scripted_server(READY) as server:
            link = opened(server, bench_key)
            server.close()
            with pytest.raises(LinkLost):
                link.run(Command("echo hi"))


class TestTheServerItself:
    def test_no_server_says_how_to_start_one(self, bench_key: BenchKey) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        with pytest.raises(AdbServerNotRunning, match="adb start-server"):
            connect(f"adb:127.0.0.1:{port}/usb:1-4.2", signer=bench_key)

    def test_something_else_on_its_port_is_told_apart(self) -> None:
        with scripted_server() as server:
            server.listed = "x"
            with pytest.raises(CannotConnect, match="closed"):
                asked_of(server).ask("host:nothing")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            answering = threading.Thread(target=_answer_as_a_web_server, args=(listener,))
            answering.start()
            web = AdbServer("there", lambda: tcp_link("127.0.0.1", listener.getsockname()[1]), seconds=1)
            with pytest.raises(CannotConnect, match=r"no adb server.*HTTP"):
                web.version()
            answering.join(5)

    def test_its_version_and_its_tablets_are_read(self) -> None:
        with scripted_server(READY) as server:
            assert asked_of(server).version() == 41
            assert [one.state for one in asked_of(server).tablets()] == [State.READY]

    def test_changes_come_at_once_and_after_quiet_the_same_again(self) -> None:
        with scripted_server() as server:
            changes = asked_of(server).changes(idle_seconds=0.05)
            assert next(changes) == ()
            assert next(changes) == ()
            server.show(READY)
            assert [one.usb_path for one in next(changes)] == ["1-4.2"]
            server.close()
            with pytest.raises(AdbServerNotRunning):
                next(changes)

    @pytest.mark.parametrize(("said", "port"), [("5038", 5038), ("", 5037), ("none", 5037), ("70000", 5037)])
    def test_the_usual_port_is_adbs_own_variable_or_its_usual_one(self, said: str, port: int) -> None:
        assert usual_port({"ANDROID_ADB_SERVER_PORT": said}) == port


def _answer_as_a_web_server(listener: socket.socket) -> None:
    wire, _ = listener.accept()
    with wire:
        wire.recv(100)
        wire.sendall(b"HTTP/1.1 400 Bad Request")

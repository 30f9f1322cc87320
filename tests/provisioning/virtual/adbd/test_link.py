"""The daemon's side of the protocol, packet by packet, where `adb` itself would never look."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from provisioning.virtual import person
from provisioning.virtual.scripted import Script
from tests.provisioning.virtual.conftest import Served
from tests.provisioning.virtual.raw_host import KEY, RawHost

Serve = Callable[..., Served]


@pytest.fixture
def served(serve: Serve) -> Served:
    return serve(person=Script())


@pytest.fixture
def host(served: Served) -> Iterator[RawHost]:
    with RawHost(served.port) as host:
        host.online()
        yield host


def test_the_banner_names_the_tablet_and_its_features(served: Served) -> None:
    with RawHost(served.port) as host:
        _, version, max_payload, banner = host.online()
    assert (version, max_payload) == (0x01000001, 1 << 20)
    text = banner.decode()
    assert text.startswith("device::ro.product.name=gta9pwifieea;ro.product.model=Virtual SM-X210;")
    assert "shell_v2" in text.partition("features=")[2].split(",")


def test_a_wrong_signature_is_answered_with_another_token(served: Served) -> None:
    with RawHost(served.port) as host:
        first = host.hello()
        host.sign(os.urandom(20))
        command, kind, _, second = host.receive()
        assert (command, kind) == (b"AUTH", 1)
        assert second != first


def test_a_known_key_signs_itself_in_and_a_stranger_does_not(served: Served) -> None:
    with RawHost(served.port) as host:
        host.online()
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with RawHost(served.port) as host:
        host.sign(host.hello(), stranger)
        command, _, _, token = host.receive()
        assert command == b"AUTH"
        host.sign(token, KEY)
        assert host.receive()[0] == b"CNXN"


def test_bytes_that_are_no_key_are_never_asked_about(served: Served) -> None:
    with RawHost(served.port) as host:
        host.hello()
        host.send(b"AUTH", 3, 0, b"not a key\0")
        host.offer_key()
        assert host.receive()[0] == b"CNXN"
    assert next(event["result"] for event in served.tablet.wire.events("auth")) == "bad key"


def test_nothing_opens_before_the_key_is_accepted(serve: Serve) -> None:
    served = serve()
    with RawHost(served.port) as host:
        host.hello()
        host.send(b"OPEN", 7, 0, b"shell:pm list users\0")
        host.offer_key()
        assert served.tablet.wait_for(lambda: served.tablet.prompt is not None, 5)
        person.accept_key(served.tablet)
        assert host.receive()[0] == b"CNXN"
    assert served.tablet.wire.events("shell") == []


def test_a_prompt_goes_when_the_computer_that_asked_is_gone(serve: Serve) -> None:
    served = serve()
    with RawHost(served.port) as host:
        host.hello()
        host.offer_key()
        assert served.tablet.wait_for(lambda: served.tablet.prompt is not None, 5)
    assert served.tablet.wait_for(lambda: served.tablet.prompt is None, 5)
    with pytest.raises(person.NotOnScreen):
        person.accept_key(served.tablet)


def test_one_packet_is_in_flight_until_it_is_acknowledged(host: RawHost, served: Served) -> None:
    served.tablet.files.real("/data/local/tmp/long").write_bytes(b"x" * (3 << 20))
    _, remote, _, _ = host.open("exec:cat /data/local/tmp/long")
    command, _, _, first = host.receive()
    assert command == b"WRTE"
    host._socket.settimeout(0.05)
    with pytest.raises(TimeoutError):
        host.receive()
    host._socket.settimeout(10)
    got = len(first)
    while got < 3 << 20:
        host.send(b"OKAY", 7, remote)
        got += len(host.receive()[3])
    host.send(b"OKAY", 7, remote)
    assert host.receive()[0] == b"CLSE"


def test_a_window_lets_many_packets_fly_at_once(served: Served) -> None:
    served.tablet.files.real("/data/local/tmp/long").write_bytes(b"x" * (3 << 20))
    with RawHost(served.port, features="delayed_ack,shell_v2") as host:
        host.online()
        command, _remote, _, granted = host.open("exec:cat /data/local/tmp/long", window=32 << 20)
        assert command == b"OKAY"
        assert struct.unpack("<i", granted)[0] > 0
        got = 0
        while got < 3 << 20:
            command, _, _, payload = host.receive()
            assert command == b"WRTE"
            got += len(payload)
        assert host.receive()[0] == b"CLSE"


def test_a_closed_stream_is_answered_with_a_close_for_the_same_ids(host: RawHost) -> None:
    _, remote, _, _ = host.open("shell:cat")
    host.send(b"CLSE", 7, remote)
    assert host.receive()[:3] == (b"CLSE", remote, 7)


def test_a_service_nobody_knows_is_closed_at_once(host: RawHost, served: Served) -> None:
    assert host.open("jdwp:123")[0] == b"CLSE"
    assert served.tablet.wire.events("refused")[0]["service"] == "jdwp:123"


def test_many_streams_share_a_link(host: RawHost) -> None:
    remotes = {host.open("shell:cat", local=local)[1]: local for local in range(10, 20)}
    assert len(remotes) == 10
    assert host.shell("echo still here") == b"still here\n"


def test_a_wrong_magic_ends_the_link(served: Served) -> None:
    with RawHost(served.port) as host:
        host._socket.sendall(struct.pack("<4s5I", b"CNXN", 0x01000001, 4096, 0, 0, 0))
        with pytest.raises(EOFError):
            host.receive()


def test_a_legacy_daemon_drops_a_link_with_a_wrong_sum(serve: Serve) -> None:
    served = serve("legacy-tablet-7", person=Script())
    with RawHost(served.port) as host:
        _, version, max_payload, banner = host.online()
        assert (version, max_payload) == (0x01000000, 4096)
        assert b"features=" not in banner
        assert host.shell("echo summed") == b"summed\n"
        host.send(b"OPEN", 8, 0, b"shell:echo unsummed\0", total=1)
        with pytest.raises(EOFError):
            host.receive()


def test_a_later_daemon_looks_at_no_sum(host: RawHost) -> None:
    host.send(b"OPEN", 7, 0, b"shell:echo unsummed\0", total=0)
    assert host.receive()[0] == b"OKAY"
    assert host.receive()[3] == b"unsummed\n"


def test_an_old_host_gets_its_small_packets_and_its_sums(served: Served) -> None:
    with RawHost(served.port, version=0x01000000, max_payload=4096) as host:
        host.online()
        served.tablet.files.real("/data/local/tmp/long").write_bytes(b"x" * 10_000)
        _, remote, _, _ = host.open("exec:cat /data/local/tmp/long")
        sizes = []
        while (packet := host.receive())[0] == b"WRTE":
            sizes.append(len(packet[3]))
            host.send(b"OKAY", 7, remote)
        assert sizes == [4096, 4096, 1808]

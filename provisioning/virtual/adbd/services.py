"""The services a host may open on a link: shell, exec, abb, sync, reboot and the few one-line ones."""

from __future__ import annotations

from collections.abc import Callable

from provisioning.virtual.adbd import shellv2
from provisioning.virtual.adbd.device import ByteSource, Device
from provisioning.virtual.adbd.stream import Stream
from provisioning.virtual.adbd.sync import serve_sync

Service = Callable[[Device, Stream], None]


class RawInput:
    """The bytes of a stream as a command's standard input."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, all of the rest when negative; empty at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        return bytes(self._stream.read_some(size))


class NoInput:
    """Standard input that is at its end."""

    def read(self, size: int = -1) -> bytes:
        return b""


def find_service(name: str) -> Service | None:
    """What serves `name`, or None where a daemon answers with a CLSE."""
    kind, colon, rest = name.partition(":")
    kind, *options = kind.split(",")
    if not colon:
        return None
    if kind == "shell":
        return _shell(rest, v2="v2" in options)
    makers: dict[str, Callable[[str], Service]] = {
        "exec": _exec,
        "abb_exec": _abb_exec,
        "abb": _abb,
        "reboot": _reboot,
        "sync": lambda _: serve_sync,
        "root": lambda _: _say("adbd cannot run as root in production builds\n"),
        "remount": lambda _: _say('Not running as root. Try "adb root" first.\n'),
        "unroot": lambda _: _say("adbd not running as root\n"),
    }
    maker = makers.get(kind)
    return None if maker is None else maker(rest)


def _shell(script: str, *, v2: bool) -> Service:
    return _shell_v2(script) if v2 else _merged(script, "shell")


def _exec(script: str) -> Service:
    return _merged(script, "exec")


def _shell_v2(script: str) -> Service:
    def serve(device: Device, stream: Stream) -> None:
        device.note("shell-begin", command=script)
        stdin = shellv2.Input(stream)
        stdout, stderr = shellv2.Output(stream, shellv2.STDOUT), shellv2.Output(stream, shellv2.STDERR)
        code = device.run(script, stdin, stdout, stderr)
        device.note("shell", command=script, exit=code)
        shellv2.send_exit(stream, code)

    return serve


def _merged(script: str, kind: str) -> Service:
    """Protocol v1 and exec: one stream of bytes both ways, no exit code for the host."""

    def serve(device: Device, stream: Stream) -> None:
        device.note(f"{kind}-begin", command=script)
        stdin: ByteSource = RawInput(stream)
        code = device.run(script, stdin, stream, stream)
        device.note(kind, command=script, exit=code)

    return serve


def _abb_exec(text: str) -> Service:
    words = tuple(text.split("\0"))

    def serve(device: Device, stream: Stream) -> None:
        device.note("abb_exec-begin", command=" ".join(words))
        code = device.run_words(words, RawInput(stream), stream, stream)
        device.note("abb_exec", command=" ".join(words), exit=code)

    return serve


def _abb(text: str) -> Service:
    words = tuple(text.split("\0"))

    def serve(device: Device, stream: Stream) -> None:
        stdout, stderr = shellv2.Output(stream, shellv2.STDOUT), shellv2.Output(stream, shellv2.STDERR)
        code = device.run_words(words, shellv2.Input(stream), stdout, stderr)
        device.note("abb", command=" ".join(words), exit=code)
        if code is not None:
            shellv2.send_exit(stream, code)

    return serve


def _reboot(target: str) -> Service:
    def serve(device: Device, stream: Stream) -> None:
        device.note("reboot", target=target)
        device.reboot(target)

    return serve


def _say(text: str) -> Service:
    def serve(device: Device, stream: Stream) -> None:
        stream.write(text.encode())

    return serve

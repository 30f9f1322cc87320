"""One host's link: the handshake with its keys, then streams opened, fed and closed."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable

from provisioning.virtual.adbd import packet
from provisioning.virtual.adbd.auth import TOKEN_BYTES, BadKey, HostKey, read_key, signed_by
from provisioning.virtual.adbd.device import Device, Hung
from provisioning.virtual.adbd.packet import BadPacket, Header, Payload
from provisioning.virtual.adbd.services import find_service
from provisioning.virtual.adbd.stream import Stream, StreamEnded
from provisioning.virtual.adbd.wire import LinkDown, Wire

MAX_SERVICE_BYTES = packet.PAYLOAD_BYTES


class Link:
    """Serves one socket until it ends. `run` blocks; `shut` may be called from any thread."""

    def __init__(self, sock: socket.socket, device: Device, *, legacy_close: bool) -> None:
        self._device = device
        self._banner = device.banner()
        self._wire = Wire(sock, device.toll, version=self._banner.version)
        self._legacy_close = legacy_close
        self._streams: dict[int, Stream] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._next_id = 1
        self._online = False
        self._token = b""
        self._max_payload = packet.LEGACY_PAYLOAD_BYTES
        self._features: frozenset[str] = frozenset()
        self._take_back_prompt: Callable[[], None] = lambda: None

    def run(self) -> None:
        """Read packets until the link ends, then wait for what its streams still do."""
        try:
            with contextlib.suppress(LinkDown, BadPacket):
                while True:
                    self._handle(*self._wire.receive())
        finally:
            self._take_back_prompt()
            self._end_streams()
            self._wire.shut()
            for thread in self._running():
                thread.join()
            self._wire.close()

    def shut(self) -> None:
        self._wire.shut()

    def _handle(self, header: Header, payload: bytearray) -> None:
        if header.command == packet.CNXN:
            self._on_connect(header, payload)
        elif header.command == packet.AUTH:
            self._on_auth(header, payload)
        elif self._online:
            self._on_stream_packet(header, payload)

    # handshake

    def _on_connect(self, header: Header, payload: bytearray) -> None:
        self._end_streams()
        self._online = False
        self._wire.version = min(header.arg0, self._banner.version)
        self._max_payload = min(header.arg1, self._banner.max_payload)
        self._features = _features_both_have(payload, self._banner.features)
        if self._device.lets_anyone_in():
            self._go_online(how="nobody is asked")
        else:
            self._send_token()

    def _send_token(self) -> None:
        self._token = os.urandom(TOKEN_BYTES)
        self._wire.send(packet.AUTH, packet.AUTH_TOKEN, 0, self._token)

    def _on_auth(self, header: Header, payload: bytearray) -> None:
        if not self._token:
            return
        if header.arg0 == packet.AUTH_SIGNATURE:
            self._on_signature(bytes(payload))
        elif header.arg0 == packet.AUTH_PUBLIC_KEY:
            self._on_public_key(bytes(payload))

    def _on_signature(self, signature: bytes) -> None:
        for key in self._device.trusted_keys():
            if signed_by(key, self._token, signature):
                self._go_online(how="signature", fingerprint=key.fingerprint)
                return
        self._send_token()

    def _on_public_key(self, payload: bytes) -> None:
        try:
            key = read_key(payload)
        except BadKey as error:
            self._device.note("auth", result="bad key", why=str(error))
            return
        self._device.note("auth", result="asked", fingerprint=key.fingerprint)
        self._take_back_prompt()
        self._take_back_prompt = self._device.ask_about(key, lambda: self._allowed(key))

    def _allowed(self, key: HostKey) -> None:
        with contextlib.suppress(LinkDown):
            self._go_online(how="accepted on the screen", fingerprint=key.fingerprint)

    def _go_online(self, *, how: str, fingerprint: str = "") -> None:
        self._token = b""
        self._online = True
        self._device.note("auth", result="allowed", how=how, fingerprint=fingerprint)
        banner = self._banner
        text = (
            f"device::ro.product.name={banner.product};ro.product.model={banner.model};"
            f"ro.product.device={banner.device};"
        )
        if banner.features:
            text += f"features={','.join(banner.features)}"
        self._wire.send(packet.CNXN, banner.version, banner.max_payload, text.encode())
        self._device.note("connect", max_payload=self._max_payload)

    # streams

    def _on_stream_packet(self, header: Header, payload: bytearray) -> None:
        if header.command == packet.OPEN:
            self._on_open(header, payload)
            return
        stream = self._streams.get(header.arg1)
        if stream is None or (header.arg0 not in {stream.remote, 0}):
            return
        if header.command == packet.WRTE:
            stream.on_data(payload)
        elif header.command == packet.OKAY:
            stream.on_okay(payload)
        elif header.command == packet.CLSE:
            self._on_close(stream)

    def _on_open(self, header: Header, payload: bytearray) -> None:
        service = payload.rstrip(b"\0").decode("utf-8", "surrogateescape")
        run = find_service(service)
        if run is None or len(payload) > MAX_SERVICE_BYTES or not self._device.permits(service):
            self._device.note("refused", service=service)
            self._wire.send(packet.CLSE, 0, header.arg0)
            return
        window = header.arg1 if header.arg1 and "delayed_ack" in self._features else None
        with self._lock:
            stream = Stream(self._next_id, header.arg0, self._wire.send, max_payload=self._max_payload, window=window)
            self._streams[self._next_id] = stream
            self._next_id += 1
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            thread = threading.Thread(target=self._serve, args=(run, stream), name=f"adb stream {stream.local}")
            self._threads.append(thread)
        stream.accept()
        thread.start()

    def _serve(self, run: Callable[[Device, Stream], None], stream: Stream) -> None:
        try:
            run(self._device, stream)
        except Hung:
            return  # The machine stopped under the service: nothing more is said, the link is about to drop.
        except StreamEnded:
            pass  # the host has left this stream and may go on with others
        except LinkDown:
            self._wire.shut()  # the thread that reads would wait for ever for a host that waits for this answer
        self._close(stream)

    def _close(self, stream: Stream) -> None:
        """End a stream from our side, unless the other side did so already."""
        with contextlib.suppress(LinkDown):
            stream.drain()
            with self._lock:
                ours = self._streams.pop(stream.local, None)
            if ours is not None:
                stream.end()
                self._send_close(stream)

    def _on_close(self, stream: Stream) -> None:
        """The host closed. Daemons 34 and 11 answer with a CLSE of their own for the same ids."""
        with self._lock:
            known = self._streams.pop(stream.local, None)
        stream.end()
        if known is not None:
            self._send_close(stream)

    def _send_close(self, stream: Stream) -> None:
        # A legacy daemon's CLSE has arg0 = 0 (measured against one).
        self._wire.send(packet.CLSE, 0 if self._legacy_close else stream.local, stream.remote)

    def _end_streams(self) -> None:
        with self._lock:
            streams, self._streams = list(self._streams.values()), {}
        for stream in streams:
            stream.end()

    def _running(self) -> list[threading.Thread]:
        with self._lock:
            return [thread for thread in self._threads if thread.ident is not None]


def _features_both_have(payload: Payload, ours: tuple[str, ...]) -> frozenset[str]:
    text = bytes(payload).rstrip(b"\0").decode("utf-8", "replace")
    _, _, listed = text.partition("features=")
    return frozenset(listed.split(";")[0].split(",")) & frozenset(ours)

"""The sync service: files in and out, both generations of its requests (adb docs/dev/sync.md)."""

from __future__ import annotations

from provisioning.virtual.adbd.device import Device
from provisioning.virtual.adbd.stream import Stream
from provisioning.virtual.adbd.sync.looking import LOOKING
from provisioning.virtual.adbd.sync.session import HangUp, Session
from provisioning.virtual.adbd.sync.transfer import TRANSFER

_ANSWERS = {**LOOKING, **TRANSFER}


def serve_sync(device: Device, stream: Stream) -> None:
    """Answer requests until QUIT, the end of the stream, or a request nobody knows."""
    session = Session(device, stream)
    try:
        while True:
            kind, path = session.request()
            if kind == b"QUIT":
                return
            answer = _ANSWERS.get(kind)
            if answer is None:
                session.fail(f"unknown command {int.from_bytes(kind, 'little'):08x}")
                return
            answer(session, path)
    except HangUp:
        return

"""`cmd media_session volume` and, on every Android, the older `media volume`."""

from __future__ import annotations

from itertools import pairwise

from provisioning.virtual.shell.call import Call, CommandError, Commands

# Number to name, least, most and first level, as AOSP's AudioService has them for a tablet.
_STREAMS = {
    "0": ("VOICE_CALL", 1, 7, 4),
    "1": ("SYSTEM", 0, 7, 5),
    "2": ("RING", 0, 7, 5),
    "3": ("MUSIC", 0, 15, 5),
    "4": ("ALARM", 1, 7, 6),
    "5": ("NOTIFICATION", 0, 7, 5),
    "10": ("ACCESSIBILITY", 1, 15, 8),
}


def media_session(call: Call) -> int:
    words = call.arguments
    if words[:1] != ("volume",):
        raise CommandError(f"Unknown command: {(*words, '')[0]}", 255)
    given = dict(pairwise(words))
    number = given.get("--stream", "3")
    if number not in _STREAMS:
        raise CommandError("Error: invalid stream", 255)
    name, least, most, first = _STREAMS[number]
    call.line(f"[V] will control stream={number} (STREAM_{name})")
    key = f"volume_{name.lower()}"
    if "--set" in given:
        _set(call, key, number, given["--set"], least, most)
    if "--get" in words:
        level = call.tablet.setting("system", key) or str(first)
        call.line(
            f"[V] will get volume\n[V] Connecting to AudioService\n[V] volume is {level} in range [{least}..{most}]"
        )
    return 0


def _set(call: Call, key: str, number: str, wanted: str, least: int, most: int) -> None:
    if not wanted.isdigit() or not least <= int(wanted) <= most:
        text = f"Error: invalid volume index {wanted} for stream {number} (should be in [{least}..{most}])"
        raise CommandError(text, 255)
    call.line(f"[V] will set volume to index={wanted}\n[V] Connecting to AudioService")
    with call.tablet.changing() as state:
        state.content.settings["system"][key] = wanted


SOUND: Commands = {"media": media_session}

"""What the daemon of each Android version says it can do in its banner.

The compressions of sendrecv_v2 (brotli, lz4, zstd) are left out: a host then sends plain bytes, which all of them may.
"""

from __future__ import annotations

from provisioning.virtual.personality import Personality

_SINCE: tuple[tuple[int, tuple[str, ...]], ...] = (
    (24, ("cmd", "shell_v2")),
    (26, ("stat_v2",)),
    (29, ("fixed_push_mkdir", "apex")),
    (30, ("abb", "abb_exec", "fixed_push_symlink_timestamp", "ls_v2", "remount_shell", "sendrecv_v2")),
    (31, ("sendrecv_v2_dry_run_send", "track_app")),
    (34, ("delayed_ack", "devraw")),
    (35, ("app_info",)),
)


def features_of(model: Personality) -> tuple[str, ...]:
    """The feature list, in a fixed order."""
    if model.legacy_wire:
        return ()
    return tuple(name for sdk, names in _SINCE if model.sdk >= sdk for name in names)

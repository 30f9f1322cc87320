"""How large and how many the things in an app file may be: beyond these a file is made to fill a disk or a memory."""

from __future__ import annotations

MOST_ENTRIES = 100_000
"""In one APK."""
HIGHEST_RATIO = 1100
"""Deflate cannot pack better than about 1:1030; an entry that claims more is made to fill a memory."""
MANIFEST_BYTES = 8 * 1024 * 1024
RESOURCES_BYTES = 256 * 1024 * 1024
"""What an APK's manifest and resources may unpack to. The largest in common apps are about 1 MB and 30 MB."""

MOST_BUNDLE_ENTRIES = 5_000
"""In one bundle. An app in every language for every screen and processor has about a thousand parts."""
BUNDLE_BYTES = 2_000_000_000
"""What all APKs of a bundle may unpack to together."""
CONTENTS_BYTES = 16 * 1024 * 1024
"""What a bundle's own table of contents may unpack to."""

ROOM_FACTOR = 2.0
"""Free space an install needs, as a multiple of its APKs: they are staged, then unpacked and compiled beside that."""

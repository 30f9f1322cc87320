"""What an installed phone keeps of the app itself: its files, its name and pictures. Nothing of anybody."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Any

from fleet.web.assets import STATIC_FOLDER, STATIC_URL, asset_url

SCOPE = "/run"
AWAY = "/run/away"
"""The page for when the wanted one is not on the phone."""
_ADDRESSED = (
    "vendor/govuk-frontend.min.css",
    *(f"css/{name}.css" for name in ("tokens", "frame", "states", "panels", "actions", "tables", "print")),
    "css/phone.css",
    "css/told.css",
    "css/scanner.css",
    "js/early.js",
    "js/phone/phone.js",
    "js/phone/photographing.js",
    "js/phone/scanning.js",
    "js/phone/signing.js",
    "icons/mark.svg",
    "icons/mark-32.png",
    "icons/mark-180.png",
)
"""What the pages name, with the mark of its content."""
_IMPORTED = (
    "js/sounds.js",
    "js/storage.js",
)
"""What scripts import, by its plain address."""

MANIFEST: dict[str, Any] = {
    "id": SCOPE,
    "name": "Doorstep",
    "short_name": "Doorstep",
    "description": "Today's run of tablets, with or without signal.",
    "lang": "en-GB",
    "start_url": SCOPE,
    "scope": SCOPE,
    "display": "standalone",
    "background_color": "#f3f6f7",
    "theme_color": "#0b5b57",
    "icons": [
        {"src": f"{STATIC_URL}/icons/mark-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": f"{STATIC_URL}/icons/mark-512.png", "sizes": "512x512", "type": "image/png"},
        {
            "src": f"{STATIC_URL}/icons/mark-maskable-512.png",
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ],
}


def shell_files() -> list[str]:
    """The addresses of all that the phone's pages load before a label is scanned."""
    own = sorted(f"js/phone/{path.name}" for path in (STATIC_FOLDER / "js" / "phone").glob("*.js"))
    return [
        *(asset_url(name) for name in _ADDRESSED),
        *(f"{STATIC_URL}/{name}" for name in (*_IMPORTED, *own)),
    ]


@cache
def scanning_script() -> str:
    """The worker that reads labels."""
    return (STATIC_FOLDER / "js" / "phone" / "scanning_worker.js").read_text(encoding="utf-8")


@cache
def worker_script() -> str:
    """The service worker. Its text changes whenever a file of ours does, which is how a phone gets the next version."""
    files = sorted(path for folder in ("css", "js", "vendor") for path in (STATIC_FOLDER / folder).rglob("*.*"))
    version = sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    asked = json.dumps({"version": version, "files": shell_files(), "away": AWAY})
    return f'import {{ serve }} from "{STATIC_URL}/js/phone/worker.js";\nserve({asked});\n'

"""The static files: where they are, the address a page gives for one, and how a browser may keep it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_FOLDER = Path(__file__).parent / "static"
STATIC_URL = "/static"


@cache
def asset_url(name: str) -> str:
    """The address of a static file with a mark of its content, so that a browser may keep it for ever."""
    digest = hashlib.sha256((STATIC_FOLDER / name).read_bytes()).hexdigest()
    return f"{STATIC_URL}/{name}?v={digest[:12]}"


class Assets(StaticFiles):
    """Static files that are kept for ever when asked for with their content's mark, and asked about again without."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        marked = scope.get("query_string", b"").startswith(b"v=")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if marked else "no-cache"
        return response


def mount_static(app: FastAPI) -> None:
    """Serves the static files of every page, packed for who takes them so: a phone in the rain gets a quarter.

    Pages themselves are not packed: beside a secret, the length of a packed answer tells something of it (BREACH).
    """
    app.mount(STATIC_URL, GZipMiddleware(Assets(directory=STATIC_FOLDER), compresslevel=6), name="static")

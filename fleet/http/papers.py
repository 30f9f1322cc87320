"""How a paper leaves: as PDF, under a name of its own, kept by nobody on the way."""

from __future__ import annotations

from typing import Any

from fastapi import Response

PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "description": "PDF"}
}
"""For the OpenAPI entry of a route that answers with one."""


def pdf_response(content: bytes, name: str) -> Response:
    """A paper to save or print as `name`.pdf."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)

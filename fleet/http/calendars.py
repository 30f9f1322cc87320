"""iCalendar files as calendars subscribe to them: given to a program that has not got this one yet."""

from __future__ import annotations

import hashlib

from fastapi import Response


def calendar_answer(written: bytes, if_none_match: str) -> Response:
    """The file, or 304 for a program that has it already."""
    tag = f'"{hashlib.sha256(written).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in (each.strip().removeprefix("W/") for each in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)

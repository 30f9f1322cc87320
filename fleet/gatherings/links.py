"""Which join links can be opened from a tile: the forms that each platform's app is known to take. No I/O."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, urlsplit

MOST_LETTERS = 1000
_ODD = re.compile(r"[\s<>\"\\^`{}|\x00-\x1f\x7f]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
_OTHERS = ("zoom.us", "teams.microsoft.com", "teams.live.com", "wa.me", "whatsapp.com")
_ROOM = re.compile(r"/[^/]+(/[^/]+){0,2}/?")


def _is_jitsi(link: SplitResult) -> bool:
    """Anybody may run a Jitsi server, so every host will do but those of the others."""
    if any(_under(link, other) for other in _OTHERS):
        return False
    return link.scheme in ("https", "org.jitsi.meet") and bool(_ROOM.fullmatch(link.path))


def _is_zoom(link: SplitResult) -> bool:
    if not _under(link, "zoom.us"):
        return False
    if link.scheme == "zoomus":
        numbers = parse_qs(link.query).get("confno", [""])
        return link.path == "/join" and bool(re.fullmatch(r"\d{9,11}", numbers[0]))
    return link.scheme == "https" and bool(re.fullmatch(r"/(j|s|wc/join)/\d{9,11}|/my/[\w.-]+", link.path))


def _is_teams(link: SplitResult) -> bool:
    if link.scheme == "msteams":
        return link.path.startswith("/l/meetup-join/") and len(link.path) > len("/l/meetup-join/")
    known = _under(link, "teams.microsoft.com") or _under(link, "teams.live.com")
    return link.scheme == "https" and known and bool(re.fullmatch(r"/(l/meetup-join|meet)/[^/].*", link.path))


def _is_whatsapp(link: SplitResult) -> bool:
    form = {"wa.me": r"/\d{6,15}", "chat.whatsapp.com": r"/[A-Za-z0-9]{10,40}"}
    form["call.whatsapp.com"] = r"/(video|voice)/[A-Za-z0-9]{10,40}"
    wanted = form.get((link.hostname or "").lower())
    return link.scheme == "https" and wanted is not None and bool(re.fullmatch(wanted, link.path))


def _is_web(link: SplitResult) -> bool:
    return link.scheme == "https"


_FORMS: dict[str, tuple[Callable[[SplitResult], bool], str]] = {
    "jitsi": (_is_jitsi, "Enter a Jitsi room, such as https://meet.example.org/MusicMorning."),
    "zoom": (_is_zoom, "Enter a Zoom link, such as https://zoom.us/j/12345678901?pwd=…"),
    "teams": (_is_teams, "Enter a Teams link, such as https://teams.microsoft.com/meet/123456?p=…"),
    "whatsapp": (
        _is_whatsapp,
        "Enter a WhatsApp link: https://wa.me/ and a number, or https://chat.whatsapp.com/ and its code.",
    ),
    "web": (_is_web, "Enter a web address that begins with https://."),
}


def link_problem(platform: str, link: str) -> str:
    """Why this link cannot be the one of this platform, as a sentence that never repeats it; empty when it can."""
    fits, wanted = _FORMS[platform]
    if not link or len(link) > MOST_LETTERS or _ODD.search(link):
        return wanted
    try:
        parts = urlsplit(link)
        named = parts.username is None and (parts.port is None or parts.port > 0)
    except ValueError:
        return wanted
    has_host = parts.scheme == "msteams" or bool(_HOST.fullmatch(parts.hostname or ""))
    return "" if named and has_host and fits(parts) else wanted


def _under(link: SplitResult, domain: str) -> bool:
    host = (link.hostname or "").lower()
    return host == domain or host.endswith(f".{domain}")

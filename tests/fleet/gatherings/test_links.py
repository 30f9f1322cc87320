"""Which links a platform's app takes, and which it never gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.gatherings.links import link_problem
from fleet.gatherings.rules import Platform

TAKEN = {
    Platform.JITSI: (
        "https://meet.example.org/MusicMorning",
        "https://8x8.vc/tenant/room#config.startWithVideoMuted=true",
        "org.jitsi.meet://meet.example.org/Room#userInfo.displayName=%22Sample%22",
    ),
    Platform.ZOOM: (
        "https://zoom.us/j/12345678901?pwd=abc",
        "https://us02web.zoom.us/j/123456789",
        "https://example.zoom.us/my/music.morning",
        "zoomus://zoom.us/join?confno=12345678901&pwd=abc",
    ),
    Platform.TEAMS: (
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=x",
        "https://teams.microsoft.com/meet/123456?p=code",
        "https://teams.live.com/meet/9876543210",
        "msteams:/l/meetup-join/19%3ameeting_abc",
    ),
    Platform.WHATSAPP: (
        "https://wa.me/447700900123",
        "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv",
        "https://call.whatsapp.com/video/AbCdEfGhIjKlMnOpQrStUv",
    ),
    Platform.WEB: ("https://example.org/radio", "https://example.org"),
}
REFUSED = {
    Platform.JITSI: (
        "https://zoom.us/j/12345678901",
        "https://meet.example.org/",
        "http://meet.example.org/Room",
        "meet.example.org/Room",
    ),
    Platform.ZOOM: (
        "https://zoom.us.example.org/j/12345678901",
        "https://notzoom.us/j/12345678901",
        "https://zoom.us/j/12",
        "zoomus://zoom.us/join?pwd=abc",
    ),
    Platform.TEAMS: ("https://teams.example.org/meet/1", "https://teams.microsoft.com/v2/", "msteams:/chat/1"),
    Platform.WHATSAPP: ("https://wa.me/sample", "https://whatsapp.com/447700900123", "whatsapp://send?phone=1"),
    Platform.WEB: (
        "http://example.org",
        "javascript:alert(1)",
        "intent://example.org#Intent;scheme=https;end",
        "file:///sdcard/x",
        "https://user:word@example.org/",
        "https://exa mple.org/",
        "https://example.org:x/",
        "https://",
        "",
    ),
}


@pytest.mark.parametrize(("platform", "link"), [(each, link) for each, links in TAKEN.items() for link in links])
def test_a_link_that_its_app_opens_is_taken(platform: Platform, link: str) -> None:
    assert link_problem(platform, link) == ""


@pytest.mark.parametrize(("platform", "link"), [(each, link) for each, links in REFUSED.items() for link in links])
def test_any_other_link_is_refused_with_the_form_that_is_wanted(platform: Platform, link: str) -> None:
    assert link_problem(platform, link).startswith("Enter a")


@given(st.sampled_from(Platform), st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"https://{text}"))
def test_no_text_breaks_it_and_none_is_repeated_in_the_refusal(platform: Platform, link: str) -> None:
    said = link_problem(platform, link)
    assert said == "" or len(link) < 12 or link not in said
    if said == "":
        assert link.split(":")[0] in ("https", "zoomus", "msteams", "org.jitsi.meet")


def test_a_link_longer_than_any_meeting_has_is_refused() -> None:
    assert link_problem(Platform.WEB, f"https://example.org/{'a' * 1000}")

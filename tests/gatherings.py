"""The three gatherings of the programme that this software began with, for tests; the host is put in by each test."""

from __future__ import annotations

from datetime import time

from fleet.gatherings.rules import Entry, Platform, Theme

MUSIC_MORNING = Entry(
    host_id=0,
    title="Music morning",
    theme=Theme.MUSIC,
    weekday=1,
    starts_at=time(10, 30),
    minutes=60,
    platform=Platform.JITSI,
    link="https://meet.example.org/MusicMorning",
)
CURRENT_AFFAIRS = Entry(
    host_id=0,
    title="News and views",
    theme=Theme.CURRENT_AFFAIRS,
    weekday=2,
    starts_at=time(14, 0),
    minutes=60,
    platform=Platform.ZOOM,
    link="https://zoom.us/j/12345678901?pwd=abc",
    captions=True,
)
CHAIR_EXERCISE = Entry(
    host_id=0,
    title="Chair exercise",
    theme=Theme.EXERCISE,
    weekday=3,
    starts_at=time(11, 0),
    minutes=45,
    platform=Platform.TEAMS,
    link="https://teams.microsoft.com/meet/123456?p=code",
)

"""Loudness in per cent, whatever range a tablet counts in."""

from __future__ import annotations

import pytest

from provisioning.errors import Unsupported
from provisioning.facts.volume import Stream, Volume, VolumeTool, volume
from provisioning.resources.volume_level import VolumeLevel
from tests.provisioning.observations import observed


def media(percent: int = 60, stream: Stream = Stream.MEDIA) -> VolumeLevel:
    return VolumeLevel(stream=stream, percent=percent, reason="Heard")


@pytest.mark.parametrize(
    ("found", "command"),
    [
        (Volume(VolumeTool.SERVICE, 7, 0, 15), "cmd media_session volume --stream 3 --set 9"),
        (Volume(VolumeTool.PROGRAM, 7, 0, 15), "media volume --stream 3 --set 9"),
        (Volume(VolumeTool.SERVICE, 22, 0, 100), "cmd media_session volume --stream 3 --set 60"),
    ],
)
def test_a_percentage_becomes_a_step_of_the_tablets_own_range(found: Volume, command: str) -> None:
    (step,) = media().steps(observed({volume(Stream.MEDIA): found}))
    assert step.shown() == (command,)


def test_the_right_step_needs_nothing() -> None:
    assert media().steps(observed({volume(Stream.MEDIA): Volume(VolumeTool.SERVICE, 9, 0, 15)})) == ()


def test_what_cannot_be_silent_is_as_quiet_as_it_can_be() -> None:
    alarm = media(0, Stream.ALARM)
    assert alarm.steps(observed({volume(Stream.ALARM): Volume(VolumeTool.SERVICE, 1, 1, 7)})) == ()
    assert alarm.sentence == "There is no sound for alarms"


def test_a_tablet_without_the_command_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        media().steps(observed({volume(Stream.MEDIA): Volume(VolumeTool.NONE, 0, 0, 0)}))


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_loudness_that_is_none_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        media(percent)

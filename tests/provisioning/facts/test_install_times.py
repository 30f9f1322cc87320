"""The times of first install, where Android puts them before 13 and after."""

from __future__ import annotations

import pytest

from provisioning.errors import FactUnreadable
from provisioning.facts.install_times import INSTALL_TIMES

ANDROID_9 = """
  Package [com.example.game] (1a2b3c4):
    firstInstallTime=2021-03-04 05:06:07
  Package [android] (5d6e7f8):
    firstInstallTime=2009-01-01 00:00:00
"""
ANDROID_14 = """
  Package [com.example.game] (1a2b3c4):
      firstInstallTime=2024-03-04 05:06:07
      firstInstallTime=1970-01-01 00:00:00
  Package [com.example.hidden] (9f9f9f9):
"""


@pytest.mark.parametrize(
    ("printed", "first"),
    [
        (ANDROID_9, {"com.example.game": "2021-03-04 05:06:07", "android": "2009-01-01 00:00:00"}),
        (ANDROID_14, {"com.example.game": "2024-03-04 05:06:07"}),
    ],
)
def test_the_first_user_s_time_of_each_app_is_read(printed: str, first: dict[str, str]) -> None:
    assert INSTALL_TIMES.parse(printed).first == first


@pytest.mark.parametrize("printed", ["", "Can't find service: package\n", "cmd: Failure\n"])
def test_an_answer_without_any_time_is_unreadable(printed: str) -> None:
    with pytest.raises(FactUnreadable):
        INSTALL_TIMES.parse(printed)

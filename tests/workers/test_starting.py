"""What a worker loads: all that the rooms give it to do, and nothing of the web."""

from __future__ import annotations

import subprocess
import sys

import pytest

WEB = ("fastapi", "starlette", "uvicorn", "jinja2")
ROOMS = ("fleet.bench", "fleet.chasing", "fleet.loans", "fleet.people", "fleet.privacy")


@pytest.mark.parametrize(
    ("module", "without"), [("workers.rooms", WEB), ("workers.app", (*WEB, *ROOMS))], ids=["rooms", "alone"]
)
def test_a_worker_loads_no_pages_and_without_rooms_none_of_them(module: str, without: tuple[str, ...]) -> None:
    look = f"import sys; from fleet.loading import loaded; loaded({module!r}, '__doc__'); "
    tell = f"print([name for name in {without} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", look + tell], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"

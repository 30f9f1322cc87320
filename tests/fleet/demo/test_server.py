"""A demonstration's server has the demonstration's settings, whatever else stands in the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.demo.folder import DemoFolder
from fleet.demo.server import demo_settings, environment_of
from fleet.settings import Settings

ELSEWHERE = {
    "DOORSTEP_DATABASE_URL": "postgresql://localhost/real",
    "DOORSTEP_ERASURE_JOURNAL_FILE": "/srv/real/erasures.jsonl",
    "DOORSTEP_SMTP_HOST": "mail.example",
    "DOORSTEP_NOTIFY_KEY": "a key that sends real texts",
}


def test_the_child_has_the_settings_of_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)
    settings = demo_settings(DemoFolder(tmp_path), 8000)
    environment = environment_of(settings)
    assert "None" not in environment.values(), "a file of that name would be made where the command was given"
    for name in ELSEWHERE:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings
    assert (settings.erasure_journal, settings.smtp_host) == (settings.data_dir / "erasures.jsonl", "")

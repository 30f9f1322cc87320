"""What somebody sees who types `make`: a list that lines up, and a word before each long step."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]

ANY_PROGRAM = """#!/bin/sh
[ "$1" = -m ] && [ "$2" = venv ] && { mkdir -p .venv/bin; cp "$0" .venv/bin/python; cp "$0" .venv/bin/uv; }
echo "did: $*"
"""
"""Stands for Python and for uv, which would fetch what this test does not need."""


def test_every_line_of_make_help_begins_its_words_in_one_column() -> None:
    told = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    lines = told.splitlines()
    assert any(line.startswith("  make test-parts ") for line in lines)
    column = lines[0].index("What each command does")
    assert [line for line in lines if line[column - 1] != " " or line[column] == " "] == []


def test_debians_own_python_makes_the_environment_unless_another_is_named() -> None:
    asked = ["make", "--no-print-directory", "--dry-run", "--always-make", "setup"]
    for more, python in ([], "/usr/bin/python3"), (["PYTHON=another"], "another"):
        told = subprocess.run([*asked, *more], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        assert f'make-venv.sh "{python}"' in told


def test_making_the_environment_says_each_long_step_before_it_begins(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text(ANY_PROGRAM)
    program.chmod(0o755)
    command = ["sh", str(ROOT / "deploy" / "make-venv.sh"), str(program), "1.0"]
    told = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    steps = ("Making the environment", "did: -m venv", "Fetching the libraries", "--require-hashes", "is ready")
    places = [told.index(step) for step in steps]
    assert places == sorted(places)

"""Where a virtual tablet is kept: one state file replaced whole, a folder for each life of its storage, one owner."""

from __future__ import annotations

import fcntl
import json
import shutil
from pathlib import Path
from typing import IO

from provisioning.virtual.factory import fresh_content, new_body, write_system_files
from provisioning.virtual.files import FileTree
from provisioning.virtual.personality import load_personality
from provisioning.virtual.state import State, from_json, to_json

STATE_FILE = "state.json"


class TabletInUse(Exception):
    """Another process has this tablet open."""


def generation_folder(generation: int) -> str:
    """The folder name of one life of the storage, between two wipes."""
    return f"data-{generation:04d}"


def lock(directory: Path) -> IO[str]:
    """Hold the directory for this process; a killed process lets go by dying."""
    lock_file = (directory / "lock").open("w")
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock_file.close()
        raise TabletInUse(f"The virtual tablet in {directory} is open in another process.") from error
    return lock_file


def load(directory: Path) -> State | None:
    path = directory / STATE_FILE
    return from_json(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def save(directory: Path, state: State) -> None:
    draft = directory / (STATE_FILE + ".draft")
    draft.write_text(json.dumps(to_json(state), indent=1), encoding="utf-8")
    draft.replace(directory / STATE_FILE)


def manufacture(directory: Path, personality: str, serial: str) -> State:
    model = load_personality(personality)
    state = State(model.name, new_body(serial), fresh_content(model, generation=1))
    state.content.settings["global"]["boot_count"] = "1"
    files = FileTree(directory / generation_folder(1))
    files.make()
    write_system_files(files, model)
    save(directory, state)
    return state


def forget_old_generations(directory: Path, current: int) -> None:
    """Finish what a killed wipe left: storage that no state names any more."""
    for folder in directory.glob("data-*"):
        if folder.name != generation_folder(current):
            shutil.rmtree(folder)

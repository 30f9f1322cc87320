"""The bench's working folder is empty when a tablet leaves."""

from __future__ import annotations

import pytest

from provisioning.errors import FactUnreadable
from provisioning.facts.folder import BENCH_FOLDER, Names
from provisioning.resources.bench_folder import BenchFolderEmpty
from tests.provisioning.observations import observed

EMPTY = BenchFolderEmpty(reason="Ours")


def test_what_lies_there_is_deleted_and_counted() -> None:
    (step,) = EMPTY.steps(observed({BENCH_FOLDER: Names((".studio", "canary"))}))
    assert step.shown() == ("rm -rf /data/local/tmp/* /data/local/tmp/.[!.]*",)
    assert "(2 to delete)" in step.sentence


def test_an_empty_folder_needs_nothing_and_an_unread_one_is_not_empty() -> None:
    assert EMPTY.steps(observed({BENCH_FOLDER: Names(())})) == ()
    with pytest.raises(FactUnreadable):
        EMPTY.steps(observed({BENCH_FOLDER: None}))

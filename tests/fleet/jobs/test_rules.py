"""The table of a job's life has no dead ends, and what its row keeps of an error names nobody."""

from __future__ import annotations

import pytest

from fleet.errors import Conflict
from fleet.jobs import queries
from fleet.jobs.rules import BY_MOVE, MAX_ATTEMPTS, MOVES, WORKER_DIED, JobMove, JobState, reason_for
from provisioning.errors import CannotConnect


def test_every_state_can_be_reached_and_only_what_is_over_stays() -> None:
    assert {row.target for row in MOVES} == set(JobState)
    assert {source for row in MOVES for source in row.sources} == set(JobState) - {JobState.DONE, JobState.CANCELLED}
    assert set(BY_MOVE) == set(JobMove)


def test_a_running_job_can_always_end_badly_whoever_is_left_to_say_so() -> None:
    ends = {row.who for row in MOVES if row.sources == (JobState.RUNNING,) and row.target is JobState.FAILED}
    assert ends == {"the worker that has it", "the sweep"}


def test_the_sentence_for_a_person_says_how_often_and_what_to_do() -> None:
    assert f"died {MAX_ATTEMPTS} times" in WORKER_DIED
    assert "log" in WORKER_DIED


@pytest.mark.parametrize("error", [Conflict("The tablet is held."), CannotConnect("Nothing answered at slot 1.")])
def test_our_own_sentences_are_kept(error: Exception) -> None:
    assert reason_for(error) == f"{type(error).__name__}: {error}"


def test_of_any_other_error_only_its_kind_and_the_place_in_our_code_are_kept() -> None:
    with pytest.raises(AttributeError) as caught:
        queries.job_by_key("Marked Person", "key")  # type: ignore[arg-type]  # what breaks is the point
    kind, _, place = reason_for(caught.value).partition(" at ")
    module, _, line = place.rpartition(":")
    assert (kind, module) == ("AttributeError", "fleet.jobs.queries")
    assert line.isdecimal()


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert reason_for(ValueError("Marked Person")) == "ValueError at nowhere:0"

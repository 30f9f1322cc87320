"""The key under which a plan's step is a row of its run."""

from __future__ import annotations

from provisioning.engine.plan import Plan

_LETTERS = 290


def step_keys(made: Plan) -> tuple[str, ...]:
    """A key for each step: the same for the same step of a later plan."""
    keys: list[str] = []
    for step in made.steps:
        key = f"{step.resource}|{step.sentence}"[:_LETTERS]
        keys.append(key if key not in keys else f"{key}#{len(keys)}")
    return tuple(keys)

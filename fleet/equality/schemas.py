"""What a form about equality sends."""

from __future__ import annotations

from collections.abc import Mapping

from fleet.equality.rules import questions


def answers_in(values: Mapping[str, str]) -> dict[str, str]:
    """The answers among what was sent; whatever else came along is left."""
    return {question.code: values[question.code] for question in questions() if values.get(question.code)}

"""The OpenAPI document is complete: whatever is sent, no answer is undocumented and none is a 500."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fleet.database.session import Database
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users import queries, service
from fleet.users.actor import Actor
from fleet.users.rules import MATRIX, SIGN_IN_ROLES
from tests.fixtures.databases import ON_POSTGRESQL
from tests.people import FakeClock

Operation = APIOperation[Any, Any, Any, Any]

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
settings_of_a_run = settings(
    max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def token(database: Database, settings: Settings, clock: FakeClock, actor: Callable[..., Actor]) -> str:
    """A token of somebody with every role."""
    everyone = actor(*SIGN_IN_ROLES)
    assert everyone.user_id is not None
    with database.write() as session:
        owner = queries.user_by_id(session, everyone.user_id)
        assert owner is not None
        return service.make_token(
            session, owner=owner, name="fuzzing", scopes=list(MATRIX), days=30, now=clock(), settings=settings
        )


def operations(app: FastAPI) -> Iterator[Operation]:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


def fuzzed(operation: Operation, token: str) -> str:
    """What was wrong with this operation's answers, or nothing."""

    @settings_of_a_run
    @given(case=operation.as_strategy())
    def try_it(case: schemathesis.Case[Any]) -> None:
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(response, checks=list(CHECKS))

    try:
        try_it()
    except (FailureGroup, AssertionError) as failure:
        return f"{operation.label}: {failure}"
    return ""


@ON_POSTGRESQL
@pytest.mark.timeout(600)
def test_no_answer_is_undocumented_and_none_is_a_500(app: FastAPI, token: str, stock: Callable[..., Tablet]) -> None:
    for stage in (Stage.RECEIVED, Stage.TRIAGED, Stage.READY):
        stock(stage)
    tried = list(operations(app))
    failures = [failure for operation in tried if (failure := fuzzed(operation, token))]
    assert len(tried) > 5
    assert not failures, "\n\n".join(failures)


def test_every_operation_says_what_it_is_for_and_how_to_sign_in(app: FastAPI) -> None:
    for operation in operations(app):
        raw = operation.definition.raw
        assert raw.get("summary") or raw.get("description"), operation.label
        assert raw.get("security"), operation.label
        assert "401" in raw["responses"], operation.label
        assert "403" in raw["responses"], operation.label

"""A commit that fails is a refusal, never a 200 that lies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from fleet.app import all_routes
from fleet.http.session import WriteSession
from fleet.partners.models import Organisation
from fleet.users.rules import Role
from tests.people import Browser


@pytest.fixture
def routes() -> FastAPI:
    """Routes of this module's own: the test below adds to them."""
    return all_routes()


def test_a_commit_that_fails_is_not_answered_with_200(
    app: FastAPI, browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    def breaks_at_commit(session: WriteSession) -> dict[str, bool]:
        session.add(Organisation(kind=hub.kind, name=hub.name, covers=[], created_at=hub.created_at))
        return {"saved": True}

    def breaks_before(session: WriteSession) -> dict[str, bool]:
        session.execute(text("SELECT no_such_column FROM organisation"))
        return {"saved": True}

    app.add_api_route("/api/v1/breaks-at-commit", breaks_at_commit, methods=["POST"])
    app.add_api_route("/api/v1/breaks-before", breaks_before, methods=["POST"])
    browser = browser_as(Role.HUB_ADMIN)
    at_commit = browser.post("/api/v1/breaks-at-commit")
    assert at_commit.status_code == 409
    assert "Nothing of yours was half done" in at_commit.json()["message"]
    assert browser.post("/api/v1/breaks-before").status_code >= 500


def test_a_number_that_no_database_holds_is_refused_in_words(browser_as: Callable[..., Browser]) -> None:
    form = {
        "funder_id": "9" * 25,
        "supplier": "Sample shop",
        "invoice_ref": "1",
        "bought_on": "2026-06-01",
        "cost": "1",
    }
    answer = browser_as(Role.HUB_ADMIN).submit("/purchases/new", form)
    assert answer.status_code == 422

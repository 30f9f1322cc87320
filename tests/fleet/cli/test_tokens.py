"""`doorstep token` for real: a token opens the served API until it is ended."""

from __future__ import annotations

from fastapi.testclient import TestClient
from pydantic import SecretStr

from fleet.app import create_app
from fleet.database.session import open_database
from fleet.settings import Settings
from tests.fleet.cli.conftest import SECRET, Installation


def ask(installation: Installation, token: str, path: str = "/api/v1/bench/profiles") -> int:
    """What the API of this installation answers to the token."""
    settings = Settings(data_dir=installation.folder / "var", secret_key=SecretStr(SECRET))
    database = open_database(settings.database)
    with TestClient(create_app(settings, database, nudge=lambda _: None)) as client:
        status: int = client.get(path, headers={"authorization": f"Bearer {token}"}).status_code
    database.close()
    return status


def make(installation: Installation, *scopes: str) -> str:
    chosen = [word for scope in scopes for word in ("--scope", scope)]
    said = installation("token", "make", "one@doorstep.example", "--name", "stock display", *chosen)
    assert said.code == 0, said.words
    return said.out.strip()


def test_a_token_opens_what_its_scope_says_and_nothing_else(with_admin: Installation) -> None:
    token = make(with_admin, "tablets.see")
    assert ask(with_admin, token, "/api/v1/tablets") == 200
    assert ask(with_admin, token, "/api/v1/certificates") == 403
    assert ask(with_admin, token[:-1] + ("a" if token[-1] != "a" else "b"), "/api/v1/tablets") == 401


def test_a_token_works_no_longer_once_it_is_ended(with_admin: Installation) -> None:
    token = make(with_admin, "tablets.see")
    listed = with_admin("token", "list", "one@doorstep.example", "--json").json
    assert [(each["name"], each["scopes"]) for each in listed] == [("stock display", ["tablets.see"])]
    assert token not in str(listed)
    assert with_admin("token", "end", str(listed[0]["id"])).code == 0
    assert ask(with_admin, token, "/api/v1/tablets") == 401
    assert "ended" in with_admin("token", "list", "one@doorstep.example").out


def test_nobodys_token_is_not_made(with_admin: Installation) -> None:
    said = with_admin("token", "make", "two@doorstep.example", "--name", "x", "--scope", "tablets.see")
    assert (said.code, said.out) == (1, "")
    assert "Nobody signs in as two@doorstep.example" in said.words


def test_a_number_that_is_no_token_is_refused(with_admin: Installation) -> None:
    assert with_admin("token", "end", "99").code == 1
    assert with_admin("token", "list", "two@doorstep.example").code == 1

"""`doorstep user` for real: the first hub admin, a weak password, the same address twice."""

from __future__ import annotations

from tests.fleet.cli.conftest import Installation, add_user


def test_the_first_hub_admin_is_made_with_the_hub(installed: Installation) -> None:
    said = add_user(installed)
    assert (said.code, "one@doorstep.example" in said.out) == (0, True)
    listed = installed("user", "list", "--json").json
    assert [(each["email"], each["roles"], each["active"]) for each in listed] == [
        ("one@doorstep.example", ["hub_admin"], True)
    ]
    assert "Sample One" in installed("user", "list").out


def test_a_weak_password_is_refused_in_words_and_nobody_is_added(installed: Installation) -> None:
    said = add_user(installed, password="short")
    assert said.code == 1
    assert "at least 12 characters" in said.words
    assert installed("user", "list", "--json").json == []


def test_the_same_address_twice_is_refused_and_the_first_one_stays(with_admin: Installation) -> None:
    said = add_user(with_admin, email="ONE@doorstep.example")
    assert said.code == 1
    assert "one@doorstep.example" in said.words.lower()
    assert len(with_admin("user", "list", "--json").json) == 1


def test_the_system_is_no_role_for_a_person(installed: Installation) -> None:
    said = installed(
        *("user", "add", "--name", "Sample One", "--email", "one@doorstep.example", "--role", "system"),
        "--no-password",
    )
    assert (said.code, installed("user", "list", "--json").json) == (1, [])


def test_a_role_that_does_not_exist_is_a_mistake_in_typing(installed: Installation) -> None:
    said = installed("user", "add", "--name", "S", "--email", "one@doorstep.example", "--role", "king")
    assert said.code == 2


def test_a_password_can_be_changed_and_sign_ins_ended(with_admin: Installation) -> None:
    said = with_admin("user", "password", "one@doorstep.example", "--password-stdin", stdin="four other random words\n")
    assert (said.code, "changed" in said.out) == (0, True)
    assert with_admin("user", "sign-out", "one@doorstep.example").code == 0
    unknown = with_admin("user", "sign-out", "two@doorstep.example")
    assert (unknown.code, "Nobody signs in as two@doorstep.example" in unknown.words) == (1, True)

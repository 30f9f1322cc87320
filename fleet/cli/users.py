"""`doorstep user`: the first hub admin, and whoever follows."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from fleet.cli.console import JsonOption, fail, out, print_json, print_rows, speaks_plainly
from fleet.cli.installation import the_database
from fleet.clock import utc_now
from fleet.partners.service import ensure_hub
from fleet.settings import Settings
from fleet.users import admin, queries, service
from fleet.users.models import User
from fleet.users.rules import SIGN_IN_ROLES, Role

app = typer.Typer(no_args_is_help=True, help="People who sign in: add, list, password, sign-out.")

EmailArgument = Annotated[str, typer.Argument(help="The email address they sign in with.")]
PasswordOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking for it.")
]


@app.command("add")
@speaks_plainly
def add(
    name: Annotated[str, typer.Option(help="Their name, as colleagues see it.")],
    email: Annotated[str, typer.Option(help="The email address they sign in with.")],
    role: Annotated[list[Role], typer.Option(help="A role; give the option again for a second one.")],
    password_stdin: PasswordOption = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="For couriers, who sign in by links only.")
    ] = False,
) -> None:
    """Add somebody who may sign in. The first run also makes the hub, from the settings.

    Example: `doorstep user add --name "Sample One" --email one@example.org --role hub_admin`
    """
    if any(each not in SIGN_IN_ROLES for each in role):
        raise fail("`system` is not a role for people.")
    password = None if no_password else _ask_password(password_stdin)
    settings = Settings()
    with the_database(settings) as database, database.write() as session:
        hub = ensure_hub(session, settings=settings, now=utc_now())
        user = service.add_user(
            session, name=name, email=email, roles=role, password=password, organisation_id=hub.id, now=utc_now()
        )
        user_id = user.id
    out.print(f"{name} can sign in as {email} (number {user_id}).")


@app.command("list")
@speaks_plainly
def list_users(as_json: JsonOption = False) -> None:
    """List everybody who may sign in.

    Example: `doorstep user list --json`
    """
    with the_database(Settings()) as database, database.read() as session:
        found = queries.users(session)
    if as_json:
        print_json([_shown(user) for user in found])
    else:
        print_rows("People who sign in", ("Number", "Name", "Email", "Roles", "Active"), [_row(user) for user in found])


@app.command("password")
@speaks_plainly
def password(email: EmailArgument, password_stdin: PasswordOption = False) -> None:
    """Set somebody's password and end their sign-ins.

    Example: `doorstep user password one@example.org`
    """
    settings = Settings()
    with the_database(settings) as database:
        with database.read() as session:
            user_id = _known(queries.user_by_email(session, email), email).id
        wanted = _ask_password(password_stdin)
        with database.write() as session:
            admin.give_password(session, user_id, wanted, now=utc_now(), settings=settings)
    out.print(f"The password of {email} was changed, and all their sign-ins were ended.")


@app.command("sign-out")
@speaks_plainly
def sign_out(email: EmailArgument) -> None:
    """End all of somebody's sign-ins.

    Example: `doorstep user sign-out one@example.org`
    """
    with the_database(Settings()) as database, database.write() as session:
        user = _known(queries.user_by_email(session, email), email)
        ended = service.end_sign_ins(session, user.id, now=utc_now())
    out.print(f"{ended} sign-ins of {email} were ended.")


def _known(user: User | None, email: str) -> User:
    if user is None:
        raise fail(f"Nobody signs in as {email}.", "See `doorstep user list`.")
    return user


def _ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


def _shown(user: User) -> dict[str, object]:
    roles = sorted(role.value for role in user.roles)
    return {"id": user.id, "name": user.name, "email": user.email, "roles": roles, "active": user.active}


def _row(user: User) -> tuple[object, ...]:
    return user.id, user.name, user.email, ", ".join(sorted(user.roles)), "yes" if user.active else "no"

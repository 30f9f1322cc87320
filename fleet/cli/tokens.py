"""`doorstep token`: API tokens for programs."""

from __future__ import annotations

from typing import Annotated

import typer

from fleet.cli.console import JsonOption, fail, out, print_json, print_rows, speaks_plainly
from fleet.cli.installation import the_database
from fleet.clock import utc_now
from fleet.settings import Settings
from fleet.users import queries, service
from fleet.users.models import ApiToken
from fleet.users.rules import Permission

app = typer.Typer(no_args_is_help=True, help="API tokens: make, list, end.")


@app.command("make")
@speaks_plainly
def make(
    email: Annotated[str, typer.Argument(help="Whose token it is; it can do no more than they can.")],
    name: Annotated[str, typer.Option(help="What will use it.")],
    scope: Annotated[list[Permission], typer.Option(help="One thing it may do; give the option again for more.")],
    days: Annotated[int, typer.Option(help="It works this many days.")] = 90,
) -> None:
    """Make a token. It is printed once, on standard output, and kept only as a hash.

    Example: `doorstep token make one@example.org --name "stock display" --scope tablets.see`
    """
    settings = Settings()
    with the_database(settings) as database, database.write() as session:
        owner = queries.user_by_email(session, email)
        if owner is None:
            raise fail(f"Nobody signs in as {email}.", "See `doorstep user list`.")
        token = service.make_token(
            session, owner=owner, name=name, scopes=scope, days=days, now=utc_now(), settings=settings
        )
    out.print(token, soft_wrap=True)


@app.command("list")
@speaks_plainly
def list_tokens(email: Annotated[str, typer.Argument(help="Whose tokens.")], as_json: JsonOption = False) -> None:
    """List somebody's tokens; never the tokens themselves.

    Example: `doorstep token list one@example.org`
    """
    with the_database(Settings()) as database, database.read() as session:
        owner = queries.user_by_email(session, email)
        if owner is None:
            raise fail(f"Nobody signs in as {email}.", "See `doorstep user list`.")
        found = queries.tokens_of(session, owner.id)
    if as_json:
        print_json([{"id": t.id, "name": t.name, "scopes": t.scopes, "expires_at": t.expires_at} for t in found])
    else:
        rows = [(t.id, t.name, ", ".join(t.scopes), f"{t.expires_at:%-d %b %Y}", _state(t)) for t in found]
        print_rows("API tokens", ("Number", "For", "May", "Expires", "State"), rows)


@app.command("end")
@speaks_plainly
def end(number: Annotated[int, typer.Argument(help="The token's number, as `token list` shows it.")]) -> None:
    """End a token at once.

    Example: `doorstep token end 3`
    """
    with the_database(Settings()) as database, database.write() as session:
        token = session.get(ApiToken, number)
        if token is None:
            raise fail(f"There is no token number {number}.", "See `doorstep token list EMAIL`.")
        token.ended_at = token.ended_at or utc_now()
    out.print(f"Token {number} works no longer.")


def _state(token: ApiToken) -> str:
    return "ended" if token.ended_at else "expired" if token.expires_at <= utc_now() else "works"

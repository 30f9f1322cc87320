"""One's own account: the password, the browsers one is signed in with, and API tokens. For people, not for tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.errors import BadInput, NotAllowed
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.limits import client_address
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession, get_database
from fleet.settings import Settings
from fleet.users import account, queries, service
from fleet.users.access import COOKIE, may
from fleet.users.actor import Actor
from fleet.users.admin import get_user
from fleet.users.models import ApiToken, SignIn, User
from fleet.users.pages.sign_in import signed_in
from fleet.users.roles_doc import permission_words, role_words
from fleet.users.rules import MATRIX, Permission
from fleet.web.render import render

router = PageRouter(prefix="/account")

SignedIn = Annotated[Actor, Depends(may(Permission.SIGNED_IN))]


class TokenForm(BaseModel):
    """An API token as it is asked for."""

    name: str = Field("", max_length=120)
    scopes: list[Permission] = Field(default_factory=list)
    days: int = 90


@dataclass(frozen=True)
class AccountPage:
    user: User
    roles: tuple[str, ...]
    sign_ins: Sequence[SignIn]
    this_sign_in: int | None
    tokens: Sequence[ApiToken]
    scopes: tuple[tuple[str, str], ...]
    now: datetime
    most_days: int
    typed: Form = field(default_factory=Form)
    errors: dict[str, str] = field(default_factory=dict)
    made: str = ""
    """The token just made: shown on this page and never again."""
    title: str = "Your account"


@router.get("")
def account_page(
    request: Request, session: ReadSession, actor: SignedIn, settings: SettingsDep, clock: ClockDep
) -> Response:
    return _page(request, session, actor, settings, clock())


@router.post("/password")
def change_password(
    request: Request, form: FormDep, session: ReadSession, actor: SignedIn, settings: SettingsDep, clock: ClockDep
) -> Response:
    try:
        begun = account.change_own_password(
            get_database(request),
            person(actor),
            current=form.get("current"),
            wanted=form.get("password"),
            address=client_address(request),
            now=clock(),
            settings=settings,
            device=request.headers.get("user-agent", ""),
        )
    except BadInput as error:
        return _page(request, session, actor, settings, clock(), errors=error.fields)
    said = "Your password is changed, and every other sign-in of yours has ended."
    return signed_in(begun, "/account", secure=settings.cookies_need_https, said=said)


@router.post("/sign-ins/{sign_in_id}/end")
def end_sign_in(sign_in_id: RowId, _form: FormDep, session: WriteSession, actor: SignedIn, clock: ClockDep) -> Response:
    account.end_own_sign_in(session, person(actor), sign_in_id, now=clock())
    return see_other("/account", said="That sign-in has ended.")


@router.post("/tokens")
def make_token(
    request: Request, form: FormDep, session: WriteSession, actor: SignedIn, settings: SettingsDep, clock: ClockDep
) -> Response:
    try:
        asked = form.parse(TokenForm)
        owner = get_user(session, person(actor))
        made = service.make_token(
            session,
            owner=owner,
            name=asked.name,
            scopes=asked.scopes,
            days=asked.days,
            now=clock(),
            settings=settings,
        )
    except BadInput as error:
        fields = {("scopes" if name == "scopes_missing" else name): said for name, said in error.fields.items()}
        return _page(request, session, actor, settings, clock(), typed=form, errors=fields)
    return _page(request, session, actor, settings, clock(), made=made)


@router.post("/tokens/{token_id}/end")
def end_token(token_id: RowId, _form: FormDep, session: WriteSession, actor: SignedIn, clock: ClockDep) -> Response:
    account.end_own_token(session, person(actor), token_id, now=clock())
    return see_other("/account", said="That token has ended.")


def person(actor: Actor) -> int:
    """The user behind a browser's sign-in. An API token may not change the account that made it, nor widen itself."""
    if actor.scopes is not None or actor.user_id is None:
        raise NotAllowed("An API token cannot look after an account.", next_step="Sign in with a browser.")
    return actor.user_id


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    now: datetime,
    *,
    typed: Form | None = None,
    errors: dict[str, str] | None = None,
    made: str = "",
) -> Response:
    user = get_user(session, person(actor))
    here = queries.open_sign_in(session, service.hash_token(request.cookies.get(COOKIE, "")))
    page = AccountPage(
        user=user,
        roles=tuple(sorted(role_words(role) for role in user.roles)),
        sign_ins=queries.open_sign_ins_of(session, user.id),
        this_sign_in=here[0].id if here else None,
        tokens=[token for token in queries.tokens_of(session, user.id) if token.ended_at is None],
        scopes=_scopes(user),
        now=now,
        most_days=settings.api_token_days,
        typed=typed or Form(),
        errors=errors or {},
        made=made,
    )
    return render(request, "users/account.html", page, status=422 if errors else 200)


def _scopes(user: User) -> tuple[tuple[str, str], ...]:
    """What this person could let a token do."""
    own = (permission for permission, roles in MATRIX.items() if roles & user.roles)
    return tuple((each.value, permission_words(each)) for each in own if each is not Permission.PUBLIC)

"""The hub admin's list of people who sign in: add, change, put aside, set a password, end sign-ins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users import admin, queries, service
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.models import User
from fleet.users.roles_doc import role_words
from fleet.users.rules import SIGN_IN_ROLES, Permission, Role
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter(prefix="/users")

SetsUp = Annotated[Actor, Depends(may(Permission.USERS_SET_UP))]
COLUMNS = (Column("Name", "name"), Column("Email", "email"), Column("Roles"), Column("May sign in"))
ROLES = tuple((role.value, role_words(role).capitalize()) for role in SIGN_IN_ROLES)


@dataclass(frozen=True)
class UsersPage:
    table: Table
    title: str = "People who sign in"


@dataclass(frozen=True)
class UserPage:
    """One person, or a new one when `user` is None."""

    title: str
    user: User | None
    typed: Form
    open_sign_ins: int = 0
    is_self: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    roles: tuple[tuple[str, str], ...] = ROLES


@router.get("", dependencies=[Depends(may(Permission.USERS_SET_UP))])
def list_page(request: Request, session: ReadSession, query: Listed) -> Response:
    shown = table(
        queries.find_users(session, query),
        caption="People who sign in",
        columns=COLUMNS,
        row=_row,
        path="/users",
        filters=(
            Filter("q", "Name or email", query.filter("q")),
            Filter("active", "Who", query.filter("active"), (("", "Those who may sign in"), ("all", "Everybody"))),
        ),
        empty="People who sign in are listed here.",
    )
    if query.as_csv:
        return table_csv("people-who-sign-in", shown)
    return render(request, "users/list.html", UsersPage(shown))


@router.get("/new", dependencies=[Depends(may(Permission.USERS_SET_UP))])
def new_page(request: Request) -> Response:
    return render(request, "users/person.html", UserPage("Somebody who signs in", None, Form()))


@router.post("/new", dependencies=[Depends(may(Permission.USERS_SET_UP))])
def add(request: Request, form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    try:
        user = service.add_user(
            session,
            name=form.get("name")[:120],
            email=form.get("email")[:254],
            roles=_roles(form),
            password=form.get("password") or None,
            now=clock(),
        )
    except (BadInput, Conflict) as error:
        page = UserPage("Somebody who signs in", None, form, errors=_errors(error))
        return render(request, "users/person.html", page, status=422)
    return see_other(f"/users/{user.id}", said="They may sign in.")


@router.get("/{user_id}")
def user_page(request: Request, user_id: RowId, session: ReadSession, actor: SetsUp) -> Response:
    user = admin.get_user(session, user_id)
    typed = Form({"name": user.name, "email": user.email}, {"roles": tuple(sorted(user.roles))})
    return render(request, "users/person.html", _page(session, user, typed, actor))


@router.post("/{user_id}")
def change(request: Request, user_id: RowId, form: FormDep, session: WriteSession, actor: SetsUp) -> Response:
    try:
        admin.change_user(
            session, user_id, name=form.get("name")[:120], email=form.get("email")[:254], roles=_roles(form)
        )
    except (BadInput, Conflict) as error:
        page = _page(session, admin.get_user(session, user_id), form, actor, _errors(error))
        return render(request, "users/person.html", page, status=422)
    return see_other(f"/users/{user_id}", said="The changes hold from the next page they open.")


@router.post("/{user_id}/password")
def give_password(
    request: Request,
    user_id: RowId,
    form: FormDep,
    session: WriteSession,
    actor: SetsUp,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        admin.give_password(session, user_id, form.get("password"), now=clock(), settings=settings)
    except BadInput as error:
        user = admin.get_user(session, user_id)
        typed = Form({"name": user.name, "email": user.email}, {"roles": tuple(sorted(user.roles))})
        page = _page(session, user, typed, actor, error.fields)
        return render(request, "users/person.html", page, status=422)
    return see_other(f"/users/{user_id}", said="The password is set, and their sign-ins have ended.")


@router.post("/{user_id}/end-sign-ins", dependencies=[Depends(may(Permission.USERS_SET_UP))])
def end_sign_ins(user_id: RowId, _form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    admin.get_user(session, user_id)
    ended = service.end_sign_ins(session, user_id, now=clock())
    return see_other(f"/users/{user_id}", said=f"{ended} sign-ins have ended.")


@router.post("/{user_id}/aside")
def put_aside(user_id: RowId, _form: FormDep, session: WriteSession, actor: SetsUp, clock: ClockDep) -> Response:
    admin.put_aside(session, user_id, actor=actor, now=clock())
    return see_other(f"/users/{user_id}", said="They may not sign in any more.")


@router.post("/{user_id}/back", dependencies=[Depends(may(Permission.USERS_SET_UP))])
def take_back(user_id: RowId, _form: FormDep, session: WriteSession, settings: SettingsDep) -> Response:
    admin.take_back(session, user_id, settings=settings)
    return see_other(f"/users/{user_id}", said="They may sign in again.")


def _page(session: Session, user: User, typed: Form, actor: Actor, errors: dict[str, str] | None = None) -> UserPage:
    return UserPage(
        title=user.name,
        user=user,
        typed=typed,
        open_sign_ins=len(queries.open_sign_ins_of(session, user.id)),
        is_self=user.id == actor.user_id,
        errors=errors or {},
    )


def _roles(form: Form) -> frozenset[Role]:
    return frozenset(Role(word) for word in form.lists.get("roles", ()) if word in SIGN_IN_ROLES)


def _errors(error: BadInput | Conflict) -> dict[str, str]:
    if isinstance(error, BadInput):
        return error.fields
    return {"roles" if "admin" in error.message else "email": f"{error.message} {error.next_step}"}


def _row(user: User) -> tuple[Cell, ...]:
    return (
        Cell(user.name, href=f"/users/{user.id}"),
        Cell(user.email),
        Cell(", ".join(sorted(role_words(role) for role in user.roles))),
        Cell("Yes", state=Shape.DONE) if user.active else Cell("No, put aside", state=Shape.PLAIN),
    )

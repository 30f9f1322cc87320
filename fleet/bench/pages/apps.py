"""The app library's list, what is imported into it, and the profiles that draw on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.licences import ANSWERS, WORDS
from fleet.bench.models import AppFile
from fleet.bench.pages import app as app_page
from fleet.bench.service.profiles import all_profiles, library
from fleet.bench.upload import AppFormDep, as_file, licence_in
from fleet.database.lists import ListQuery
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.filters import byte_size
from fleet.web.render import render
from provisioning.apps.app_file import short_fingerprint
from provisioning.profiles.library import Library
from provisioning.profiles.profile import Profile

router = PageRouter(prefix="/bench")
router.take(app_page.router)

STAY = "x-doorstep-stay"
"""Sent by uploading.js: it is told where to go next and goes there itself, so that what is said there is not lost."""

COLUMNS = (
    Column("App", "label"),
    Column("Version"),
    Column("Size", numeric=True),
    Column("Who may pass it on"),
    Column("Signed by"),
    Column("Imported", "imported"),
)


@dataclass(frozen=True)
class AppsPage:
    table: Table
    may_import: bool
    may_trust: bool
    shipped: tuple[str, ...]
    licences: tuple[tuple[str, str], ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "Apps"


@dataclass(frozen=True)
class ProfileView:
    """`lines` say what should be true, why, and who asks for it; `decisions` what was kept where they differ."""

    name: str
    title: str
    version: int
    description: str
    lines: tuple[tuple[str, str, str], ...]
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class ProfilesPage:
    profiles: tuple[ProfileView, ...]
    title: str = "Profiles"


@router.get("/apps")
def list_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))],
) -> Response:
    page = _page(session, query, actor)
    if query.as_csv:
        return table_csv("apps", page.table)
    return render(request, "bench/apps.html", page)


@router.post("/apps")
def import_file(
    request: Request,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
    form: AppFormDep,
    session: WriteSession,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        with as_file(form) as path:
            app = service.import_app(
                session,
                path,
                licence=licence_in(form),
                note=form.get("licence_note"),
                signer_change=form.get("signer_change"),
                actor=actor,
                settings=settings,
                now=clock(),
            )
    except BadInput as problem:
        page = _page(session, ListQuery(), actor, typed=form.values, errors=problem.fields)
        return render(request, "bench/apps.html", page, status=422)
    said = f"{app.label or app.package} {app.version_name} is in the library."
    answer = see_other(f"/bench/apps/{app.id}", said=said)
    if STAY in request.headers:
        answer.status_code = 201
    return answer


@router.post("/apps/shipped")
def import_shipped(
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    apps = service.import_shipped(session, actor=actor, settings=settings, now=clock())
    names = " and ".join(app.label or app.package for app in apps)
    return see_other("/bench/apps", said=f"{names} is in the library.")


@router.get("/profiles", dependencies=[Depends(may(Permission.BENCH_SEE))])
def profiles_page(request: Request, settings: SettingsDep) -> Response:
    found = all_profiles(settings)
    shelf = library(settings)
    return render(request, "bench/profiles.html", ProfilesPage(tuple(_profile(profile, shelf) for profile in found)))


def _profile(profile: Profile, shelf: Library) -> ProfileView:
    lines = tuple(
        (each.sentence, each.reason, ", ".join(shelf.title(origin) for origin in each.origins))
        for each in profile.resources
    )
    return ProfileView(profile.name, profile.title, profile.version, profile.description, lines, profile.decisions)


def _page(
    session: Session,
    query: ListQuery,
    actor: Actor,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> AppsPage:
    shown = table(
        queries.find_apps(session, query),
        caption="Apps",
        columns=COLUMNS,
        row=_row,
        path="/bench/apps",
        filters=(Filter("q", "App or package", query.filter("q")),),
        empty="Apps that profiles install will be listed here. Import Doorstep's own first.",
    )
    return AppsPage(
        table=shown,
        may_import=actor.may(Permission.BENCH_SET_UP),
        may_trust=actor.may(Permission.BENCH_TRUST),
        shipped=tuple(path.name for path in service.shipped_apps()),
        licences=tuple((licence.value, WORDS[licence]) for licence in ANSWERS),
        typed=typed or {},
        errors=errors or {},
    )


def _row(app: AppFile) -> tuple[Cell, ...]:
    parts = max(len(variant["parts"]) for variant in app.variants)
    return (
        Cell(app.label or app.package, href=f"/bench/apps/{app.id}", note=app.package),
        Cell(app.version_name, note=f"code {app.version_code}"),
        Cell(byte_size(app.size_bytes), note=f"{parts} parts to choose from" if parts > 1 else ""),
        Cell(WORDS[app.licence], note=app.licence_note),
        Cell(" and ".join(short_fingerprint(signer) for signer in app.signers)),
        Cell(f"{app.imported_at:%-d %b %Y}", note=app.imported_by),
    )

"""One app of the library: what it is made of, who signs it, who may pass it on, and where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.licences import ANSWERS, WORDS
from fleet.bench.models import AppFile, RunStep
from fleet.bench.rules import sdk_of_release
from fleet.bench.upload import licence_in
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ReadSession, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.filters import byte_size
from fleet.web.render import render
from provisioning.apps.app_file import short_fingerprint
from provisioning.apps.release import Container, Part, Variant, variants_from_json
from provisioning.apps.split import Split, SplitKind
from provisioning.profiles.loader import built_in_profiles

router = PageRouter(prefix="/bench/apps/{app_id}")

AppId = RowId

_CONTAINERS = {
    Container.APK: "One APK",
    Container.APKS: "A set of APKs (.apks)",
    Container.XAPK: "A bundle as APKPure packs it (.xapk)",
    Container.APKM: "A bundle as APKMirror packs it (.apkm)",
}
_NEWEST_RELEASE = 30


@dataclass(frozen=True)
class PartView:
    """One APK: what it is for, how large, and when a tablet gets it."""

    name: str
    purpose: str
    size: str


@dataclass(frozen=True)
class VariantView:
    heading: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class AppPage:
    title: str
    app: AppFile
    facts: tuple[tuple[str, str], ...]
    variants: tuple[VariantView, ...]
    expansions: tuple[tuple[str, str], ...]
    history: tuple[str, ...]
    may_change: bool
    licences: tuple[tuple[str, str], ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AppInRun:
    """An app that a run installs: how much of it this tablet gets, and who may pass it on."""

    app_id: int
    name: str
    amount: str
    licence: str


@router.get("")
def app_page(
    request: Request, app_id: AppId, session: ReadSession, actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))]
) -> Response:
    return render(request, "bench/app.html", _page(session, service.get_app(session, app_id), actor))


@router.post("/licence")
def record_licence(
    request: Request,
    app_id: AppId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
) -> Response:
    try:
        service.record_licence(session, app_id, licence=licence_in(form), note=form.get("licence_note"), actor=actor)
    except BadInput as problem:
        page = _page(session, service.get_app(session, app_id), actor, typed=form.values, errors=problem.fields)
        return render(request, "bench/app.html", page, status=422)
    return see_other(f"/bench/apps/{app_id}", said="Written down who may pass it on.")


def apps_in_run(session: Session, run_id: int) -> tuple[AppInRun, ...]:
    """What a run's page says of the apps among its steps."""
    return tuple(
        AppInRun(app.id, _name(app), _amount(app, step), _licence(app))
        for step, app in queries.apps_of_run(session, run_id)
    )


def _amount(app: AppFile, step: RunStep) -> str:
    there = max(len(variant["parts"]) for variant in app.variants)
    size = byte_size(step.total_bytes)
    return f"{len(step.app_parts)} of {there} parts, {size}" if there > 1 else size


def _name(app: AppFile) -> str:
    return f"{app.label or app.package} {app.version_name}".strip()


def _licence(app: AppFile) -> str:
    return f"{WORDS[app.licence]}: {app.licence_note}" if app.licence_note else WORDS[app.licence]


def _page(
    session: Session,
    app: AppFile,
    actor: Actor,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> AppPage:
    pin = queries.signer_pin(session, app.package)
    return AppPage(
        title=_name(app),
        app=app,
        facts=_facts(session, app),
        variants=tuple(_variant(variant) for variant in variants_from_json(app.variants)),
        expansions=tuple((each["file"], byte_size(each["size_bytes"])) for each in app.expansions),
        history=tuple(_earlier(entry) for entry in (pin.history if pin else ())),
        may_change=actor.may(Permission.BENCH_SET_UP),
        licences=tuple((licence.value, WORDS[licence]) for licence in ANSWERS),
        typed=typed or {"licence": app.licence.value, "licence_note": app.licence_note},
        errors=errors or {},
    )


def _facts(session: Session, app: AppFile) -> tuple[tuple[str, str], ...]:
    profiles = [profile.title for profile in built_in_profiles() if app.package in profile.apps]
    tablets = queries.tablets_with_app(session, app.id)
    return (
        ("Package", app.package),
        ("Version", f"{app.version_name} (code {app.version_code})"),
        ("Runs on", f"Android {_release(app.min_sdk)} and later"),
        ("Made for", f"Android {_release(app.target_sdk)}" if app.target_sdk else ""),
        ("Processors", ", ".join(app.abis) or "Any"),
        ("Kind of file", f"{_CONTAINERS[app.container]}, {byte_size(app.size_bytes)}"),
        ("Who may pass it on", _licence(app)),
        ("Signed by", " and ".join(app.signers)),
        ("Installed by", ", ".join(profiles) or "No profile yet"),
        ("Put on", f"{tablets} {'tablet' if tablets == 1 else 'tablets'} by a run"),
        ("Imported", f"{app.imported_at:%-d %b %Y} by {app.imported_by}"),
    )


def _release(sdk: int) -> str:
    """The Android release of an API level, as people call it."""
    found = max((release for release in range(5, _NEWEST_RELEASE) if sdk_of_release(release) <= sdk), default=5)
    return f"{found} (API level {sdk})"


def _variant(variant: Variant) -> VariantView:
    screen = f", screens of about {variant.density} dpi" if variant.density else ""
    heading = f"For Android {_release(variant.min_sdk)} and later{screen}"
    order = tuple(SplitKind)
    parts = sorted(variant.parts, key=lambda part: (order.index(part.split.kind), part.split.name))
    return VariantView(heading, tuple(_part(part) for part in parts))


def _part(part: Part) -> PartView:
    purpose = _purpose(part.split)
    if part.on_demand:
        purpose += ", fetched by the app itself when somebody asks for it"
    return PartView(part.split.name or "base", purpose, byte_size(part.size_bytes))


def _purpose(split: Split) -> str:
    of = f" of {split.module}" if split.module and split.kind is not SplitKind.FEATURE else ""
    match split.kind:
        case SplitKind.BASE:
            return "Every tablet"
        case SplitKind.FEATURE:
            return "A feature"
        case SplitKind.ABI:
            return f"{split.value} processors{of}"
        case SplitKind.DENSITY:
            return f"Screens of {split.value} dpi{of}"
        case SplitKind.LANGUAGE:
            return f"People who read {split.value}{of}"
        case SplitKind.OTHER:
            return "Never chosen: nothing here knows what it is for"


def _earlier(entry: Mapping[str, Any]) -> str:
    signers = " and ".join(short_fingerprint(signer) for signer in entry["signers"])
    return f"Until {entry['until'][:10]} signed by {signers}. {entry['by']} accepted the change: {entry['reason']}"

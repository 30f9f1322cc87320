"""The app library for programs: what is in it, importing, and who may pass an app on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Path
from fastapi.responses import FileResponse

from fleet.bench import queries, service
from fleet.bench.licences import ANSWERS
from fleet.bench.models import AppFile
from fleet.bench.schemas import AppExpansion, AppList, AppOut, AppPart, AppVariant, AppWithParts, LicenceIn
from fleet.bench.service.app_files import SIGNATURE, give_out
from fleet.bench.upload import AppFormDep, as_file, licence_in
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from provisioning.apps.release import variants_from_json

router = ApiRouter(tags=["bench"])

AppId = RowId

_APK = "application/vnd.android.package-archive"
_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "licence"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "The .apk, .apks, .xapk or .apkm file.",
                        },
                        "licence": {"type": "string", "enum": [each.value for each in ANSWERS]},
                        "licence_note": {"type": "string", "description": "How we know who may pass it on."},
                        "signer_change": {
                            "type": "string",
                            "description": "Why another signer than before is accepted; needs bench.trust.",
                        },
                    },
                }
            }
        },
    }
}


def _app(app: AppFile) -> AppWithParts:
    variants = [
        AppVariant(
            min_sdk=variant.min_sdk,
            density=variant.density,
            parts=[
                AppPart(
                    split=part.split.name,
                    kind=part.split.kind,
                    value=part.split.value,
                    sha256=part.sha256,
                    size_bytes=part.size_bytes,
                    on_demand=part.on_demand,
                )
                for part in variant.parts
            ],
        )
        for variant in variants_from_json(app.variants)
    ]
    expansions = [AppExpansion.model_validate(each) for each in app.expansions]
    return AppWithParts(**AppOut.model_validate(app).model_dump(), variants=variants, expansions=expansions)


@router.get("/apps", dependencies=[Depends(may(Permission.BENCH_SEE))], responses=responses())
def list_apps(session: ReadSession, query: Listed) -> AppList:
    """The app library. Filter: `q` (part of the package or the label)."""
    found = queries.find_apps(session, query)
    items = [AppOut.model_validate(app) for app in found.items]
    return AppList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.get(
    "/apps/files/{sha256}",
    dependencies=[Depends(may(Permission.PUBLIC))],
    response_class=FileResponse,
    responses=responses(403, 404)
    | {200: {"description": "The APK.", "content": {_APK: {}}}, 206: {"description": "The part that was asked for."}},
)
def fetch_app_file(
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    settings: SettingsDep,
    clock: ClockDep,
    signature: Annotated[str, Header(alias=SIGNATURE, max_length=100)] = "",
) -> FileResponse:
    """One APK of the library, for a bench's own worker that signs its request with the installation's secret key.

    Part of it is given where `Range` asks for that.
    """
    path = give_out(sha256, signature, settings=settings, now=clock())
    return FileResponse(path, media_type=_APK, headers={"Cache-Control": "no-store"})


@router.get("/apps/{app_id}", dependencies=[Depends(may(Permission.BENCH_SEE))], responses=responses(404))
def see_app(app_id: AppId, session: ReadSession) -> AppWithParts:
    """One app with the parts a tablet's are chosen from."""
    return _app(service.get_app(session, app_id))


@router.post("/apps", status_code=201, responses=responses(403, 413, 503), openapi_extra=_UPLOAD)
def import_app(
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
    form: AppFormDep,
    session: WriteSession,
    settings: SettingsDep,
    clock: ClockDep,
) -> AppWithParts:
    """Import an app file. 422 when it is no app, its signature does not hold, or a stranger signed it."""
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
    return _app(app)


@router.post("/apps/{app_id}/licence", responses=responses(404))
def record_licence(
    app_id: AppId,
    told: LicenceIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SET_UP))],
) -> AppWithParts:
    """Write down who may pass an app on."""
    return _app(service.record_licence(session, app_id, licence=told.licence, note=told.note, actor=actor))

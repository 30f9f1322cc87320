"""What couriers told of one loan, for coordinators: each hand-over with its ticks, what was signed, and its photo. And
where a courier's phone brings the photo of a fact that it told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.responses import FileResponse

from fleet.deliveries import queries, service
from fleet.deliveries.api import Courier, Id
from fleet.deliveries.facts import GLASS, details_of, is_signature
from fleet.deliveries.models import Scan
from fleet.deliveries.pages.story import Entry, scan_entry
from fleet.deliveries.photos import LARGEST_PHOTO_BYTES, keep_photo, photo_path, too_large
from fleet.deliveries.rules import Action
from fleet.deliveries.words import CONDITION_WORDS, HANDED_TO_WORDS, KIT_WORDS, TICK_WORDS
from fleet.errors import BadInput, NotAllowed, NotFound
from fleet.http.forms import Form, read_form
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.loans.service import Condition
from fleet.settings import Settings
from fleet.tags.rules import parse, shown
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import PAGE_HEADERS, render

router = PageRouter()

FORM_BYTES = 100_000
"""Room for what stands round the photo in a form."""


SIM_PLACES = {True: "SIM in its tray", False: "SIM not in its tray"}
SIM_AFTER_SWAP = {True: "Their SIM is in the one that came back", False: "Their SIM is in the one that stays"}


@dataclass(frozen=True)
class Proof:
    """One fact with what was seen. `signature` is the path of a picture, `photo` the address of one."""

    entry: Entry
    said: tuple[str, ...]
    signature: str
    photo: str


@dataclass(frozen=True)
class ProofPage:
    loan_id: int
    proofs: tuple[Proof, ...]
    title: str
    across: int = GLASS[0]
    down: int = GLASS[1]


@router.get("/courier-runs/of-loan/{loan_id}", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))])
def proof_page(request: Request, loan_id: Id, session: ReadSession, settings: SettingsDep) -> Response:
    proofs = tuple(_proof(scan, settings) for scan in queries.scans_of_loan(session, loan_id))
    return render(request, "deliveries/proof.html", ProofPage(loan_id, proofs, f"Loan {loan_id}: at the door"))


def _proof(scan: Scan, settings: Settings) -> Proof:
    photo = photo_path(settings.data_dir, scan.client_id).is_file()
    signature = details_of(scan.details).signature
    return Proof(
        entry=scan_entry(scan),
        said=_said(scan),
        signature=signature if is_signature(signature) else "",
        photo=f"/courier-runs/facts/{scan.client_id}/photo" if photo else "",
    )


def _said(scan: Scan) -> tuple[str, ...]:
    """What was ticked, in words."""
    details = details_of(scan.details)
    places = SIM_AFTER_SWAP if scan.action is Action.SWAP else SIM_PLACES
    told = [
        f"Came back: {_label(scan.code)}" if scan.action is Action.SWAP else "",
        f"Stays: {_label(details.second_code)}" if details.second_code else "",
        f"Handed to: {HANDED_TO_WORDS[details.handed_to].lower()}" if details.handed_to else "",
        "The agreed word was said" if details.phrase_heard else "",
        "The agreement was accepted" if details.agreed else "",
        *(TICK_WORDS[tick] for tick in sorted(details.ticks)),
        f"Condition: {CONDITION_WORDS[Condition(details.condition)].lower()}" if details.condition else "",
        places[details.sim_in_tray] if details.sim_in_tray is not None else "",
        *(f"Missing: {KIT_WORDS[part].lower()}" for part in sorted(details.kit_missing)),
    ]
    return tuple(each for each in told if each)


def _label(text: str) -> str:
    """A code as it stands on the label, however it was scanned."""
    reading = parse(text)
    return shown(reading.code) if reading.good else text


@router.get("/courier-runs/facts/{fact_id}/photo", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))])
def see_photo(fact_id: UUID, settings: SettingsDep) -> Response:
    path = photo_path(settings.data_dir, str(fact_id))
    if not path.is_file():
        raise NotFound("There is no photo of this.", next_step="Go back to what was told of the loan.")
    return FileResponse(path, media_type="image/jpeg", headers=PAGE_HEADERS)


async def photo_form(request: Request) -> AsyncIterator[Form]:
    """The form with its photo, refused by its size before a byte is read. Raises `PhotoTooLarge`."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_PHOTO_BYTES + FORM_BYTES:
        raise too_large()
    try:
        yield await read_form(request)
    finally:
        await request.close()


PhotoForm = Annotated[Form, Depends(photo_form)]


@router.post("/run/facts/{fact_id}/photo", status_code=204)
def bring_photo(
    fact_id: UUID, actor: Courier, form: PhotoForm, session: ReadSession, settings: SettingsDep, clock: ClockDep
) -> Response:
    """The photo of a fact that this courier told. The fact itself stands whatever becomes of the photo."""
    if not settings.courier_photos:
        raise NotAllowed("What you told is kept, but the photo is not: this hub takes no photos.")
    scan = service.own_fact(session, str(fact_id), actor=actor)
    upload = form.files.get("photo")
    if upload is None:
        raise BadInput("What you told is kept. No photo came with it.", fields={"photo": "Choose a photo."})
    keep_photo(upload.file, settings.data_dir, scan.client_id)
    return Response(status_code=204)

"""What is pressed on a consignment's page: tablets in and out, its words, and its steps."""

from __future__ import annotations

from datetime import date

from fastapi import Request, Response
from pydantic import BaseModel, Field

from fleet.clock import local_date
from fleet.errors import BadInput, Conflict, DoorstepError, NotFound
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.intake.service import find_tablet
from fleet.recycling import service
from fleet.recycling.pages.lists import Recycles, WordsForm, words_page
from fleet.recycling.pages.one import page_of
from fleet.recycling.service import HandedOver, Receipt
from fleet.recycling.words import number_of
from fleet.web.render import render

router = PageRouter(prefix="/recycling")


class TabletForm(BaseModel):
    """A tablet to put in: by its number from the list, or as it was scanned."""

    tablet_id: int = 0
    scan: str = Field("", max_length=200)
    weight_grams: int
    battery_in: str = ""


class ReceiptForm(BaseModel):
    """The paper that came back. The weight is typed in kilograms."""

    reference: str = Field("", max_length=60)
    received_on: date
    kilograms: float | None = Field(None, gt=0, le=1_000_000)
    destruction: str = Field("", max_length=60)


@router.get("/{consignment_id}/change")
def change_page(
    request: Request, consignment_id: RowId, session: ReadSession, _actor: Recycles, clock: ClockDep
) -> Response:
    found = service.get_consignment(session, consignment_id)
    values = {name: getattr(found, name) for name in WordsForm.model_fields}
    values["hierarchy_applied"] = "yes" if found.hierarchy_applied else ""
    typed = Form(values={name: "" if value is None else str(value) for name, value in values.items()})
    page = words_page(session, _title(consignment_id), f"/recycling/{consignment_id}/change", typed, _today(clock))
    return render(request, "recycling/words.html", page)


@router.post("/{consignment_id}/change")
def change(
    request: Request, consignment_id: RowId, form: FormDep, session: WriteSession, actor: Recycles, clock: ClockDep
) -> Response:
    here = f"/recycling/{consignment_id}"
    try:
        with session.begin_nested():
            asked = form.parse(WordsForm).asked()
            service.change(session, consignment_id, asked, actor=actor, happening=Happening(clock()))
    except BadInput as error:
        page = words_page(session, _title(consignment_id), f"{here}/change", form, _today(clock), error.fields)
        return render(request, "recycling/words.html", page, status=422)
    return see_other(here, said="What the note says is written down.")


@router.post("/{consignment_id}/tablets")
def put_in(
    request: Request, consignment_id: RowId, form: FormDep, session: WriteSession, actor: Recycles, clock: ClockDep
) -> Response:
    try:
        with session.begin_nested():
            asked = form.parse(TabletForm)
            tablet_id = asked.tablet_id or find_tablet(session, asked.scan).id
            service.put_in(
                session,
                consignment_id,
                tablet_id,
                weight_grams=asked.weight_grams,
                battery_in=asked.battery_in == "yes",
                actor=actor,
                happening=Happening(clock()),
            )
    except (BadInput, Conflict, NotFound) as error:
        page = page_of(session, consignment_id, actor, _today(clock), form, _beside_the_scan(error))
        return render(request, "recycling/detail.html", page, status=error.status)
    return see_other(f"/recycling/{consignment_id}", said=f"Tablet {tablet_id} is in it. Scan the next.")


@router.post("/{consignment_id}/tablets/{tablet_id}/take-out")
def take_out(
    consignment_id: RowId, tablet_id: RowId, _form: FormDep, session: WriteSession, actor: Recycles, clock: ClockDep
) -> Response:
    service.take_out(session, consignment_id, tablet_id, actor=actor, happening=Happening(clock()))
    return see_other(f"/recycling/{consignment_id}", said=f"Tablet {tablet_id} is out of it.")


@router.post("/{consignment_id}/pack")
def pack(consignment_id: RowId, _form: FormDep, session: WriteSession, actor: Recycles, clock: ClockDep) -> Response:
    service.pack(session, consignment_id, actor=actor, happening=Happening(clock()))
    return see_other(f"/recycling/{consignment_id}", said="It is packed. Print its note for the carrier.")


@router.post("/{consignment_id}/unpack")
def unpack(consignment_id: RowId, form: FormDep, session: WriteSession, actor: Recycles, clock: ClockDep) -> Response:
    happening = Happening(clock(), reason=form.get("reason"))
    service.unpack(session, consignment_id, actor=actor, happening=happening)
    return see_other(f"/recycling/{consignment_id}", said="It is open again.")


@router.post("/{consignment_id}/call-off")
def call_off(consignment_id: RowId, form: FormDep, session: WriteSession, actor: Recycles, clock: ClockDep) -> Response:
    happening = Happening(clock(), reason=form.get("reason"))
    service.call_off(session, consignment_id, actor=actor, happening=happening)
    return see_other("/recycling", said=f"Consignment {number_of(consignment_id)} is called off.")


@router.post("/{consignment_id}/hand-over")
def hand_over(
    consignment_id: RowId,
    form: FormDep,
    session: WriteSession,
    actor: Recycles,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    handed = HandedOver(form.get("note_number")[:40])
    service.hand_over(session, consignment_id, handed, actor=actor, settings=settings, happening=Happening(clock()))
    return see_other(f"/recycling/{consignment_id}", said="The carrier has it. Write down the receipt when it comes.")


@router.post("/{consignment_id}/receipt")
def receive(
    request: Request, consignment_id: RowId, form: FormDep, session: WriteSession, actor: Recycles, clock: ClockDep
) -> Response:
    try:
        with session.begin_nested():
            asked = form.parse(ReceiptForm)
            grams = round(asked.kilograms * 1000) if asked.kilograms else None
            receipt = Receipt(asked.reference, asked.received_on, grams, asked.destruction)
            service.receive(session, consignment_id, receipt, actor=actor, happening=Happening(clock()))
    except BadInput as error:
        page = page_of(session, consignment_id, actor, _today(clock), form, error.fields)
        return render(request, "recycling/detail.html", page, status=422)
    return see_other(f"/recycling/{consignment_id}", said="The receipt is written down. Keep the paper.")


def _beside_the_scan(error: DoorstepError) -> dict[str, str]:
    if isinstance(error, BadInput):
        return error.fields
    reasons = error.details.get("reasons")
    return {"scan": " ".join([error.message, *(reasons if isinstance(reasons, list) else [])])}


def _title(consignment_id: int) -> str:
    return f"What does the note of {number_of(consignment_id)} say?"


def _today(clock: ClockDep) -> date:
    return local_date(clock())

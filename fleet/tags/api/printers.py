"""The hub's printers for programs: those in use, and for an admin adding and changing them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners.service import hub_of
from fleet.tags import printers
from fleet.tags.schemas import PrinterIn, PrinterOut
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["labels"])

SETS_UP = [Depends(may(Permission.PRINTERS_SET_UP))]


@router.get("/printers", dependencies=[Depends(may(Permission.LABELS_PRINT))], responses=responses())
def list_printers(session: ReadSession) -> list[PrinterOut]:
    """The printers in use, each with what it last said of itself."""
    return [PrinterOut.model_validate(printer) for printer in printers.printers_in_use(session)]


@router.post("/printers", status_code=201, responses=responses())
def add_printer(
    asked: PrinterIn,
    session: WriteSession,
    settings: SettingsDep,
    actor: Annotated[Actor, Depends(may(Permission.PRINTERS_SET_UP))],
    clock: ClockDep,
) -> PrinterOut:
    """Add a printer. 422 names each field that will not do: an address outside the hub's own network, a roll that this
    kind does not take."""
    hub_id = hub_of(session, actor).id
    return PrinterOut.model_validate(
        printers.add_printer(session, asked.asked(), hub_id=hub_id, demo=settings.demo, now=clock())
    )


@router.put("/printers/{printer_id}", dependencies=SETS_UP, responses=responses(404))
def change_printer(
    printer_id: RowId, asked: PrinterIn, session: WriteSession, settings: SettingsDep, clock: ClockDep
) -> PrinterOut:
    """Write all of a printer anew: another roll in it, another address."""
    return PrinterOut.model_validate(
        printers.change_printer(session, printer_id, asked.asked(), demo=settings.demo, now=clock())
    )


@router.post("/printers/{printer_id}/out-of-use", dependencies=SETS_UP, responses=responses(404))
def out_of_use(printer_id: RowId, session: WriteSession, clock: ClockDep) -> PrinterOut:
    """Offer it no more; what it printed stays on record."""
    return PrinterOut.model_validate(printers.take_out_of_use(session, printer_id, now=clock()))


@router.post("/printers/{printer_id}/in-use", dependencies=SETS_UP, responses=responses(404))
def in_use(printer_id: RowId, session: WriteSession) -> PrinterOut:
    """Offer it again."""
    return PrinterOut.model_validate(printers.take_into_use(session, printer_id))

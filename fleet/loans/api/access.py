"""Who may call, and the numbers in the addresses: what the loans' routes and pages share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from fleet.http.ids import RowId
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

LoanId = RowId
TabletId = RowId
Decider = Annotated[Actor, Depends(may(Permission.LOANS_DECIDE))]
Seconder = Annotated[Actor, Depends(may(Permission.SECOND_LOOKS_DECIDE))]
Recorder = Annotated[Actor, Depends(may(Permission.PEOPLE_RECORD))]
Technician = Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))]
Requester = Annotated[Actor, Depends(may(Permission.REQUESTS_MAKE))]
sees = [Depends(may(Permission.LOANS_SEE))]

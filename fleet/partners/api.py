"""Organisations for programs: list, look, add, change."""

from __future__ import annotations

from fastapi import Depends

from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners import queries, service
from fleet.partners.schemas import DetailsIn, OrganisationIn, OrganisationList, OrganisationOut
from fleet.users.access import may
from fleet.users.rules import Permission

router = ApiRouter(prefix="/partners", tags=["partners"])

OrganisationId = RowId


@router.get("", dependencies=[Depends(may(Permission.PARTNERS_SEE))], responses=responses())
def list_partners(session: ReadSession, query: Listed) -> OrganisationList:
    """Organisations, a page at a time. Filters: `kind`, `q` (part of the name)."""
    found = queries.find_organisations(session, query)
    items = [OrganisationOut.model_validate(each) for each in found.items]
    return OrganisationList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("", status_code=201, dependencies=[Depends(may(Permission.PARTNERS_SET_UP))], responses=responses(409))
def add_partner(asked: OrganisationIn, session: WriteSession, clock: ClockDep) -> OrganisationOut:
    """Add an organisation. One of the same kind and name is refused (409)."""
    return OrganisationOut.model_validate(service.add(session, asked.kind, asked.details(), now=clock()))


@router.get("/{organisation_id}", dependencies=[Depends(may(Permission.PARTNERS_SEE))], responses=responses(404))
def see_partner(organisation_id: OrganisationId, session: ReadSession) -> OrganisationOut:
    """One organisation."""
    return OrganisationOut.model_validate(service.get_organisation(session, organisation_id))


@router.put(
    "/{organisation_id}",
    dependencies=[Depends(may(Permission.PARTNERS_SET_UP))],
    responses=responses(404, 409),
)
def change_partner(organisation_id: OrganisationId, asked: DetailsIn, session: WriteSession) -> OrganisationOut:
    """Change everything but the kind. The last active hub cannot be put aside (409)."""
    return OrganisationOut.model_validate(service.change(session, organisation_id, asked.details()))

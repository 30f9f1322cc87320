"""A file of records: looked at row by row first, then kept whole or not at all, by the services that pages use too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput, DoorstepError
from fleet.happening import Happening
from fleet.partners.service import hub_of
from fleet.settings import Settings
from fleet.sheets.kinds import Kind, KindName
from fleet.sheets.rules import Looked, Read, looked_at, read_file
from fleet.sheets.service.data import BundlesIn, OffersIn, SimsIn
from fleet.sheets.service.gatherings import GatheringsIn
from fleet.sheets.service.here import Brings, Count, Here, uncounted
from fleet.sheets.service.labels import TagsIn
from fleet.sheets.service.loans import LoansIn, RequestsIn
from fleet.sheets.service.people import PeopleIn
from fleet.sheets.service.plans import ClosuresIn, CohortsIn, ProgrammesIn
from fleet.sheets.service.sources import DonationsIn, PartnersIn, PurchasesIn
from fleet.sheets.service.tablets import TabletsIn
from fleet.users.actor import Actor

BRINGS: dict[KindName, Callable[[Here], Brings]] = {
    KindName.PROGRAMMES: ProgrammesIn,
    KindName.COHORTS: CohortsIn,
    KindName.CLOSURES: ClosuresIn,
    KindName.TABLETS: TabletsIn,
    KindName.PARTNERS: PartnersIn,
    KindName.DONATIONS: DonationsIn,
    KindName.PURCHASES: PurchasesIn,
    KindName.TAGS: TagsIn,
    KindName.GATHERINGS: GatheringsIn,
    KindName.OFFERS: OffersIn,
    KindName.SIMS: SimsIn,
    KindName.BUNDLES: BundlesIn,
    KindName.PEOPLE: PeopleIn,
    KindName.REQUESTS: RequestsIn,
    KindName.LOANS: LoansIn,
}


class FileRefused(BadInput):
    """A file of which nothing was kept, because of what was found in its rows."""

    def __init__(self, looked: Looked) -> None:
        rows = [{"row": row.number, "problems": list(row.problems)} for row in looked.rows if row.problems]
        super().__init__(
            "Nothing was kept: the whole file is, or nothing of it.",
            fields={"file": looked.problem or "Some rows have a problem. Mend them and send the file again."},
            details={"rows": rows},
        )
        self.looked = looked


def look(
    session: Session,
    kind: Kind,
    text: str,
    *,
    actor: Actor,
    settings: Settings,
    now: datetime,
    count: Count = uncounted,
) -> Looked:
    """Say of every row what it would bring and what is wrong with it. Keeps nothing."""
    here = _here(session, actor, settings, now, count)
    return _looked(here, BRINGS[kind.name](here), read_file(text, kind.columns))


def keep(
    session: Session,
    kind: Kind,
    text: str,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    count: Count = uncounted,
) -> int:
    """Keep every row, or none: raises `FileRefused` while any has a problem. How many were kept."""
    here = _here(session, actor, settings, happening.now, count)
    reader, read = BRINGS[kind.name](here), read_file(text, kind.columns)
    looked = _looked(here, reader, read)
    if not looked.may_be_kept:
        raise FileRefused(looked)
    try:
        reader.keep(read.lines, actor=actor, happening=happening)
    except DoorstepError as refused:
        raise BadInput(f"Nothing was kept. {refused.message}", fields={"file": refused.message}) from refused
    return len(read.lines)


def _looked(here: Here, reader: Brings, read: Read) -> Looked:
    reader.begin(read.lines)
    return looked_at(read, here.count("Checking", read.lines), reader)


def _here(session: Session, actor: Actor, settings: Settings, now: datetime, count: Count) -> Here:
    return Here(session, settings, hub_of(session, actor).id, local_date(now), now, count)

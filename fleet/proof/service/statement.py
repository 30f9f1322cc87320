"""The statement for somebody who gave tablets: how many stand where, each with its certificate, and no person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.bench import service as bench
from fleet.clock import local_date
from fleet.errors import Conflict, NotFound, there
from fleet.intake.models import DonationBatch
from fleet.partners import service as partners
from fleet.partners.models import Organisation, OrganisationKind
from fleet.proof import queries
from fleet.proof.rules import FATE_WORDS, FATES, Fate, Numbers, numbers
from fleet.recycling import service as recycling
from fleet.recycling.words import number_of
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of
from fleet.users.actor import Actor
from fleet.users.rules import Role
from labels.errors import LabelError
from labels.statement import GiftLine, StatementPaper, render_statement

MOST_LINES = 1000
"""On paper; a giver of more reads the rest on the page, a sheet at a time."""


@dataclass(frozen=True)
class Gift:
    """What became of one tablet. `left`: how it left for recycling, in words."""

    tablet_id: int
    serial: str
    kind: str
    fate: Fate
    wiped_on: date | None
    certificate: str
    left: str

    @property
    def words(self) -> str:
        return FATE_WORDS[self.fate]


@dataclass(frozen=True)
class Statement:
    """What became of a giver's tablets, all of them or those of one donation."""

    giver: Organisation
    hub: Organisation
    batch: DonationBatch | None
    as_of: date
    numbers: Numbers


def giver_bound(actor: Actor) -> int | None:
    """The giver whose gifts are all that this person may see, or None for staff; 0, which nobody is, for a giver
    without an organisation."""
    return (actor.organisation_id or 0) if actor.role is Role.DONOR else None


def statement_of(
    session: Session, donor_id: int, *, batch_id: int | None = None, actor: Actor, now: datetime
) -> Statement:
    """Raises `NotFound`, which tells a giver no more about others."""
    bound = giver_bound(actor)
    if bound is not None and donor_id != bound:
        raise _no_such_giver()
    giver = partners.get_organisation(session, donor_id)
    if giver.kind is not OrganisationKind.DONOR:
        raise _no_such_giver()
    batch = _batch(session, donor_id, batch_id) if batch_id is not None else None
    found = numbers(queries.count_by_stage(session, donor_id, batch_id))
    return Statement(giver, partners.hub_of(session, actor), batch, local_date(now), found)


def gifts_of(session: Session, tablets: Sequence[Tablet]) -> tuple[Gift, ...]:
    """What became of each of these tablets."""
    ids = [tablet.id for tablet in tablets]
    certificates, consignments = bench.latest_certificates(session, ids), recycling.consignments_of(session, ids)
    made = []
    for tablet in tablets:
        consignment = consignments.get(tablet.id)
        gone = consignment is not None and consignment.handed_over_at is not None
        left = ""
        if consignment is not None and consignment.handed_over_at is not None and gone:
            day = f"{local_date(consignment.handed_over_at):%-d %B %Y}"
            left = f"with {consignment.carrier_name} on {day}, {number_of(consignment.id)}"
        made.append(
            Gift(
                tablet.id,
                tablet.serial,
                name_of(tablet),
                FATES[tablet.stage],
                local_date(tablet.certificate_at) if tablet.certificate_at else None,
                certificates.get(tablet.id, ""),
                left,
            )
        )
    return tuple(made)


def statement_pdf(session: Session, statement: Statement, *, settings: Settings) -> bytes:
    """The statement on paper. Raises `Conflict` where a name cannot be printed."""
    try:
        return render_statement(_paper(session, statement, settings))
    except LabelError as error:
        raise Conflict(str(error), next_step="Change what it names, then print again.") from error


def _paper(session: Session, statement: Statement, settings: Settings) -> StatementPaper:
    batch = statement.batch
    tablets = queries.gifts(session, statement.giver.id, batch.id if batch else None, limit=MOST_LINES)
    come = statement.numbers
    counted = tuple((FATE_WORDS[fate].capitalize(), str(come.by_fate[fate])) for fate in Fate if come.by_fate.get(fate))
    of = f"The donation of {batch.received_on:%-d %B %Y}" if batch else "Everything given"
    total = come.given + come.still_to_come
    return StatementPaper(
        giver=statement.giver.name,
        hub=statement.hub.name,
        hub_phone=statement.hub.help_phone or settings.hub_phone,
        as_of=statement.as_of,
        of=of,
        sentence=come.sentence,
        counted=(*counted, ("Together", str(come.given))) if counted else (),
        lines=tuple(_line(gift) for gift in gifts_of(session, tablets)),
        more=max(0, total - len(tablets)),
        check_at=f"{settings.public_url}/certificates/",
    )


def _line(gift: Gift) -> GiftLine:
    wiped = f"{gift.certificate}, {gift.wiped_on:%-d %b %Y}" if gift.certificate and gift.wiped_on else gift.certificate
    words = gift.words.capitalize()
    return GiftLine(gift.kind, gift.serial, f"{words}, {gift.left}" if gift.left else words, wiped)


def _batch(session: Session, donor_id: int, batch_id: int) -> DonationBatch:
    found = next((each for each in queries.batches_of(session, donor_id) if each.id == batch_id), None)
    return there(found, "There is no such donation.", next_step="Look for it in the list of donations.")


def _no_such_giver() -> NotFound:
    return NotFound("There is no such giver.", next_step="Look for them in the list of donations.")

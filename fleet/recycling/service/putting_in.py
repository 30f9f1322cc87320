"""Putting tablets into a consignment and taking them out again, and which are waiting for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from fleet.bench import service as bench
from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.happening import Happening
from fleet.recycling import queries
from fleet.recycling.models import Consignment, ConsignmentTablet
from fleet.recycling.rules import Candidate, ConsignmentKind, tablet_refusals, weight_problem, weight_words
from fleet.recycling.service.writer import begin, log, must_be_open
from fleet.recycling.words import number_of
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.users.actor import Actor


def put_in(
    session: Session,
    consignment_id: int,
    tablet_id: int,
    *,
    weight_grams: int,
    battery_in: bool,
    actor: Actor,
    happening: Happening,
) -> ConsignmentTablet:
    """Put a tablet into an open consignment. Raises `BadInput`, `Conflict`, and `MoveRefused` with every reason."""
    consignment, told = begin(session, consignment_id, "put_in", happening)
    before = queries.place_of(session, tablet_id)
    if told and before is not None:
        return before
    must_be_open(consignment)
    problem = weight_problem(weight_grams)
    if problem:
        raise BadInput("The tablet was not put in.", fields={"weight_grams": problem})
    tablet = tablets.lock_tablet(session, tablet_id)
    candidate = candidates(session, [tablet])[tablet.id]
    reasons = tablet_refusals(candidate, consignment.kind)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. Tablet {tablet_id} was not put into consignment {number_of(consignment_id)}.",
            reasons=reasons,
            next_step="Settle what is listed, then put it in.",
        )
    row = ConsignmentTablet(
        consignment_id=consignment_id,
        tablet_id=tablet_id,
        weight_grams=weight_grams,
        battery_in=battery_in,
        certificate_number="" if tablet.destruction_ordered else candidate.certificate,
        added_at=happening.now,
    )
    session.add(row)
    words = f"Put into consignment {number_of(consignment_id)}"
    _tell(session, consignment, tablet, "put_in", words, weight_words(weight_grams), actor=actor, happening=happening)
    return row


def take_out(session: Session, consignment_id: int, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """Take a tablet out of an open consignment; it waits for another. Raises `Conflict`."""
    consignment, told = begin(session, consignment_id, "taken_out", happening)
    if told:
        return
    must_be_open(consignment)
    tablet, row = tablets.lock_tablet(session, tablet_id), queries.place_of(session, tablet_id)
    if row is None or row.consignment_id != consignment_id:
        raise Conflict(
            f"Nothing was changed. Tablet {tablet_id} is not in this consignment.", next_step="Reload the page."
        )
    session.delete(row)
    words = f"Taken out of consignment {number_of(consignment_id)}"
    _tell(session, consignment, tablet, "taken_out", words, "", actor=actor, happening=happening)


def weighed(session: Session, consignment_id: int) -> queries.Sum:
    """How many tablets it holds and what they weigh."""
    return queries.sums(session, [consignment_id]).get(consignment_id, queries.Sum())


def waiting(session: Session) -> Sequence[Tablet]:
    """Tablets that wait for recycling and are in no consignment, the longest waiting first."""
    return queries.waiting(session)


def consignments_of(session: Session, tablet_ids: Sequence[int]) -> Mapping[int, Consignment]:
    """By tablet, the consignment that it is in or left with."""
    return queries.consignments_of(session, tablet_ids)


def refusals_by_kind(session: Session, found: Sequence[Tablet], kind: ConsignmentKind) -> Mapping[int, tuple[str, ...]]:
    """By tablet, why it may not go into a consignment of this kind; empty for one that may."""
    return {tablet_id: tablet_refusals(each, kind) for tablet_id, each in candidates(session, found).items()}


def candidates(session: Session, found: Sequence[Tablet]) -> Mapping[int, Candidate]:
    """What the guard looks at, of each of these tablets."""
    ids = [tablet.id for tablet in found]
    certificates = bench.latest_certificates(session, ids)
    damaged, elsewhere = queries.with_a_bad_battery(session, ids), queries.consignments_of(session, ids)
    holds = queries.open_holds(session, ids)
    return {
        tablet.id: Candidate(
            stage=tablet.stage,
            data=tablet.data,
            certificate=certificates.get(tablet.id, ""),
            destruction_ordered=tablet.destruction_ordered,
            holds=holds.get(tablet.id, frozenset()),
            damaged=tablet.id in damaged,
            elsewhere=number_of(elsewhere[tablet.id].id) if tablet.id in elsewhere else "",
        )
        for tablet in found
    }


def _tell(
    session: Session,
    consignment: Consignment,
    tablet: Tablet,
    kind: str,
    words: str,
    more: str,
    *,
    actor: Actor,
    happening: Happening,
) -> None:
    """In the log of both. The client's own id belongs to the consignment's."""
    theirs = Happening(happening.now, happening.source, happening.client_at, reason=more)
    tablets.note(session, tablet, kind=f"consignment_{kind}", words=words, actor=actor, happening=theirs)
    said = f"Tablet {tablet.id} {'put in' if kind == 'put_in' else 'taken out'}"
    log(session, consignment, kind, said, actor=actor, happening=happening)

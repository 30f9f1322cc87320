"""Where a tablet was seen last that is said to be back, and the last sign of its being used (rule R19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.chasing.queries import searching
from fleet.chasing.rules.traces import Use, Used, last_use
from fleet.clock import local_date
from fleet.deliveries.words import ACTION_WORDS
from fleet.desk import service as desk
from fleet.desk.words import SCANNED_WORDS
from fleet.loans import service as loans
from fleet.loans.models import ReturnClaim
from fleet.loans.rules import said
from fleet.partners import service as partners
from fleet.tablets import service as tablets


@dataclass(frozen=True)
class Traces:
    """What the books and the network say, each as words for a row; and what is worth saying first."""

    shelf: str
    scan: str
    sign_of_life: str
    doubt: str = ""
    """What was seen since they said that they gave it back; empty when nothing was."""


@dataclass(frozen=True)
class _Seen:
    day: date
    words: str
    at_the_hub: bool


def traces(session: Session, claim: ReturnClaim) -> Traces:
    """What is known of the tablet of a claim, and of its data."""
    hub = partners.get_organisation(session, loans.get_loan(session, claim.loan_id).hub_id)
    zone = ZoneInfo(hub.time_zone)
    claimed_on = local_date(claim.made_at, zone)
    scan, bench, use = _last_scan(session, claim, zone), _on_a_bench(session, claim, zone), _last_use(session, claim)
    return Traces(
        shelf=_shelf(session, claim, zone),
        scan=scan.words if scan is not None else "Nobody has scanned it",
        sign_of_life=bench.words if bench is not None else _use_words(use),
        doubt=_doubt(claimed_on, scan, bench, use),
    )


def _shelf(session: Session, claim: ReturnClaim, zone: ZoneInfo) -> str:
    found = searching.put_away(session, claim.tablet_id) if claim.tablet_id is not None else None
    if found is None:
        return "It was never put on one"
    place, shelf = found
    lies = desk.still_counts(place, tablets.get_tablet(session, place.tablet_id))
    return shelf.name if lies else f"{shelf.name} until it went out, put there on {said(local_date(place.at, zone))}"


def _last_scan(session: Session, claim: ReturnClaim, zone: ZoneInfo) -> _Seen | None:
    """At a desk or by a courier, whichever was later."""
    if claim.tablet_id is None:
        return None
    at_desk = searching.last_desk_scan(session, claim.tablet_id)
    by_courier = searching.last_courier_scan(session, claim.tablet_id)
    if at_desk is not None and (by_courier is None or at_desk[0].at >= by_courier.effective_at):
        scan, shelf = at_desk
        day, where = local_date(scan.at, zone), f", {shelf.name}" if shelf is not None else ""
        words = f"{SCANNED_WORDS[scan.mode]} at the desk{where}, {said(day)}, by {scan.actor}"
        return _Seen(day, words, at_the_hub=True)
    if by_courier is None:
        return None
    day = local_date(by_courier.effective_at, zone)
    words = f"{ACTION_WORDS[by_courier.action]}, {said(day)}, by {by_courier.courier_name}"
    return _Seen(day, words, at_the_hub=False)


def _on_a_bench(session: Session, claim: ReturnClaim, zone: ZoneInfo) -> _Seen | None:
    """Plugged in at a bench since the person had it."""
    found = searching.seen_on_a_bench(session, claim.tablet_id) if claim.tablet_id is not None else None
    started_on = loans.get_loan(session, claim.loan_id).started_on
    if found is None or found[0].seen_at is None:
        return None
    slot, bench = found
    day = local_date(found[0].seen_at, zone)
    if started_on is not None and day <= started_on:
        return None
    return _Seen(day, f"It is plugged in on bench {bench.name}, {slot.place}, seen on {said(day)}", at_the_hub=True)


def _last_use(session: Session, claim: ReturnClaim) -> Use | None:
    readings = searching.readings_of_loan(session, claim.loan_id)
    return last_use([Used(each.read_on, each.period_begins_on, each.used_mb) for each in readings])


def _use_words(use: Use | None) -> str:
    if use is None:
        return "None: nobody told that its data was used"
    since = f", after {said(use.after)}" if use.after is not None else ""
    return f"Its data was used by {said(use.by)}{since}"


def _doubt(claimed_on: date, scan: _Seen | None, bench: _Seen | None, use: Use | None) -> str:
    if bench is not None:
        return f"{bench.words}."
    if scan is not None and scan.at_the_hub and scan.day >= claimed_on:
        return f"It was scanned since they said so: {scan.words[:1].lower()}{scan.words[1:]}."
    if use is not None and use.is_after(claimed_on):
        return f"Its data was used since they said so, by {said(use.by)}. Perhaps they have it still; ask kindly."
    return ""

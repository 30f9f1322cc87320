"""A scan on any page: what it is, and where it leads the person who scanned it. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.bench import service as bench
from fleet.deliveries import service as deliveries
from fleet.desk.rules import card_of, is_shelf
from fleet.errors import BadInput, NotFound
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.words import label_of, left_words
from fleet.tags import service as tags
from fleet.tags.rules import looks_like_code, parse, shown
from fleet.users.actor import Actor
from fleet.users.rules import Permission


@dataclass(frozen=True)
class Finding:
    """Where a scan leads (`href`), or what is said about it and what to do next."""

    said: str = ""
    next_step: str = ""
    href: str = ""


def find(session: Session, text: str, *, actor: Actor, settings: Settings, now: datetime) -> Finding:
    """What a label's code or address, a card or a maker's serial means to this person."""
    text = text.strip()
    if not text:
        return Finding("Nothing was scanned.", "Scan it again.")
    if card_of(text) is not None or is_shelf(text):
        return _for_the_desk(text, actor)
    if is_bench_card(text):
        return Finding("This is a card of the bench wall.", "Open the bench, then scan it there.")
    if not actor.may(Permission.TABLETS_SEE):
        return _without_tablets(session, text, actor=actor, settings=settings, now=now)
    if looks_like_code(text) or "://" in text:
        return _by_code(session, text)
    return _by_serial(session, text)


def _for_the_desk(text: str, actor: Actor) -> Finding:
    """A card or a shelf is answered at the desk, which opens with it."""
    if not actor.may(Permission.DESK_WORK):
        return Finding("This belongs to the hub's desk.", "Leave it there.")
    return Finding(href=f"/desk#scan={'-'.join(text.upper().replace('-', ' ').replace(':', ' ').split())}")


def is_bench_card(text: str) -> bool:
    return "-".join(text.upper().replace("-", " ").split()) in {card.code for card in bench.cards()}


def _by_code(session: Session, text: str) -> Finding:
    try:
        tag = tags.lookup(session, text)
    except BadInput as problem:
        found = _by_serial(session, text)
        return found if found.href else Finding(problem.fields["code"], "Then scan it again.")
    except NotFound as problem:
        return Finding(problem.message, problem.next_step)
    if tag.tablet_id is None:
        return Finding(f"{shown(tag.code)} is a label of ours that is on no tablet.", "Scan another.")
    return _opens(tablets.get_tablet(session, tag.tablet_id))


def _by_serial(session: Session, text: str) -> Finding:
    found = tablets.tablets_with_serial(session, text)
    if len(found) == 1:
        return _opens(found[0])
    if found:
        return Finding(f"{len(found)} tablets have the serial {text}.", "Scan the label instead.")
    gone = tablets.gone_with_serial(session, text)
    if gone is not None:
        name = label_of(gone.tablet) or gone.tablet.serial
        left = f"{name} left our stock: it {left_words(gone.tablet.stage, gone.at)}."
        return Finding(left, "Take it out, and tell a coordinator that it is here.")
    return Finding(f"{text} is no label of ours, no card, and no serial in our books.", "Scan it again.")


def _opens(tablet: Tablet) -> Finding:
    if tablet.stage is Stage.LOST:
        return Finding(href=f"/desk/lost/{tablet.id}")
    return Finding(href=f"/tablets/{tablet.id}")


def _without_tablets(session: Session, text: str, *, actor: Actor, settings: Settings, now: datetime) -> Finding:
    """A courier is led to the stop; of anybody else's tablet they learn no more than that it is not theirs."""
    reading = parse(text)
    if not reading.good:
        return Finding("This is no label of ours.", "Scan the square on the label.")
    code = shown(reading.code)
    if not actor.may(Permission.DELIVERIES_DO):
        return Finding(href=f"/t/{code}")
    tablet_id = tags.tablet_of(session, text)
    if tablet_id is not None and tablets.get_tablet(session, tablet_id).stage is Stage.LOST:
        return Finding(href=f"/desk/lost/{tablet_id}")
    today = deliveries.today_of(session, actor=actor, settings=settings, now=now)
    stop = next((stop for run in today.runs for stop in run.stops if code in (stop.code, stop.brings_code)), None)
    if stop is not None:
        return Finding(href=f"/run/stops/{stop.job_id}")
    return Finding(f"{code} is not on a run of yours.", "Ring the hub before you carry it.")

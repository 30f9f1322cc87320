"""Codes for tablets: made, printed on sheets, scanned back, replaced, looked up. The only writer of a tag's state."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, MoveRefused, NotFound, there
from fleet.happening import Happening
from fleet.tablets import service as tablets
from fleet.tags import queries
from fleet.tags.models import Tag
from fleet.tags.rules import BY_MOVE, TagMove, TagState, looks_like_code, new_code, parse, refusals, shown
from fleet.users.actor import Actor
from fleet.users.rules import Role

LONGEST_NOTE = 200
_FINDER = Actor(user_id=None, name="A finder", roles=frozenset(), role=Role.SYSTEM)


class WrongLabel(Conflict):
    """A label was scanned that is not the label of the tablet in hand."""

    code = "wrong_label"


def lookup(session: Session, text: str) -> Tag:
    """The tag whose code this is, however it was typed, or scanned as an address.

    Raises `BadInput` when it cannot be a code, saying what to look at, and `NotFound` when we never made it.
    """
    reading = parse(text)
    if not reading.good:
        raise BadInput("Nothing was changed. The code could not be used.", fields={"code": reading.problem})
    return there(
        queries.tag_by_code(session, reading.code),
        f"{shown(reading.code)} reads well, but it is not one of our labels.",
        next_step="Look at the name on the label: it may belong to another lender.",
    )


def tablet_of(session: Session, text: str) -> int | None:
    """The tablet that a scanned or typed code belongs to, of an old label too; None when it is no code of ours."""
    reading = parse(text)
    found = queries.tag_by_code(session, reading.code) if looks_like_code(text) and reading.good else None
    return found.tablet_id if found else None


def codes_of(session: Session, tablet_ids: Sequence[int]) -> Mapping[int, str]:
    """The code on each tablet's label as people see it (K7F3-QX), by tablet id; those without a label are left out."""
    return {tablet_id: shown(tag.code) for tablet_id, tag in queries.attached_tags(session, tablet_ids).items()}


def printed(session: Session, tablet_ids: Sequence[int]) -> frozenset[int]:
    """Those whose present label has been printed."""
    tags = queries.attached_tags(session, tablet_ids)
    return frozenset(tablet_id for tablet_id, tag in tags.items() if tag.printed_at is not None)


def make_tags(session: Session, tablet_ids: Sequence[int], *, actor: Actor, happening: Happening) -> list[Tag]:
    """The tag of each tablet, in the order asked for, made where it has none yet. Raises `NotFound`."""
    have = dict(queries.attached_tags(session, tablet_ids))
    for tablet_id in sorted(set(tablet_ids) - have.keys()):
        tag = _blank(session, happening)
        have[tablet_id] = attach(session, tag.code, tablet_id, actor=actor, happening=happening)
    return [have[tablet_id] for tablet_id in dict.fromkeys(tablet_ids)]


def attach(session: Session, code: str, tablet_id: int, *, actor: Actor, happening: Happening) -> Tag:
    """Give a blank tag to a tablet that has none. Raises `Conflict` when it has one, `MoveRefused` when it is used."""
    tablet = tablets.lock_tablet(session, tablet_id)
    tag = lookup(session, code)
    has = queries.attached_tags(session, [tablet_id]).get(tablet_id)
    if has is not None:
        raise Conflict(
            f"Nothing was changed. Tablet {tablet.id} already carries {shown(has.code)}.",
            next_step="Print that label again, or replace it with a reason.",
        )
    _move(tag, TagMove.ATTACH, happening)
    tag.tablet_id = tablet_id
    session.flush()
    tablets.set_label(session, tablet_id, tag.code, actor=actor, happening=happening)
    return tag


def confirm_scan(session: Session, code: str, tablet_id: int, *, actor: Actor, happening: Happening) -> Tag:
    """Record that a tablet's own label was scanned back from it.

    Raises `WrongLabel` for any other label, saying whose it is. The same `client_id` twice changes nothing.
    """
    tag = lookup(session, code)
    tablet = tablets.lock_tablet(session, tablet_id)
    own = queries.attached_tags(session, [tablet_id]).get(tablet_id)
    if own is None or own.id != tag.id:
        raise _wrong_label(tag, own, tablet_id)
    if happening.client_id is not None and queries.told_before(session, happening.client_id):
        return tag
    tag.confirmed_at = happening.now
    tablets.confirm_label(session, tablet.id, actor=actor, happening=happening)
    return tag


def replace(session: Session, tablet_id: int, *, reason: str, actor: Actor, happening: Happening) -> Tag:
    """Retire the label of a tablet and make another; the old code still leads to it. Raises `MoveRefused`."""
    tablets.lock_tablet(session, tablet_id)
    old = queries.attached_tags(session, [tablet_id]).get(tablet_id)
    if old is None:
        raise Conflict(
            f"Nothing was changed. Tablet {tablet_id} has no label to replace.", next_step="Print its first label."
        )
    _move(old, TagMove.REPLACE, happening, reason=reason)
    old.replaced_at, old.replace_reason = happening.now, reason.strip()
    session.flush()
    return attach(session, _blank(session, happening).code, tablet_id, actor=actor, happening=happening)


def _move(tag: Tag, name: TagMove, happening: Happening, *, reason: str = "") -> None:
    """The one place where a tag's state changes."""
    reasons = refusals(name, tag.state, reason=reason)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. Label {shown(tag.code)} was not {BY_MOVE[name].words.lower()}.",
            reasons=reasons,
            next_step="Settle what is listed, then try again.",
        )
    tag.state = BY_MOVE[name].target


def _blank(session: Session, happening: Happening) -> Tag:
    for _ in range(20):
        code = new_code()
        if queries.tag_by_code(session, code) is None:
            tag = Tag(code=code, state=TagState.BLANK, made_at=happening.now)
            session.add(tag)
            session.flush()
            return tag
    raise Conflict("No free code was found in twenty tries.", next_step="Try again.")


def _wrong_label(tag: Tag, own: Tag | None, tablet_id: int) -> WrongLabel:
    if tag.tablet_id == tablet_id:
        said = f"{shown(tag.code)} is an old label of this tablet and was replaced."
    elif tag.tablet_id is None:
        said = f"{shown(tag.code)} is a blank label that belongs to no tablet yet."
    else:
        said = f"{shown(tag.code)} is the label of another tablet (number {tag.tablet_id})."
    wanted = f"Take it off and scan {shown(own.code)}." if own else "Print a label for this tablet first."
    return WrongLabel(
        f"Nothing was confirmed. {said}", next_step=wanted, details={"tablet_id": tag.tablet_id, "wanted": tablet_id}
    )


def check_finder_note(where: str) -> None:
    """Raises `BadInput` for a note that says nothing or too much."""
    if not where.strip():
        raise BadInput("No note was left.", fields={"where": "Write a few words about the place."})
    if len(where) > LONGEST_NOTE:
        raise BadInput("No note was left.", fields={"where": f"Write at most {LONGEST_NOTE} letters."})


def note_from_finder(session: Session, code: str, *, where: str, happening: Happening) -> None:
    """Add to a tablet's log where a stranger found it. Moves nothing: staff decide what it means."""
    check_finder_note(where)
    tablet_id = tablet_of(session, code)
    if tablet_id is None:
        raise NotFound("We do not know this label.", next_step="Please ring us instead.")
    tablet = tablets.lock_tablet(session, tablet_id)
    said = dataclasses.replace(happening, reason=where.strip())
    tablets.note(session, tablet, kind="finder", words="A finder says where it is", actor=_FINDER, happening=said)

"""The one writer of a tag's state: codes are made, claimed, taken back, replaced, voided and scanned back here.

Every move is one conditional statement, so that of two people who want the same label exactly one gets it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from fleet.errors import Conflict, MoveRefused
from fleet.happening import Happening
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import FINAL
from fleet.tags import queries
from fleet.tags.looking import lookup, replaced_by
from fleet.tags.models import Tag
from fleet.tags.rules import BY_MOVE, MadeAs, TagMove, TagState, new_code, refusals, shown
from fleet.users.actor import Actor


class WrongLabel(Conflict):
    """A label was scanned that is not the label of the tablet in hand."""

    code = "wrong_label"


class LabelTaken(Conflict):
    """A label that somebody wants to claim is on a tablet already, or can be claimed no more."""

    code = "label_taken"


def make_tags(session: Session, tablet_ids: Sequence[int], *, actor: Actor, happening: Happening) -> list[Tag]:
    """The tag of each tablet, in the order asked for, made where it has none yet. Raises `NotFound`."""
    have = dict(queries.attached_tags(session, tablet_ids))
    for tablet_id in sorted(set(tablet_ids) - have.keys()):
        tablets.lock_tablet(session, tablet_id)
        (tag,) = make_blanks(session, 1, made_as=MadeAs.TABLET, happening=happening)
        have[tablet_id] = attach(session, tag.code, tablet_id, actor=actor, happening=happening)
    return [have[tablet_id] for tablet_id in dict.fromkeys(tablet_ids)]


def make_blanks(session: Session, count: int, *, made_as: MadeAs = MadeAs.BLANK, happening: Happening) -> Sequence[Tag]:
    """Codes that belong to no tablet yet."""
    codes: set[str] = set()
    while len(codes) < count:
        codes |= {new_code() for _ in range(count - len(codes))}
        codes -= queries.codes_in_use(session, codes)
    made = [Tag(code=code, state=TagState.BLANK, made_as=made_as, made_at=happening.now) for code in sorted(codes)]
    session.add_all(made)
    session.flush()
    return made


def take_in(session: Session, code: str, *, made_as: MadeAs, happening: Happening) -> Tag:
    """A code that was printed before it came on record, still blank. Raises `LabelTaken` for one that is here."""
    known = queries.tag_by_code(session, code)
    if known is not None:
        raise _taken(session, known)
    made = Tag(code=code, state=TagState.BLANK, made_as=made_as, made_at=happening.now)
    session.add(made)
    session.flush()
    return made


def claim(session: Session, code: str, tablet_id: int, *, actor: Actor, happening: Happening) -> Tag:
    """Give a label to the tablet it was stuck on. Claiming it again for the same tablet changes nothing.

    Raises `LabelTaken` saying whose it is, and `Conflict` for a tablet that carries another label. The same
    `client_id` twice gets the same answer. It is not confirmed by this: it has to be scanned back from the tablet.
    """
    tablet = tablets.lock_tablet(session, tablet_id)
    tag = lookup(session, code)
    if tag.state is TagState.ATTACHED and tag.tablet_id == tablet_id:
        return tag
    if happening.client_id is not None and queries.told_before(session, happening.client_id):
        return _as_it_was_told(session, tag, tablet_id, happening.client_id)
    if tag.state is not TagState.BLANK:
        raise _taken(session, tag)
    return _attach(session, tag, tablet, actor=actor, happening=happening)


def attach(
    session: Session, code: str, tablet_id: int, *, actor: Actor, happening: Happening, as_it_was: bool = False
) -> Tag:
    """Give a blank tag to a tablet that has none. Raises `Conflict` when it has one, `LabelTaken` when it is used.

    `as_it_was` is for history: a tablet that has left the fleet carried it too.
    """
    tablet = tablets.lock_tablet(session, tablet_id)
    return _attach(session, lookup(session, code), tablet, actor=actor, happening=happening, as_it_was=as_it_was)


def take_back(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> Tag:
    """Make a label blank again that was claimed for this tablet by mistake. Raises `MoveRefused`."""
    tablet = tablets.lock_tablet(session, tablet_id)
    tag = _own(session, tablet)
    reasons = mistake_refusals(tag, tablet)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. Label {shown(tag.code)} stays the label of tablet {tablet_id}.",
            reasons=reasons,
            next_step="If it has to come off, replace it with a reason.",
        )
    _move(session, tag, TagMove.TAKE_BACK, reason=happening.reason, tablet_id=None, attached_at=None)
    words = f"Label {shown(tag.code)} taken back, claimed by mistake"
    tablets.set_label(session, tablet_id, "", words=words, actor=actor, happening=happening)
    return tag


def mistake_refusals(tag: Tag, tablet: Tablet) -> tuple[str, ...]:
    """Why a claim of this label cannot be taken back any more, one sentence each; empty when it can."""
    reasons = []
    if tag.made_as is not MadeAs.BLANK:
        reasons.append("It was made for this tablet, and never was a blank label.")
    if tag.confirmed_at is not None:
        reasons.append("It was scanned back from this tablet since.")
    if tablet.left_hub_at is not None and tag.attached_at is not None and tablet.left_hub_at >= tag.attached_at:
        reasons.append("The tablet has been out of the hub with it.")
    return tuple(reasons)


def replace(
    session: Session,
    tablet_id: int,
    *,
    reason: str,
    actor: Actor,
    happening: Happening,
    with_code: str = "",
    as_it_was: bool = False,
) -> Tag:
    """Retire the label of a tablet; the old code still leads to it. Raises `MoveRefused`.

    `with_code` names the blank label that takes its place; without one a code is made, to be printed. `as_it_was` is
    for history, as in `attach`.
    """
    tablet = tablets.lock_tablet(session, tablet_id)
    old = _own(session, tablet)
    following = lookup(session, with_code) if with_code.strip() else None
    if following is not None and following.state is not TagState.BLANK:
        raise _taken(session, following)
    _move(session, old, TagMove.REPLACE, reason=reason, replaced_at=happening.now, replace_reason=reason.strip())
    if following is None:
        (following,) = make_blanks(session, 1, made_as=MadeAs.TABLET, happening=happening)
    told = dataclasses.replace(happening, reason=reason)
    made = _attach(session, following, tablet, actor=actor, happening=told, instead_of=old, as_it_was=as_it_was)
    old.replaced_by_id = made.id
    session.flush()
    return made


def make_void(session: Session, tags: Sequence[Tag], *, reason: str, happening: Happening) -> list[Tag]:
    """See to it that labels that are still blank are claimed by nobody; the others are left alone."""
    made = []
    for tag in tags:
        if tag.state is TagState.BLANK:
            _move(session, tag, TagMove.MAKE_VOID, reason=reason, voided_at=happening.now, void_reason=reason.strip())
            made.append(tag)
    return made


def confirm_scan(session: Session, code: str, tablet_id: int, *, actor: Actor, happening: Happening) -> Tag:
    """Record that a tablet's own label was scanned back from it.

    Raises `WrongLabel` for any other label, saying whose it is. The same `client_id` twice changes nothing.
    """
    tag = lookup(session, code)
    tablet = tablets.lock_tablet(session, tablet_id)
    own = queries.attached_tag(session, tablet_id)
    if own is None or own.id != tag.id:
        raise _wrong_label(session, tag, own, tablet_id)
    if happening.client_id is not None and queries.told_before(session, happening.client_id):
        return tag
    tag.confirmed_at = happening.now
    tablets.confirm_label(session, tablet.id, actor=actor, happening=happening)
    return tag


def whose(session: Session, tag: Tag) -> str:
    """What a label is, as a sentence for somebody who holds it and expected something else."""
    code = shown(tag.code)
    if tag.state is TagState.BLANK:
        return f"{code} is a blank label that belongs to no tablet yet."
    if tag.state is TagState.VOID or tag.tablet_id is None:
        return f"{code} was made void ({tag.void_reason or 'no reason is known'}) and stays so."
    if tablets.get_tablet(session, tag.tablet_id).stage in FINAL:
        return f"{code} belongs to tablet {tag.tablet_id}, which has left the fleet. Its code is not used again."
    if tag.state is TagState.REPLACED:
        return f"{code} is an old label of tablet {tag.tablet_id} and was replaced by {replaced_by(session, tag)}."
    return f"{code} is the label of tablet {tag.tablet_id}."


def _attach(
    session: Session,
    tag: Tag,
    tablet: Tablet,
    *,
    actor: Actor,
    happening: Happening,
    instead_of: Tag | None = None,
    as_it_was: bool = False,
) -> Tag:
    """On a tablet that is locked. The database decides who was first."""
    has = queries.attached_tag(session, tablet.id)
    if has is not None:
        raise Conflict(
            f"Nothing was changed. Tablet {tablet.id} already carries {shown(has.code)}.",
            next_step="Print that label again, or replace it with a reason.",
            details={"tablet_id": tablet.id, "code": shown(has.code)},
        )
    _move(session, tag, TagMove.ATTACH, tablet_id=tablet.id, attached_at=happening.now)
    words = f"Given the label {shown(tag.code)}" + (f" instead of {shown(instead_of.code)}" if instead_of else "")
    told = dataclasses.replace(happening, details={**happening.details, "code": shown(tag.code)})
    tablets.set_label(session, tablet.id, tag.code, words=words, actor=actor, happening=told, as_it_was=as_it_was)
    return tag


def _move(session: Session, tag: Tag, name: TagMove, *, reason: str = "", **values: Any) -> None:
    """The one place where a tag's state changes: asks the table, then lets the database decide."""
    reasons = refusals(name, tag.state, reason=reason)
    if reasons and tag.state is BY_MOVE[name].source:
        raise _refused(tag, name, reasons)
    if not queries.move_tag(session, tag, BY_MOVE[name], **values):
        session.refresh(tag)
        if name is TagMove.ATTACH:
            raise _taken(session, tag)
        raise _refused(tag, name, refusals(name, tag.state, reason=reason))


def _refused(tag: Tag, name: TagMove, reasons: tuple[str, ...]) -> MoveRefused:
    return MoveRefused(
        f"Nothing was changed. Label {shown(tag.code)} was not {BY_MOVE[name].words.lower()}.",
        reasons=reasons,
        next_step="Settle what is listed, then try again.",
    )


def _own(session: Session, tablet: Tablet) -> Tag:
    own = queries.attached_tag(session, tablet.id)
    if own is None:
        raise Conflict(
            f"Nothing was changed. Tablet {tablet.id} carries no label.",
            next_step="Print its first label, or scan a blank one for it.",
        )
    return own


def _as_it_was_told(session: Session, tag: Tag, tablet_id: int, client_id: str) -> Tag:
    if queries.told_of_label(session, client_id, tablet_id) != shown(tag.code):
        raise Conflict(
            "Nothing was changed. This client_id was used for something else before.",
            next_step="Use an id of its own for each claim.",
        )
    return tag


def _taken(session: Session, tag: Tag) -> LabelTaken:
    return LabelTaken(
        f"Nothing was claimed. {whose(session, tag)}",
        next_step="Take it off, and stick another blank label on.",
        details={
            "code": shown(tag.code),
            "state": tag.state.value,
            "tablet_id": tag.tablet_id,
            "replaced_by": replaced_by(session, tag),
        },
    )


def _wrong_label(session: Session, tag: Tag, own: Tag | None, tablet_id: int) -> WrongLabel:
    said = whose(session, tag)
    if tag.tablet_id == tablet_id:
        said = f"{shown(tag.code)} is an old label of this tablet and was replaced by {replaced_by(session, tag)}."
    wanted = f"Take it off and scan {shown(own.code)}." if own else "Scan a blank label for this tablet, or print one."
    return WrongLabel(
        f"Nothing was confirmed. {said}", next_step=wanted, details={"tablet_id": tag.tablet_id, "wanted": tablet_id}
    )

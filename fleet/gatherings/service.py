"""Proposing, editing, approving and ending gatherings, and the choice of those that may become tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy.orm import Session

from fleet.errors import BadInput, MoveRefused, NotAllowed, NotFound, there
from fleet.gatherings import queries
from fleet.gatherings.links import link_problem
from fleet.gatherings.models import Gathering, GatheringEvent
from fleet.gatherings.rules import (
    BY_MOVE,
    MOST_CHOSEN,
    SHOWN_ON_A_TABLET,
    Entry,
    GatheringMove,
    GatheringState,
    entry_problems,
    refusals,
)
from fleet.gatherings.words import LANGUAGES
from fleet.happening import Happening
from fleet.partners.service import get_organisation, hub_of
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.webhooks import service as webhooks
from fleet.webhooks.rules import Subject


def get_gathering(session: Session, gathering_id: int) -> Gathering:
    """Raises `NotFound`."""
    return there(
        queries.gathering(session, gathering_id),
        "There is no such gathering.",
        next_step="Look for it in the list of gatherings.",
    )


def gathering_for(session: Session, gathering_id: int, actor: Actor) -> Gathering:
    """The same, for this viewer: a partner sees what is approved, and what they proposed themselves."""
    found = get_gathering(session, gathering_id)
    if found.state is not GatheringState.APPROVED and not _sees_all(actor) and found.host_id != actor.organisation_id:
        raise NotFound("There is no such gathering.", next_step="Look for it in the list of gatherings.")
    return found


def host_seen(actor: Actor) -> int | None:
    """Whose unapproved gatherings this viewer sees: None for everybody's, 0 for nobody's."""
    return None if _sees_all(actor) else actor.organisation_id or 0


def may_see_link(actor: Actor, gathering: Gathering) -> bool:
    """A link lets whoever has it into the meeting: for coordinators, and for the host's own people."""
    own = actor.may(Permission.GATHERINGS_PROPOSE) and gathering.host_id == actor.organisation_id
    return actor.may(Permission.GATHERINGS_DECIDE) or own


def may_edit(actor: Actor, gathering: Gathering) -> bool:
    """A coordinator always; a partner their own, until it is approved."""
    own = actor.may(Permission.GATHERINGS_PROPOSE) and gathering.host_id == actor.organisation_id
    return actor.may(Permission.GATHERINGS_DECIDE) or (own and gathering.state is GatheringState.PROPOSED)


def refuse_edit(actor: Actor, gathering: Gathering) -> None:
    """Raises `NotAllowed` for somebody who may not change it."""
    if not may_edit(actor, gathering):
        raise NotAllowed("Nothing was changed. This gathering is approved, or not yours.", next_step="Ask the hub.")


def propose(session: Session, entry: Entry, *, actor: Actor, happening: Happening) -> Gathering:
    """Add an entry. A coordinator's is approved at once; a partner's waits for a coordinator, and is their own.

    The same `happening.client_id` twice gives the same entry. Raises `BadInput`.
    """
    before = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if before is not None:
        return get_gathering(session, before.gathering_id)
    decides = actor.may(Permission.GATHERINGS_DECIDE)
    if not decides and actor.organisation_id is not None:
        entry = replace(entry, host_id=actor.organisation_id)
    check_entry(session, entry, "The gathering was not added.")
    made = Gathering(
        hub_id=hub_of(session, actor).id,
        state=GatheringState.APPROVED if decides else GatheringState.PROPOSED,
        revision=1,
        proposed_by=actor.name,
        created_at=happening.now,
        changed_at=happening.now,
        **_tidied(entry),
    )
    session.add(made)
    session.flush()
    _note(session, made, "added", "Added to the catalogue" if decides else "Proposed", actor, happening)
    return made


def edit(session: Session, gathering_id: int, entry: Entry, *, actor: Actor, happening: Happening) -> Gathering:
    """Change an entry. A change that a tile shows makes every tablet with that tile out of date.

    Raises `BadInput`, and `NotAllowed` for somebody else's or, from a partner, one that is approved.
    """
    gathering = _locked(session, gathering_id)
    if happening.client_id and queries.event_by_client_id(session, happening.client_id) is not None:
        return gathering
    refuse_edit(actor, gathering)
    if not actor.may(Permission.GATHERINGS_DECIDE):
        entry = replace(entry, host_id=gathering.host_id)
    check_entry(session, entry, "Nothing was changed.")
    values = _tidied(entry)
    changed = sorted(name for name, value in values.items() if getattr(gathering, name) != value)
    if not changed:
        return gathering
    for name in changed:
        setattr(gathering, name, values[name])
    if SHOWN_ON_A_TABLET.intersection(changed):
        gathering.revision += 1
    gathering.changed_at = happening.now
    words = f"Changed: {', '.join(name.removesuffix('_id').replace('_', ' ') for name in changed)}"
    _note(session, gathering, "edited", words, actor, replace(happening, details={"changed": changed}))
    return gathering


def move(session: Session, gathering_id: int, name: GatheringMove, *, actor: Actor, happening: Happening) -> Gathering:
    """Approve, decline, end or bring back: the only place where the state changes. Raises `MoveRefused`."""
    gathering = _locked(session, gathering_id)
    if happening.client_id and queries.event_by_client_id(session, happening.client_id) is not None:
        return gathering
    transition = BY_MOVE[name]
    reasons = refusals(name, gathering.state, actor.roles, happening.reason)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. “{gathering.title}” stays {gathering.state.value}.",
            reasons=reasons,
            next_step="Settle what is listed, then try again.",
        )
    gathering.state, gathering.changed_at = transition.target, happening.now
    _note(session, gathering, name.value, transition.words, actor, happening)
    return gathering


def approved(session: Session) -> Sequence[Gathering]:
    """Those that may be chosen, in the order of the week."""
    return queries.approved(session)


def in_order(session: Session, gathering_ids: Sequence[int]) -> tuple[Gathering, ...]:
    """These that are still approved, in the order given: what may reach a tablet."""
    found = queries.by_ids(session, gathering_ids)
    kept = (found[each] for each in gathering_ids if each in found)
    return tuple(each for each in kept if each.state is GatheringState.APPROVED)


def by_ids(session: Session, gathering_ids: Sequence[int]) -> dict[int, Gathering]:
    return queries.by_ids(session, gathering_ids)


def events(session: Session, gathering_id: int) -> Sequence[GatheringEvent]:
    """What was done to it, newest first."""
    return queries.events(session, gathering_id)


def check_choice(session: Session, gathering_ids: Sequence[int]) -> tuple[int, ...]:
    """The choice without repeats. Raises `BadInput` for more than fit, or for one that nobody may choose."""
    chosen = tuple(dict.fromkeys(gathering_ids))
    known = in_order(session, chosen)
    problem = ""
    if len(chosen) > MOST_CHOSEN:
        problem = f"Choose {MOST_CHOSEN} at most: the sixth tile is Help."
    elif len(known) != len(chosen):
        problem = "One of them is not approved, or has ended. Choose again."
    if problem:
        raise BadInput("The gatherings were not chosen.", fields={"gatherings": problem})
    return chosen


def _sees_all(actor: Actor) -> bool:
    return actor.may(Permission.GATHERINGS_DECIDE) or not actor.may(Permission.GATHERINGS_PROPOSE)


def _locked(session: Session, gathering_id: int) -> Gathering:
    get_gathering(session, gathering_id)
    found = queries.gathering_locked(session, gathering_id)
    assert found is not None, "entries are never deleted"
    return found


def _tidied(entry: Entry) -> dict[str, Any]:
    return asdict(replace(entry, title=" ".join(entry.title.split()), link=entry.link.strip()))


def check_entry(session: Session, entry: Entry, refusal: str = "The gathering was not added.") -> None:
    """Raises `BadInput` with a sentence for each answer that cannot be."""
    problems = entry_problems(entry)
    link = link_problem(entry.platform, entry.link.strip())
    if link:
        problems["link"] = link
    if entry.language not in LANGUAGES:
        problems["language"] = "Choose a language."
    try:
        get_organisation(session, entry.host_id)
    except NotFound:
        problems["host_id"] = "Choose who holds it."
    if problems:
        raise BadInput(refusal, fields=problems)


def _note(
    session: Session, gathering: Gathering, kind: str, words: str, actor: Actor, happening: Happening
) -> GatheringEvent:
    event = GatheringEvent(
        gathering_id=gathering.id,
        kind=kind,
        words=words[:200],
        reason=happening.reason.strip(),
        state=gathering.state,
        revision=gathering.revision,
        details=dict(happening.details),
        **actor.signature(),
        **happening.told(),
    )
    session.add(event)
    session.flush()
    facts: webhooks.Facts = {"gathering_id": gathering.id, "revision": gathering.revision}
    webhooks.tell(session, Subject.GATHERING, event, facts | {"state": gathering.state})
    return event

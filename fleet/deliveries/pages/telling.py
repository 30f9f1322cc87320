"""What a courier's forms tell: the fact a form carries, with what was ticked, given to the service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fleet.deliveries import queries, service
from fleet.deliveries.facts import Details, Fact, is_signature
from fleet.deliveries.rules import Action, Face, FailReason, KitPart, Tick
from fleet.deliveries.service import Answered, SeenStop, Today
from fleet.deliveries.words import job_tag
from fleet.http.forms import Form
from fleet.loans.rules import HandedTo
from fleet.loans.service import Condition
from fleet.settings import Settings
from fleet.users.actor import Actor


def tell_of(
    session: Session,
    form: Form,
    action: Action,
    details: Details,
    actor: Actor,
    settings: Settings,
    now: datetime,
    *,
    run: int | None = None,
    code: str | None = None,
) -> Answered:
    fact = Fact(
        id=_fact_id(form),
        code=form.get("code") if code is None else code,
        action=action,
        occurred_at=now,
        sequence=queries.last_sequence(session, actor.user_id or 0) + 1,
        run=run,
        details=details,
    )
    return service.tell(session, [fact], actor=actor, settings=settings, now=now, source="page")[0]


def _fact_id(form: Form) -> str:
    try:
        return str(UUID(form.get("fact_id")))
    except ValueError:
        return str(uuid4())


def details_told(form: Form, action: Action) -> Details:
    """What the form's ticks say; a value that is none of the answers counts as not given."""
    handed_to, reason, condition = form.get("handed_to"), form.get("reason"), form.get("condition")
    face = form.get("face")
    sim = {"yes": True, "no": False}.get(form.get("sim_in_tray"))
    return Details(
        handed_to=HandedTo(handed_to) if handed_to in list(HandedTo) else None,
        phrase_heard=bool(form.get("phrase_heard")),
        agreement_accepted=bool(form.get("agreement_accepted")),
        ticks=frozenset(Tick(each) for each in form.lists.get("ticks", ()) if each in list(Tick)),
        reason=FailReason(reason) if reason in list(FailReason) else None,
        condition=condition if condition in list(Condition) else None,
        sim_in_tray=sim if action in (Action.COLLECT, Action.HAND_IN, Action.SWAP) else None,
        kit_missing=frozenset(KitPart(each) for each in form.lists.get("kit_missing", ()) if each in list(KitPart)),
        place=form.row("place"),
        face=Face(face) if face in list(Face) else None,
        second_code=form.get("second_code")[:120] if action is Action.SWAP else "",
        signature=form.get("signature") if is_signature(form.get("signature")) else "",
    )


def stops_of(today: Today) -> list[SeenStop]:
    """Every stop of the day, in order."""
    return [stop for run in today.runs for stop in run.stops]


def done_words(today: Today) -> dict[str, str]:
    """code -> what the phone says when a label is scanned once more after its stop is done."""
    done = (stop for stop in stops_of(today) if stop.code and stop.done_at is not None)
    return {stop.code: f"{stop.code} is done already: {_ended(stop)} at {stop.done_at:%H:%M}." for stop in done}


def _ended(stop: SeenStop) -> str:
    return job_tag(stop.state, stop.ended).word.lower()

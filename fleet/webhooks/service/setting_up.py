"""What a hub admin does with a webhook: adding, changing, stopping, another secret, a message to try it with."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, there
from fleet.sealing import SealedElsewhere, seal, unseal
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.webhooks import queries
from fleet.webhooks.models import Webhook, WebhookDelivery
from fleet.webhooks.rules import MOST_WEBHOOKS, OLD_SECRET_FOR, PING, SECRET_BYTES, is_kind, url_problem
from fleet.webhooks.service.outbox import ask_for_worker, body_of, forget_listening, new_message_id, write

_PURPOSE = "webhook secrets"


@dataclass(frozen=True)
class Wanted:
    """What is asked of a webhook. `kinds` are kinds of event, or `loan.*` for all of a subject."""

    name: str
    url: str
    kinds: Sequence[str]


def add_webhook(
    session: Session, wanted: Wanted, *, actor: Actor, settings: Settings, now: datetime
) -> tuple[Webhook, str]:
    """The webhook and its secret, which is told this once. Raises `BadInput`, naming each field that will not do."""
    _check(wanted, settings)
    if queries.count(session) >= MOST_WEBHOOKS:
        raise Conflict(
            f"The webhook was not added. There are {MOST_WEBHOOKS}, which is as many as there may be.",
            next_step="Take one away that nobody needs.",
        )
    assert actor.user_id is not None
    webhook = Webhook(name="", url="", kinds=[], secret="", made_by=actor.user_id, made_at=now)
    _write(webhook, wanted)
    session.add(webhook)
    session.flush()
    secret = _new_secret()
    webhook.secret = _sealed(settings, webhook, secret)
    session.flush()
    forget_listening(session)
    return webhook, secret


def change_webhook(session: Session, webhook_id: int, wanted: Wanted, *, settings: Settings) -> Webhook:
    """Raises `BadInput`, naming each field that will not do, and `NotFound`."""
    webhook = get_webhook(session, webhook_id)
    _check(wanted, settings)
    _write(webhook, wanted)
    webhook.troubles, webhook.rests_until = 0, None
    session.flush()
    forget_listening(session)
    return webhook


def get_webhook(session: Session, webhook_id: int) -> Webhook:
    """Raises `NotFound`."""
    return there(
        queries.webhook(session, webhook_id), "There is no such webhook.", next_step="Choose one from the list."
    )


def remove_webhook(session: Session, webhook_id: int) -> None:
    """It is told nothing any more, and what it was told is forgotten."""
    session.delete(get_webhook(session, webhook_id))
    session.flush()
    forget_listening(session)


def stop(session: Session, webhook_id: int, *, now: datetime, because: str = "") -> Webhook:
    """What happens from here on is not told. Stopping twice is stopping once."""
    webhook = get_webhook(session, webhook_id)
    if webhook.stopped_at is None:
        webhook.stopped_at, webhook.stopped_because = now, because
    session.flush()
    forget_listening(session)
    return webhook


def resume(session: Session, webhook_id: int, *, now: datetime) -> Webhook:
    """What happens from here on is told again, and what waited is sent."""
    webhook = get_webhook(session, webhook_id)
    webhook.stopped_at, webhook.stopped_because = None, ""
    webhook.troubles, webhook.rests_until = 0, None
    ask_for_worker(session, webhook.id, f"resumed {now:%Y%m%dT%H%M%S}", now=now)
    forget_listening(session)
    return webhook


def rotate_secret(session: Session, webhook_id: int, *, settings: Settings, now: datetime) -> str:
    """Another secret, told this once. Messages are signed with both for `OLD_SECRET_FOR`."""
    webhook = get_webhook(session, webhook_id)
    webhook.old_secret, webhook.old_until = webhook.secret, now + OLD_SECRET_FOR
    secret = _new_secret()
    webhook.secret = _sealed(settings, webhook, secret)
    session.flush()
    return secret


def secrets_of(webhook: Webhook, *, settings: Settings, now: datetime) -> tuple[str, ...]:
    """Those that messages are signed with. Raises `SealedElsewhere`."""
    sealed = [webhook.secret]
    if webhook.old_secret is not None and webhook.old_until is not None and webhook.old_until > now:
        sealed.append(webhook.old_secret)
    return tuple(unseal(settings, _PURPOSE, _bound_to(webhook), each) for each in sealed)


def ping(session: Session, webhook_id: int, *, now: datetime) -> WebhookDelivery:
    """Send a message that tells of nothing. Raises `Conflict` while the webhook is stopped."""
    webhook = get_webhook(session, webhook_id)
    if webhook.stopped_at is not None:
        raise Conflict("Nothing was sent. This webhook is stopped.", next_step="Let it go on first.")
    webhook.rests_until = None
    body = body_of(PING, now, {"webhook_id": webhook.id})
    return write(session, webhook.id, kind=PING, body=body, message_id=new_message_id(), now=now)


def rekey(session: Session, *, old: Settings, settings: Settings) -> int:
    """Seal every secret anew that `old` sealed; how many. Raises `SealedElsewhere` when neither key opens one."""
    changed = 0
    for webhook in queries.webhooks(session):
        for name in ("secret", "old_secret"):
            sealed: str | None = getattr(webhook, name)
            if sealed is not None and not _opens(settings, webhook, sealed):
                text = unseal(old, _PURPOSE, _bound_to(webhook), sealed)
                setattr(webhook, name, _sealed(settings, webhook, text))
                changed += 1
    session.flush()
    return changed


def _check(wanted: Wanted, settings: Settings) -> None:
    fields: dict[str, str] = {}
    if not 1 <= len(wanted.name.strip()) <= 120:
        fields["name"] = "Say in 1 to 120 letters who is told, such as “Council's dashboard”."
    problem = url_problem(wanted.url.strip(), demo=settings.demo)
    if problem or len(wanted.url.strip()) > 500:
        fields["url"] = problem or "Enter an address of at most 500 letters."
    if not wanted.kinds:
        fields["kinds"] = "Choose at least one kind of event."
    elif wrong := [kind for kind in wanted.kinds if not is_kind(kind)]:
        fields["kinds"] = f"There is no kind of event called {wrong[0][:60]}."
    elif len(wanted.kinds) > 200:
        fields["kinds"] = "Choose at most 200 kinds, or all of a subject."
    if fields:
        raise BadInput("Nothing was changed. Some answers need another look.", fields=fields)


def _write(webhook: Webhook, wanted: Wanted) -> None:
    webhook.name, webhook.url = wanted.name.strip(), wanted.url.strip()
    webhook.kinds = sorted(set(wanted.kinds))


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _sealed(settings: Settings, webhook: Webhook, secret: str) -> str:
    return seal(settings, _PURPOSE, _bound_to(webhook), secret)


def _opens(settings: Settings, webhook: Webhook, sealed: str) -> bool:
    try:
        unseal(settings, _PURPOSE, _bound_to(webhook), sealed)
    except SealedElsewhere:
        return False
    return True


def _bound_to(webhook: Webhook) -> str:
    return f"webhook {webhook.id}"

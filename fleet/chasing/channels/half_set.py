"""Ways out that somebody began to set up: what is missing, and a way out that lets nothing leave meanwhile.

A message that lands in a folder nobody looks into would count as sent, while the settings say that it should have gone
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fleet.chasing.channels.base import Channel, ChannelFailed, Outgoing
from fleet.settings import Settings


@dataclass(frozen=True)
class HalfSet:
    """A way out that cannot be used as it is set up, and the channels that it should serve."""

    what: str
    next_step: str
    channels: tuple[str, ...]


def half_set(settings: Settings) -> tuple[HalfSet, ...]:
    """What is half set up; nothing where a way out is whole, or was never begun."""
    return (*_notify(settings), *_mail(settings))


def _notify(settings: Settings) -> Iterator[HalfSet]:
    key = settings.notify_key.get_secret_value()
    templates = {"text": settings.notify_text_template, "email": settings.notify_email_template}
    given = tuple(channel for channel, template in templates.items() if template)
    if key and not given:
        yield HalfSet(
            "GOV.UK Notify is half set up: it has a key and no template.",
            "Set DOORSTEP_NOTIFY_TEXT_TEMPLATE, DOORSTEP_NOTIFY_EMAIL_TEMPLATE or both, or take DOORSTEP_NOTIFY_KEY "
            "away.",
            tuple(templates),
        )
    if given and not key:
        names = " and ".join(f"DOORSTEP_NOTIFY_{channel.upper()}_TEMPLATE" for channel in given)
        yield HalfSet(
            f"GOV.UK Notify is half set up: it has a template for {'s and '.join(given)}s and no key.",
            f"Set DOORSTEP_NOTIFY_KEY, or take {names} away.",
            given,
        )


def _mail(settings: Settings) -> Iterator[HalfSet]:
    if settings.smtp_host and not settings.smtp_sender:
        yield HalfSet(
            "The mail server is half set up: no address is given that emails come from.",
            "Set DOORSTEP_SMTP_SENDER, or take DOORSTEP_SMTP_HOST away.",
            ("email",),
        )
    if settings.smtp_sender and not settings.smtp_host:
        yield HalfSet(
            "The mail server is half set up: an address that emails come from is given, and no server.",
            "Set DOORSTEP_SMTP_HOST, or take DOORSTEP_SMTP_SENDER away.",
            ("email",),
        )


@dataclass(frozen=True)
class HalfSetChannel:
    """Lets nothing leave, and says why. Whether something left before, the way out knows that was there before."""

    why: str
    before: Channel

    def deliver(self, message: Outgoing) -> None:
        raise ChannelFailed(self.why)

    def has_left(self, reference: str, channel: str) -> bool | None:
        return self.before.has_left(reference, channel)

"""Which way out a message takes: one for each channel where somebody set one up, a folder on disk where nobody began
to, and none where one is half set up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fleet.chasing.channels.base import Channel, Handed, NotArrived, Outgoing, Receipts
from fleet.chasing.channels.folder import FolderChannel
from fleet.chasing.channels.half_set import HalfSetChannel, half_set
from fleet.chasing.channels.letters import LetterChannel
from fleet.chasing.channels.mail_journal import MailJournal
from fleet.chasing.channels.notify import Notify, NotifyChannel
from fleet.chasing.channels.smtp import MailServer, SmtpChannel
from fleet.settings import Settings


@dataclass(frozen=True)
class Ways:
    """The ways out of an installation, by the way that somebody wants to hear."""

    own: Mapping[str, Channel]
    otherwise: Channel

    def deliver(self, message: Outgoing) -> Handed | None:
        return self._by(message.channel).deliver(message)

    def has_left(self, reference: str, channel: str) -> bool | None:
        return self._by(channel).has_left(reference, channel)

    def not_arrived(self) -> Sequence[NotArrived]:
        tell = {id(each): each for each in self.own.values() if isinstance(each, Receipts)}
        return [each for channel in tell.values() for each in channel.not_arrived()]

    def into_the_folder(self) -> tuple[str, ...]:
        """The channels whose messages somebody has to pass on by hand; letters always are, and are not among them."""
        return tuple(channel for channel in ("text", "email") if channel not in self.own)

    def _by(self, channel: str) -> Channel:
        return self.own.get(channel, self.otherwise)


def ways_out(settings: Settings) -> Ways:
    """What the settings ask for: GOV.UK Notify first, then a mail server, the queue of letters, the outbox folder."""
    outbox = settings.data_dir / "outbox"
    folder = FolderChannel(outbox)
    own: dict[str, Channel] = {"letter": LetterChannel()}
    for each in half_set(settings):
        own |= dict.fromkeys(each.channels, HalfSetChannel(each.what, folder))
    if settings.smtp_host and settings.smtp_sender:
        own["email"] = SmtpChannel(_mail_server(settings), MailJournal(outbox / "journal"))
    templates = {"text": settings.notify_text_template, "email": settings.notify_email_template}
    if settings.notify_key.get_secret_value():
        used = {channel: template for channel, template in templates.items() if template}
        notify = NotifyChannel(Notify(settings.notify_url, settings.notify_key.get_secret_value(), used))
        own |= dict.fromkeys(used, notify)
    return Ways(own, folder)


def take_back(settings: Settings, reference: str) -> bool:
    """Take a message out of the outbox, if it still lies there for somebody to pass on; whether it did."""
    outbox = settings.data_dir / "outbox"
    return FolderChannel(outbox).take_back(reference)


def _mail_server(settings: Settings) -> MailServer:
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_sender,
        sender_name=settings.hub_name,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
        starttls=settings.smtp_starttls,
    )

"""Email by SMTP, through the mail server that an organisation has already.

A mail server cannot be asked what it took, so a journal beside the database says how far each message came.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from fleet.chasing.channels.base import ChannelFailed, ChannelUnsure, Outgoing
from fleet.chasing.channels.mail_journal import JournalShut, MailJournal, Step

TIMEOUT_SECONDS = 5.0
"""For one answer of the server; a message needs several of them. No transaction is open meanwhile."""
_ON_THE_WIRE = SMTP.clone(cte_type="7bit")
"""Lines end with CR and LF (RFC 5321, 2.3.8), and no byte is above 127: `data` sends what it is given as it stands."""


@dataclass(frozen=True)
class MailServer:
    """Where email goes out, and as whom."""

    host: str
    port: int
    sender: str
    sender_name: str = ""
    username: str = ""
    password: str = ""
    starttls: bool = True


class SmtpChannel:
    """One connection a message. Until the server takes the text, whatever goes wrong means that nothing left."""

    def __init__(self, server: MailServer, journal: MailJournal) -> None:
        self.server, self.journal = server, journal

    def deliver(self, message: Outgoing) -> None:
        try:
            smtp = self._ready(message)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise ChannelFailed(f"The mail server did not take it ({_words(error)}).") from error
        try:
            self.journal.note(message.reference, Step.HANDED_OVER)
            smtp.data(self._mail(message).as_bytes())
        except smtplib.SMTPDataError as error:
            self.journal.note_if_possible(message.reference, Step.REFUSED)
            raise ChannelFailed(f"The mail server did not take it ({_words(error)}).") from error
        except JournalShut as error:
            raise ChannelFailed("The journal of emails could not be written to.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelUnsure("The mail server never said whether it took it.") from error
        finally:
            smtp.close()
        self.journal.note_if_possible(message.reference, Step.TAKEN)

    def has_left(self, reference: str, channel: str) -> bool | None:
        """By the journal: the Message-ID is made of the reference. None where it was handed over and never answered."""
        return self.journal.has_left(reference)

    def _ready(self, message: Outgoing) -> smtplib.SMTP:
        """Connected, signed in, with sender and recipient accepted."""
        smtp = smtplib.SMTP(self.server.host, self.server.port, timeout=TIMEOUT_SECONDS)
        try:
            smtp.ehlo_or_helo_if_needed()
            if self.server.starttls:
                smtp.starttls(context=ssl.create_default_context())
            if self.server.username:
                smtp.login(self.server.username, self.server.password)
            _accepted(smtp.mail(self.server.sender))
            _accepted(smtp.rcpt(message.to))
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _mail(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage(policy=_ON_THE_WIRE)
        mail["From"] = Address(self.server.sender_name, addr_spec=self.server.sender)
        mail["To"] = message.to
        mail["Subject"] = message.subject
        mail["Message-ID"] = f"<{message.reference.replace('/', '.')}@{self.server.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = message.language
        mail.set_content(message.body)
        return mail


def _accepted(answer: tuple[int, bytes]) -> None:
    if answer[0] not in (250, 251):
        raise smtplib.SMTPResponseException(*answer)


def _words(error: Exception) -> str:
    """What went wrong, without what a server says: that may hold somebody's address."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answer {error.smtp_code}"
    return type(error).__name__

"""Email, texts and letters: what each sends, judged by the other side, and what a broken connection leaves behind."""

from __future__ import annotations

import base64
import email
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from email.policy import default
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pydantic import SecretStr

from fleet.chasing.channels.base import Channel, ChannelFailed, ChannelUnsure, Handed, Outgoing
from fleet.chasing.channels.letters import LetterChannel, as_pdf
from fleet.chasing.channels.mail_journal import MailJournal, Step
from fleet.chasing.channels.notify import Notify, NotifyChannel
from fleet.chasing.channels.smtp import MailServer, SmtpChannel
from fleet.chasing.channels.ways import ways_out
from fleet.chasing.rules import ChaseState
from fleet.people.rules import Channel as ContactBy
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.servers import NotifyService, Post, Trouble, mail_server, notify_service

DUE = date(2026, 6, 29)
KEY = "sample-11111111-1111-1111-1111-111111111111-22222222-2222-2222-2222-222222222222"
BODY = "Hello Zoë,\n\nToday is the day.\n.\nThank you.\n\nWith kind wishes"


def message(channel: str, to: str, **parts: Any) -> Outgoing:
    given = {"reference": "2026-06-29/12-ab", "subject": "Your tablet", "body": BODY, "language": "en"}
    return Outgoing(channel=channel, to=to, **{"print_format": "print_18", **given, **parts})


MAIL = message("email", "sample@doorstep.example")
TEXT = message("text", "07700 900001")


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as server:
        yield server


@pytest.fixture
def notify() -> Iterator[NotifyService]:
    with notify_service(KEY) as service:
        yield service


@pytest.fixture
def journal(tmp_path: Path) -> MailJournal:
    return MailJournal(tmp_path / "journal")


def by_mail(post: Post, journal: MailJournal) -> SmtpChannel:
    server = MailServer("127.0.0.1", post.port, "hub@doorstep.example", "Sample hub", starttls=False)
    return SmtpChannel(server, journal)


def by_notify(notify: NotifyService, key: str = KEY) -> NotifyChannel:
    return NotifyChannel(Notify(notify.url, key, {"text": "template-1", "email": "template-2"}))


def test_an_email_arrives_whole_and_says_whom_it_is_from(post: Post, journal: MailJournal) -> None:
    by_mail(post, journal).deliver(MAIL)
    ((sender, recipient, data),) = post.taken
    mail = email.message_from_bytes(data, policy=default)
    assert (sender, recipient) == ("hub@doorstep.example", "sample@doorstep.example")
    assert mail["From"] == "Sample hub <hub@doorstep.example>"
    assert mail["Subject"] == "Your tablet"
    assert mail["Message-ID"] == "<2026-06-29.12-ab@doorstep.example>"
    assert mail.get_content().replace("\r\n", "\n").strip() == BODY


def test_an_email_has_only_what_every_mail_server_takes(post: Post, journal: MailJournal) -> None:
    by_mail(post, journal).deliver(message("email", "sample@doorstep.example", subject="Your tablet, Zoë"))
    ((_, _, data),) = post.taken
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert data.isascii()


def test_a_text_goes_to_notify_with_our_reference_and_a_signed_token(notify: NotifyService) -> None:
    way_out = by_notify(notify)
    assert way_out.has_left(TEXT.reference, "text") is False
    way_out.deliver(TEXT)
    (sent,) = notify.sent
    assert (sent["type"], sent["phone_number"], sent["template_id"]) == ("sms", "07700900001", "template-1")
    assert sent["personalisation"]["body"] == BODY
    assert way_out.has_left(TEXT.reference, "text") is True
    assert way_out.has_left("2026-06-29/13-cd", "text") is False
    header, claims, signature = way_out._token().split(".")
    wanted = hmac.new(KEY[-36:].encode(), f"{header}.{claims}".encode(), sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == wanted
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {"typ": "JWT", "alg": "HS256"}


def test_what_was_refused_did_not_leave_and_tells_nothing_personal(
    post: Post, notify: NotifyService, journal: MailJournal
) -> None:
    post.trouble = notify.trouble = Trouble.REFUSES
    for way_out, each in ((by_mail(post, journal), MAIL), (by_notify(notify), TEXT)):
        with pytest.raises(ChannelFailed) as refused:
            way_out.deliver(each)
        assert each.to not in str(refused.value)
    notify.trouble = Trouble.NONE
    with pytest.raises(ChannelFailed, match="403"):
        by_notify(notify, KEY.replace("1", "3")).deliver(TEXT)
    assert (post.taken, notify.sent) == ([], [])


def test_what_was_never_answered_may_have_left(post: Post, notify: NotifyService, journal: MailJournal) -> None:
    post.trouble = notify.trouble = Trouble.BREAKS_OFF
    with pytest.raises(ChannelUnsure):
        by_mail(post, journal).deliver(MAIL)
    with pytest.raises(ChannelUnsure):
        by_notify(notify).deliver(TEXT)
    mail: Channel = by_mail(post, journal)
    assert mail.has_left(MAIL.reference, "email") is None
    assert by_notify(notify).has_left(TEXT.reference, "text") is True


@pytest.mark.parametrize("serving", [mail_server, lambda: notify_service(KEY)])
def test_a_server_that_is_gone_takes_nothing(
    serving: Callable[[], AbstractContextManager[Any]], journal: MailJournal
) -> None:
    with serving() as server:
        way_out: Channel = by_mail(server, journal) if isinstance(server, Post) else by_notify(server)
    with pytest.raises(ChannelFailed):
        way_out.deliver(MAIL)


def test_a_letter_is_a_pdf_with_a_name_an_address_and_what_somebody_has_to_make_of_it() -> None:
    way_out = LetterChannel()
    address = ("Sample One", "Flat 2, 1 Sample Court", "London", "N19 5XX")
    letter = message("letter", "Sample One", address=address, points=24, wanted_as="braille")
    assert way_out.deliver(letter) is Handed.TO_PRINT
    assert not way_out.has_left(letter.reference, "letter")
    with pypdfium2.PdfDocument(as_pdf([letter], DUE)) as paper:
        words = "\n".join(page.get_textpage().get_text_range() for page in paper)
    for line in (*address, "Hello Zoë,", "Monday 29 June 2026", "Wanted as: braille"):
        assert line in words


def test_a_letter_in_letters_that_cannot_be_set_goes_to_a_person() -> None:
    with pytest.raises(ChannelFailed, match="typeface"):
        LetterChannel().deliver(message("letter", "Sample One", address=("Sample One",), body="你好"))


@ON_SQLITE
def test_the_settings_choose_the_way_out_of_each_channel(chasing: Chasing, post: Post, notify: NotifyService) -> None:
    settings = chasing.settings.model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": post.port,
            "smtp_sender": "hub@doorstep.example",
            "smtp_starttls": False,
            "notify_url": notify.url,
            "notify_key": SecretStr(KEY),
            "notify_text_template": "template-1",
        }
    )
    home = {"address_line_1": "1 Sample Court", "postcode": "N19 5XX"}
    chasing.loan(DUE, details={"phone": "07700 900444"})
    chasing.loan(DUE, by=ContactBy.EMAIL, details={"email": "sample@doorstep.example"})
    chasing.loan(DUE, by=ContactBy.LETTER, details=home)
    chasing.at(DUE)
    done = chasing.tick(ways_out(settings))
    assert (done.sent, done.to_print) == (2, 1)
    assert [each["phone_number"] for each in notify.sent] == ["07700900444"]
    assert [recipient for _, recipient, _ in post.taken] == ["sample@doorstep.example"]


@ON_SQLITE
def test_a_text_whose_answer_never_came_is_looked_up_and_not_sent_again(
    chasing: Chasing, notify: NotifyService
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    notify.trouble = Trouble.BREAKS_OFF
    assert chasing.tick(by_notify(notify)).failed == 1
    notify.trouble = Trouble.NONE
    chasing.tick(by_notify(notify))
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENDING)
    chasing.clock.advance(minutes=11)
    chasing.tick(by_notify(notify))
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)
    assert len(notify.sent) == 1


@ON_SQLITE
def test_an_email_of_which_nobody_knows_becomes_a_call(chasing: Chasing, post: Post, journal: MailJournal) -> None:
    loan = chasing.loan(DUE, by=ContactBy.EMAIL, details={"email": "sample@doorstep.example"})
    chasing.at(DUE)
    post.trouble = Trouble.BREAKS_OFF
    chasing.tick(by_mail(post, journal))
    chasing.clock.advance(minutes=11)
    chasing.tick(by_mail(post, journal))
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.TO_DO)
    assert len(post.taken) == 1


def test_the_journal_says_of_each_email_how_far_it_came(post: Post, journal: MailJournal) -> None:
    way_out = by_mail(post, journal)
    assert way_out.has_left(MAIL.reference, "email") is False
    post.trouble = Trouble.REFUSES
    with pytest.raises(ChannelFailed):
        way_out.deliver(MAIL)
    assert way_out.has_left(MAIL.reference, "email") is False
    post.trouble = Trouble.NONE
    way_out.deliver(MAIL)
    assert way_out.has_left(MAIL.reference, "email") is True
    assert way_out.has_left("2026-06-29/13-cd", "email") is False
    journal.note("2026-06-29/13-cd", Step.REFUSED)
    assert way_out.has_left("2026-06-29/13-cd", "email") is False


def test_an_email_does_not_leave_while_the_journal_cannot_be_written(post: Post, tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file where the folder should be", encoding="utf-8")
    way_out = by_mail(post, MailJournal(tmp_path / "journal"))
    with pytest.raises(ChannelFailed, match="journal"):
        way_out.deliver(MAIL)
    assert post.taken == []
    with pytest.raises(ChannelUnsure):
        way_out.has_left(MAIL.reference, "email")


@ON_SQLITE
def test_an_email_that_was_taken_before_the_process_died_is_not_sent_again(
    chasing: Chasing, post: Post, journal: MailJournal
) -> None:
    class Killed(SmtpChannel):
        def deliver(self, message: Outgoing) -> None:
            super().deliver(message)
            raise KeyboardInterrupt

    loan = chasing.loan(DUE, by=ContactBy.EMAIL, details={"email": "sample@doorstep.example"})
    chasing.at(DUE)
    with pytest.raises(KeyboardInterrupt):
        chasing.tick(Killed(by_mail(post, journal).server, journal))
    chasing.clock.advance(minutes=11)
    chasing.tick(by_mail(post, journal))
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)
    assert len(post.taken) == 1

"""A backup that came back: nothing leaves a second time, what can be asked is asked, and somebody decides the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from sqlalchemy import delete, func, select, update

from fleet.chasing import service
from fleet.chasing.channels.base import Channel, ChannelFailed, ChannelUnsure, Outgoing
from fleet.chasing.departures import FOLDER
from fleet.chasing.models import Chase
from fleet.chasing.rules import ChaseState, HoldReason
from fleet.chasing.service.marks import FILE
from fleet.chasing.service.restoring import IT_LEFT, MAY_HAVE_LEFT
from fleet.errors import BadInput
from fleet.people.rules import Channel as ContactBy
from fleet.users.actor import SYSTEM
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

DUE = date(2026, 6, 29)
BEFORE, WEEK_BEFORE, AFTER = date(2026, 6, 20), date(2026, 6, 22), date(2026, 7, 2)


@dataclass
class Post:
    """A way out that remembers what left, and answers as it is told to."""

    left: list[Outgoing] = field(default_factory=list)
    fails: type[Exception] | None = None
    knows: bool | None = True

    def deliver(self, message: Outgoing) -> None:
        if self.fails is not ChannelFailed:
            self.left.append(message)
        if self.fails is not None:
            raise self.fails("The test says so.")

    def has_left(self, reference: str, channel: str) -> bool | None:
        if self.knows is None:
            return None
        return any(each.reference == reference for each in self.left)


def backup(chasing: Chasing) -> int:
    """The number of the last entry that a backup made at this moment has."""
    with chasing.database.read() as session:
        return session.scalar(select(func.max(Chase.id))) or 0


def restored(chasing: Chasing, last: int, *, with_folder: bool = True) -> None:
    """The ledger is as it was at the backup; without its folder, on another machine."""
    with chasing.database.write() as session:
        session.execute(delete(Chase).where(Chase.id > last))
    if not with_folder:
        (chasing.settings.data_dir / FILE).unlink()
        for path in (chasing.settings.data_dir / FOLDER).glob("*"):
            path.unlink()


def accept(
    chasing: Chasing, post: Channel, *, send: Collection[int] = (), send_all: bool = False, since: date | None = None
) -> service.LookedBack:
    found = service.accept(
        chasing.database,
        chasing.settings,
        channel=post,
        clock=chasing.clock,
        actor=SYSTEM,
        since=since,
        send=send,
        send_all=send_all,
    )
    assert found is not None
    return found


def test_what_left_since_the_backup_is_in_the_ledger_again_and_leaves_no_second_time(chasing: Chasing) -> None:
    loan, other, post = chasing.loan(DUE), chasing.loan(AFTER), Post()
    chasing.at(WEEK_BEFORE)
    chasing.tick(post)
    last = backup(chasing)
    chasing.at(DUE)
    assert chasing.tick(post).sent == 2
    was = [(each.rung, each.message_day, each.channel, each.reference) for each in chasing.entries(loan)[-1:]]
    restored(chasing, last)
    assert chasing.tick(post) == service.Ticked(waiting=2)
    found = accept(chasing, post)
    assert (found.is_whole, len(found.left), found.doubtful, found.certain) == (True, 2, (), 0)
    back = chasing.entries(loan)[-1]
    assert [(back.rung, back.message_day, back.channel, back.reference)] == was
    assert (back.state, back.note) == (ChaseState.SENT, IT_LEFT)
    assert (chasing.tick(post).sent, len(post.left)) == (0, 3)
    assert chasing.why(loan).startswith("Messaged by text on Monday 29 June: on the day it is due")
    chasing.at(AFTER)
    assert chasing.tick(post).sent == 2
    assert chasing.ledger(other)[-1] == ("due_day", ChaseState.SENT)


def test_what_did_not_leave_before_the_restore_leaves_once_this_is_known(chasing: Chasing) -> None:
    chasing.loan(DUE)
    post = Post()
    chasing.at(WEEK_BEFORE)
    chasing.tick(post)
    last = backup(chasing)
    chasing.at(DUE)
    assert chasing.tick(replace(post, fails=ChannelFailed)).sent == 0
    restored(chasing, last)
    found = accept(chasing, post)
    assert (found.left, found.doubtful, found.certain) == ((), (), 1)
    assert chasing.tick(post).sent == 1


@pytest.mark.parametrize(("knows", "sent"), [(True, 0), (None, 0), (False, 1)])
def test_a_message_of_which_nobody_heard_is_looked_up_by_its_reference(
    chasing: Chasing, knows: bool | None, sent: int
) -> None:
    loan, post = chasing.loan(DUE), Post(fails=ChannelUnsure)
    chasing.at(WEEK_BEFORE)
    chasing.tick(Post())
    last = backup(chasing)
    chasing.at(DUE)
    chasing.tick(post)
    restored(chasing, last)
    asked = Post(left=post.left if knows else [], knows=None if knows is None else True)
    found = accept(chasing, asked)
    assert (len(found.left), len(found.doubtful)) == (1 if knows else 0, 1 if knows is None else 0)
    if knows is None:
        assert chasing.entries(loan)[-1].note == MAY_HAVE_LEFT
    assert chasing.tick(asked).sent == sent


def test_on_another_machine_all_that_is_due_is_passed_over_unless_somebody_chooses_otherwise(chasing: Chasing) -> None:
    passed, chosen, call = chasing.loan(DUE), chasing.loan(DUE), chasing.loan(DUE, by=ContactBy.CALL)
    held = chasing.loan(DUE)
    chasing.at(BEFORE)
    chasing.hold(held, HoldReason.AWAY, until=DUE)
    chasing.tick()
    chasing.at(WEEK_BEFORE)
    chasing.tick()
    restored(chasing, backup(chasing), with_folder=False)
    chasing.at(DUE)
    post = Post()
    found = accept(chasing, post, send={chosen.id})
    assert (found.is_whole, found.since) == (False, WEEK_BEFORE)
    assert {each.loan_id for each in found.doubtful} == {passed.id, chosen.id, held.id}
    assert chasing.ledger(passed)[-2:] == [("two_days_before", ChaseState.SKIPPED), ("due_day", ChaseState.SKIPPED)]
    assert {each.note for each in chasing.entries(passed)[-2:]} == {MAY_HAVE_LEFT}
    assert (chasing.tick(post).sent, chasing.ledger(chosen)[-1]) == (1, ("due_day", ChaseState.SENT))
    assert chasing.ledger(call)[-1] == ("due_day", ChaseState.TO_DO)
    assert "may have been sent before the restore" in chasing.why(passed)
    chasing.at(AFTER)
    assert chasing.tick(post).sent == 3
    assert chasing.ledger(passed)[-1] == ("days_after", ChaseState.SENT)


@ON_SQLITE
def test_what_the_backup_has_as_begun_is_asked_about_as_well(chasing: Chasing) -> None:
    left, doubtful, post = chasing.loan(DUE), chasing.loan(DUE), Post(fails=ChannelFailed)
    chasing.at(DUE)
    chasing.tick(post)
    references = {each.loan_id: each.reference for loan in (left, doubtful) for each in chasing.entries(loan)[-1:]}
    restored(chasing, backup(chasing), with_folder=False)
    post.fails = None
    post.left = [Outgoing(references[left.id], "text", "", "", "", "en")]
    found = accept(chasing, post)
    assert (len(found.begun_and_left), [each.loan_id for each in found.doubtful]) == (1, [doubtful.id])
    assert chasing.ledger(left)[-1] == ("due_day", ChaseState.SENT)
    assert chasing.ledger(doubtful)[-1] == ("due_day", ChaseState.WITHDRAWN)
    assert chasing.tick(post).sent == 0


@ON_SQLITE
def test_two_at_home_stay_one_message_and_what_is_not_here_is_left_out(chasing: Chasing) -> None:
    shared = {"phone": "07700 900321"}
    first, second = chasing.loan(DUE, details=shared), chasing.loan(DUE, details=shared)
    post = Post()
    chasing.at(BEFORE)
    chasing.tick(post)
    last = backup(chasing)
    chasing.at(WEEK_BEFORE)
    assert chasing.tick(post).sent == 1
    restored(chasing, last)
    accept(chasing, post)
    lead, rides = chasing.entries(first)[-1], chasing.entries(second)[-1]
    assert (lead.along_with, rides.along_with, rides.message_day) == (None, lead.id, WEEK_BEFORE)
    restored(chasing, last)
    with chasing.database.write() as session:
        session.execute(update(Chase).values(due_version=9))
    service.note_sent(chasing.settings, 4711, now=chasing.clock())
    assert len(accept(chasing, post).left) == 1
    assert chasing.tick(post).sent == 0


@ON_SQLITE
def test_a_line_that_a_crash_cut_off_spoils_no_other_and_a_day_to_come_is_refused(chasing: Chasing) -> None:
    chasing.loan(DUE)
    post = Post()
    chasing.at(BEFORE)
    chasing.tick(post)
    last = backup(chasing)
    chasing.at(WEEK_BEFORE)
    journal = chasing.settings.data_dir / FOLDER / f"left-{WEEK_BEFORE}.log"
    journal.parent.mkdir(parents=True, exist_ok=True)
    journal.write_text('{"reference": "2026-06-22/7-')
    chasing.tick(post)
    restored(chasing, last)
    with pytest.raises(BadInput) as refused:
        accept(chasing, post, since=DUE)
    assert refused.value.fields == {"since": "Enter today or a day that has passed."}
    assert len(accept(chasing, post).left) == 1
    assert "Sample" not in journal.read_text()


@ON_SQLITE
def test_the_page_shows_what_may_have_left_and_lets_somebody_choose(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE, details={"first_name": "Written"})
    other = chasing.loan(DUE)
    chasing.at(WEEK_BEFORE)
    chasing.tick()
    coordinator = browser_as(Role.COORDINATOR)
    assert "This database counts" in coordinator.get("/chasing/restored").text
    restored(chasing, backup(chasing), with_folder=False)
    chasing.at(DUE)
    coordinator = browser_as(Role.COORDINATOR)
    assert "/chasing/restored" in coordinator.get("/chasing").text
    page = coordinator.get("/chasing/restored").text
    assert "What happened since Monday 22 June is not in this copy." in page
    assert re.search(r"Written Person\d*, due on 29 June: text, on the day it is due", page)
    assert coordinator.get("/chasing/restored?since=2026-07-30").status_code == 422
    assert browser_as(Role.DATA_PROTECTION).get("/chasing/restored").status_code == 403
    assert coordinator.submit("/chasing/this-is-ours", {"since": "soon"}).status_code == 422
    asked = {"since": "2026-06-22", "send": str(loan.id)}
    assert coordinator.submit("/chasing/this-is-ours", asked).status_code == 303
    assert chasing.tick().sent == 1
    assert chasing.ledger(other)[-1] == ("due_day", ChaseState.SKIPPED)


@ON_SQLITE
def test_saying_it_twice_is_saying_it_once(chasing: Chasing) -> None:
    """Between the two, nothing has left yet: a second look would find all of it doubtful again, and pass it over."""
    loan = chasing.loan(DUE)
    chasing.at(WEEK_BEFORE)
    chasing.tick()
    restored(chasing, backup(chasing), with_folder=False)
    chasing.at(DUE)
    post = Post()
    accept(chasing, post, send={loan.id})
    settings, clock = chasing.settings, chasing.clock
    assert service.accept(chasing.database, settings, channel=post, clock=clock, actor=SYSTEM) is None
    assert (chasing.tick(post).sent, chasing.ledger(loan)[-1]) == (1, ("due_day", ChaseState.SENT))

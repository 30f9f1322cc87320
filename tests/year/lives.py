"""What happens to a loan on a day: its person keeps it, asks for longer, gives it back, or life gets in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.chasing import service as chasing
from fleet.chasing.models import Chase, ChaseHold, ChaseReply
from fleet.chasing.rules import CallOutcome, ChaseState, HoldReason
from fleet.loans import service as loans
from fleet.loans.rules import StopReason
from fleet.people import service as people
from fleet.users.rules import Role
from tests.lending import lost_by_two
from tests.year.days import moment
from tests.year.elsewhere import hand_in_at_another_hub
from tests.year.fates import Fate
from tests.year.life import Life, Wanted
from tests.year.longer import extend, extend_beyond_the_cap, policy, times_extended
from tests.year.town import Town

DAY = timedelta(days=1)


def live(town: Town, each: Life, wanted: Wanted) -> None:
    """One loan's day."""
    if each.stopped:
        if each.days_had >= _STOPPED_ARE_FETCHED_AFTER:
            wanted.fetch.append(each)
        return
    _STORIES[each.fate](town, each, wanted)


_STOPPED_ARE_FETCHED_AFTER = 20


def _in_time(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_late >= -1:
        wanted.fetch.append(each)


def _by_hand(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_late >= -2:
        hand_in(town, each)


def _late(days: int) -> Callable[[Town, Life, Wanted], None]:
    def story(town: Town, each: Life, wanted: Wanted) -> None:
        if each.days_late >= days:
            wanted.fetch.append(each)

    return story


def _very_late(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_late in (9, 10, 11) and town.read(_asked_to_ring, each.loan_id):
        for outcome in (CallOutcome.NO_ANSWER, CallOutcome.SPOKE):
            town.tell(chasing.record_call, each.loan_id, outcome)
        town.seen["calls"] += 1
    _late(16)(town, each, wanted)


def _asked_to_ring(session: Session, loan_id: int) -> bool:
    query = select(Chase.id).where(Chase.loan_id == loan_id, Chase.state == ChaseState.TO_DO)
    return session.scalar(query.limit(1)) is not None


def _longer(town: Town, each: Life, wanted: Wanted) -> None:
    if _may_ask(town, each) and each.days_late >= -4:
        extend(town, each)
    elif not _may_ask(town, each):
        _in_time(town, each, wanted)


def _longer_while_late(town: Town, each: Life, wanted: Wanted) -> None:
    if _may_ask(town, each) and each.days_late >= 7:
        town.seen["extended while late"] += extend(town, each)
    elif not _may_ask(town, each):
        _late(6)(town, each, wanted)


def _may_ask(town: Town, each: Life) -> bool:
    return each.due_version == 1 and each.loan_id not in town.told_no


def _longer_than_allowed(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_late < -3:
        return
    if each.loan_id in town.overridden | town.told_no:
        _in_time(town, each, wanted)
    elif town.read(times_extended, each.loan_id) < town.read(policy, each.loan_id).max_extensions:
        extend(town, each)
    else:
        extend_beyond_the_cap(town, each)


def _says_given_back(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_late >= 2 and not town.read(_holds, each.loan_id):
        town.tell(chasing.record_call, each.loan_id, CallOutcome.SAYS_GIVEN_BACK)
        town.seen["claims"] += 1
    elif each.days_late >= 9:
        town.do(loans.scan_in, tablet_id=each.tablet_id, role=Role.TECHNICIAN)
        town.seen["claims that were true"] += 1


def _holds(session: Session, loan_id: int) -> bool:
    return session.scalar(select(ChaseHold.id).where(ChaseHold.loan_id == loan_id).limit(1)) is not None


def _lost(days: int) -> Callable[[Town, Life, Wanted], None]:
    def story(town: Town, each: Life, wanted: Wanted) -> None:
        if each.days_late < days:
            return
        town.refused("R21", lost_by_two, each.loan_id, reason="")
        town.refused("R21", lost_by_two, each.loan_id, reason="It is late.", role=Role.TECHNICIAN)
        town.do(lost_by_two, each.loan_id, reason="Rang, wrote and called at the door.")
        town.seen["lost"] += 1

    return story


def _died(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_had < 10 and each.days_late < -2:
        return
    town.do(loans.stop_for_death, each.loan_id)
    town.refused("R12", loans.extend, each.loan_id, reason="Too late.")
    town.seen["died"] += 1


def _moved_to_care(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_had >= 12:
        town.do(loans.stop_contact, each.loan_id, StopReason.MOVED_TO_CARE)
        town.seen["moved to care"] += 1


def _given_for_good(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_late < -3:
        return
    if town.read(_may_give, each.loan_id):
        town.do(loans.mark_gifted, each.loan_id, authority="Sample Funder", reason="The funder's letter of May.")
        town.seen["given for good"] += 1
    else:
        town.refused(
            "R23", loans.mark_gifted, each.loan_id, authority="Sample Funder", reason="They would like to keep it."
        )
        _in_time(town, each, wanted)


def _may_give(session: Session, loan_id: int) -> bool:
    return policy(session, loan_id).gifts_allowed


def _swapped(at_hub: bool) -> Callable[[Town, Life, Wanted], None]:
    def story(town: Town, each: Life, wanted: Wanted) -> None:
        if not each.swaps and each.days_had >= 8 and each.days_late < -3:
            (wanted.swap_at_hub if at_hub else wanted.swap_at_door).append(each)
        else:
            _in_time(town, each, wanted)

    return story


def _letter_box(town: Town, each: Life, wanted: Wanted) -> None:
    """Put through the letter-box at ten to midnight on the day it is due, and scanned when the hub opens again."""
    if each.days_late < 1:
        return
    at = max(moment(each.due_on, 23) + timedelta(minutes=50), town.clock() - timedelta(hours=71))
    town.do(
        loans.hand_in,
        each.loan_id,
        tablet_id=each.tablet_id,
        client_at=at,
        client_id=f"letter-box-{each.loan_id}",
        role=Role.TECHNICIAN,
    )
    town.seen["letter box"] += 1


def _opted_out(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_had == 5 or (each.days_had > 5 and not town.read(people.get_person, each.person_id).opted_out):
        town.tell(people.set_opted_out, each.person_id, True)
        town.seen["opted out"] += 1
    _late(9)(town, each, wanted)


def _in_hospital(town: Town, each: Life, wanted: Wanted) -> None:
    if -9 <= each.days_late < -6 and not town.read(_holds, each.loan_id):
        until = each.due_on + 10 * DAY
        town.tell(chasing.place_hold, each.loan_id, HoldReason.IN_HOSPITAL, until=until)
        town.seen["held"] += 1
    _late(13)(town, each, wanted)


def _answers(town: Town, each: Life, wanted: Wanted) -> None:
    """Answers the first message; nobody reads it for four days."""
    known = town.read(_replies, each.person_id)
    if not known and each.days_late >= -6:
        town.tell(
            chasing.note_reply,
            each.person_id,
            channel="text",
            words="Could I keep it a bit?",
            client_id=f"reply-{each.loan_id}",
        )
        town.seen["answers"] += 1
    elif known and each.days_late >= -1:
        for reply in known:
            town.tell(chasing.read_reply, reply)
    _late(1)(town, each, wanted)


def _replies(session: Session, person_id: int) -> list[int]:
    return list(session.scalars(select(ChaseReply.id).where(ChaseReply.person_id == person_id)))


def _left_at_a_partner(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_late >= -1:
        wanted.leave.append(each)


def _at_another_hub(town: Town, each: Life, wanted: Wanted) -> None:
    if each.days_late >= -1:
        hand_in_at_another_hub(town, each)


def hand_in(town: Town, each: Life) -> None:
    """Somebody brings it to the counter; told twice it is brought once."""
    told: dict[str, Any] = {
        "tablet_id": each.tablet_id,
        "client_id": f"hand-in-{each.loan_id}",
        "role": Role.TECHNICIAN,
    }
    town.do(loans.hand_in, each.loan_id, **told)
    if each.loan_id % 3 == 0:
        town.do(loans.hand_in, each.loan_id, **told)
        town.seen["told twice"] += 1
    town.seen["handed in"] += 1


_STORIES: dict[Fate, Callable[[Town, Life, Wanted], None]] = {
    Fate.IN_TIME: _in_time,
    Fate.BY_HAND: _by_hand,
    Fate.LATE: _late(9),
    Fate.VERY_LATE: _very_late,
    Fate.LONGER: _longer,
    Fate.LONGER_WHILE_LATE: _longer_while_late,
    Fate.LONGER_THAN_ALLOWED: _longer_than_allowed,
    Fate.SAYS_GIVEN_BACK: _says_given_back,
    Fate.LOST: _lost(43),
    Fate.LOST_AND_FOUND: _lost(15),
    Fate.DIED: _died,
    Fate.MOVED_TO_CARE: _moved_to_care,
    Fate.GIVEN_FOR_GOOD: _given_for_good,
    Fate.SWAPPED_AT_THE_DOOR: _swapped(at_hub=False),
    Fate.SWAPPED_AT_THE_HUB: _swapped(at_hub=True),
    Fate.LETTER_BOX: _letter_box,
    Fate.OPTED_OUT: _opted_out,
    Fate.IN_HOSPITAL: _in_hospital,
    Fate.ANSWERS: _answers,
    Fate.LEFT_AT_A_PARTNER: _left_at_a_partner,
    Fate.ANOTHER_SIM: _by_hand,
    Fate.ANOTHER_HUB: _at_another_hub,
}

"""Rules R7 to R12, R19 and R21: one message, kindly, to somebody who may be written to; and none once it is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

from tests.year.days import BANK_HOLIDAYS, SUNDAY
from tests.year.holding.looking import Day, as_day, holds, local

_HEIGHTS = """
CASE {0}.rung WHEN 'day_moved' THEN -1
WHEN 'week_before' THEN 0 WHEN 'two_days_before' THEN 1 WHEN 'due_day' THEN 2 WHEN 'days_after' THEN 3
WHEN 'week_after' THEN 4 WHEN 'fortnight_after' THEN 5 WHEN 'three_weeks_after' THEN 6 ELSE 7 END
"""


@holds("R7")
def the_ladder_is_climbed_once_and_never_down(day: Day) -> Iterable[str]:
    later, before = _HEIGHTS.format("b"), _HEIGHTS.format("a")
    yield from day.complaints(
        "R7: a lower step was taken after a higher one",
        f"SELECT b.id, b.loan_id, b.rung FROM chase b JOIN chase a ON a.loan_id = b.loan_id"
        f" AND a.due_version = b.due_version AND a.id < b.id WHERE b.id > :since_chase"
        f" AND a.state <> 'skipped' AND b.state <> 'skipped' AND {later} <= {before}",
    )
    yield from day.complaints(
        "R7: missed steps piled up on one day",
        "SELECT loan_id, due_version, count(*) FROM chase WHERE id > :since_chase AND state <> 'skipped'"
        " AND rung <> 'day_moved' GROUP BY loan_id, due_version, date(created_at) HAVING count(*) > 1",
    )


_FORGOTTEN = """
SELECT l.id, l.due_on, l.due_version FROM loan l JOIN person p ON p.id = l.person_id
WHERE l.state = 'active' AND l.stopped_at IS NULL AND l.due_on < :long_ago AND p.deceased_on IS NULL
AND NOT EXISTS (SELECT 1 FROM chase_hold h WHERE h.person_id = p.id)
AND NOT EXISTS (SELECT 1 FROM chase_reply r WHERE r.person_id = p.id)
AND NOT EXISTS (SELECT 1 FROM chase c WHERE c.loan_id = l.id AND c.due_version = l.due_version
                AND c.state <> 'skipped' AND c.rung <> 'day_moved' AND c.due_on = l.due_on)
"""


@holds("R7")
def nobody_is_forgotten(day: Day) -> Iterable[str]:
    """Missed days cost a delay, and never the message. Ten days bridge every closure of the year."""
    asked = f"{_FORGOTTEN} AND l.due_version = 1"
    return day.complaints("R7: a loan is late and nobody was asked", asked, long_ago=day.day - timedelta(days=14))


@holds("R8")
def another_due_date_arms_the_ladder_again(day: Day) -> Iterable[str]:
    asked = f"{_FORGOTTEN} AND l.due_version > 1"
    yield from day.complaints("R8: late again, and nobody asked", asked, long_ago=day.day - timedelta(days=14))
    about = {"about a due date that had changed": _NEVER["about a day that was not the loan's any more"]}
    yield from _wrongly_left(day, "R8", about)
    yield from day.complaints(
        "R8: an entry of the ledger is about another day than its version",
        "SELECT c.id, c.due_on, v.due_on FROM chase c JOIN loan_due_version v ON v.loan_id = c.loan_id"
        " AND v.number = c.due_version WHERE c.id > :since_chase AND c.due_on <> v.due_on",
    )


_LEFT = """
(SELECT d.id, d.loan_id, d.person_id, d.due_version, d.rung, d.channel, d.message_day FROM chase d
WHERE d.reference IN (SELECT value FROM json_each(:left)) UNION ALL
SELECT r.id, r.loan_id, r.person_id, r.due_version, r.rung, r.channel, r.message_day FROM chase d
JOIN chase r ON r.along_with = d.id AND r.state = 'sent' WHERE d.reference IN (SELECT value FROM json_each(:left)))
"""
"""What left on this day, with all that went along in it; the ledger may hear of it only on the next."""
_NEVER = {
    "to somebody who had given it back": """
        JOIN loan_event e ON e.loan_id = c.loan_id WHERE e.at < :at AND NOT EXISTS (
        SELECT 1 FROM loan_event u WHERE u.loan_id = e.loan_id AND u.id > e.id AND u.kind LIKE 'undo_%')
        AND e.kind IN ('collect', 'hand_in', 'gift', 'lose', 'find', 'cancel', 'stopped')""",
    "to somebody who had died": """
        JOIN person_event e ON e.person_id = c.person_id WHERE e.kind = 'died' AND e.at < :at""",
    "to somebody who wants none": """
        JOIN person_event e ON e.person_id = c.person_id
        WHERE e.kind = 'opted_out' AND e.at < :at AND NOT EXISTS (SELECT 1 FROM person_event f
        WHERE f.person_id = e.person_id AND f.kind = 'opted_in' AND f.id > e.id AND f.at < :at)""",
    "in spite of a hold": """
        JOIN chase_hold h ON h.person_id = c.person_id WHERE h.placed_at < :at
        AND h.until >= :today AND (h.lifted_at IS NULL OR h.lifted_at > :at)""",
    "before their answer was read": """
        JOIN chase_reply r ON r.person_id = c.person_id WHERE r.received_at < :at
        AND (r.read_at IS NULL OR r.read_at > :at)""",
    "to somebody who prefers another way": """
        JOIN person p ON p.id = c.person_id WHERE p.erased_at IS NULL AND c.channel <> p.channel""",
    "about a day that was not the loan's any more": """
        JOIN loan_due_version v ON v.loan_id = c.loan_id AND v.number = c.due_version + 1 WHERE v.set_at < :at""",
    "that the ledger does not count for that day": "WHERE c.message_day IS NULL OR c.message_day <> :today",
}


@holds("R9")
def nobody_is_written_to_who_must_not_be(day: Day) -> Iterable[str]:
    """By what was on record in the moment in which it left."""
    yield from _wrongly_left(day, "R9", _NEVER)


def _wrongly_left(day: Day, rule: str, never: Mapping[str, str]) -> Iterable[str]:
    moments = {each.at for each in day.left}
    for at in moments:
        for words, asked in never.items():
            question = f"SELECT c.id, c.loan_id, c.rung FROM {_LEFT} c {asked}"
            yield from day.complaints(f"{rule}: a message {words}", question, at=at)


@holds("R9")
def nothing_leaves_in_quiet_hours_or_from_a_copy(day: Day) -> Iterable[str]:
    left = [local(each.at) for each in day.left]
    if not left:
        return
    if day.town.is_copy:
        yield "R9: a message left from a copy that was restored"
    for (hub,) in day.rows(f"SELECT DISTINCT l.hub_id FROM {_LEFT} c JOIN loan l ON l.id = c.loan_id"):
        nation = day.hub(hub).nation
        closed = any(first <= day.day <= last for first, last in day.hub(hub).closed)
        if day.day.weekday() == SUNDAY or day.day in BANK_HOLIDAYS[nation] or closed:
            yield f"R9: a message left on {day.day}, a quiet day of hub {hub}"
    for at in left:
        if not 9 <= at.hour < 18:
            yield f"R9: a message left at {at}"


@holds("R10")
def every_message_was_written_down_first_and_left_once(day: Day) -> Iterable[str]:
    """Also those of which nobody heard whether they left."""
    left = Counter(each.reference for each in day.town.post.left)
    for reference, times in left.items():
        if times > 1:
            yield f"R10: {reference} left {times} times"
    today = set(day.left_today)
    known = {
        reference
        for (reference,) in day.rows(
            "SELECT reference FROM chase WHERE reference IN (SELECT value FROM json_each(:left))"
        )
    }
    for reference in sorted(today - known):
        yield f"R10: {reference} left and is in no ledger"
    sent = "SELECT id, reference FROM chase WHERE state = 'sent' AND along_with IS NULL AND changed_at >= :begins"
    for chase, reference in day.rows(sent):
        if reference not in left:
            yield f"R10: the ledger says that {chase} was sent, and it never left"
    yield from day.complaints(
        "R10: a message is said to be leaving for two days",
        "SELECT id, reference FROM chase WHERE state = 'sending' AND changed_at < :long_ago",
        long_ago=day.long_ago(6),
    )


@holds("R11")
def one_message_a_home_and_day_and_three_a_week(day: Day) -> Iterable[str]:
    """Whatever became of the ledger meanwhile: also when a backup came back that knew nothing of some of them."""
    week = [each for each in day.town.post.left if each.day > day.day - timedelta(days=7)]
    for home, count in Counter(each.to for each in day.left).items():
        if count > 1:
            yield f"R11: {count} messages went to {home} on one day"
    for home, count in Counter(each.to for each in week).items():
        if count > 3:
            yield f"R11: {count} messages went to {home} in a week"
    for each in week:
        if "020 7946" not in each.body:
            yield f"R11: {each.reference} does not say whom to ring"
    for each in week:
        if each.day == day.day and (each.to, each.body) in day.town.told_since_the_backup:
            yield f"R11: {each.to} was told again what it was told before the backup came back"
    yield from day.complaints(
        "R11: somebody is asked to do something and not told what",
        "SELECT id, loan_id FROM chase WHERE state = 'to_do' AND note = ''",
    )
    yield from day.complaints(
        "R11: two entries of one person on one day",
        "SELECT person_id, message_day, count(*) FROM chase WHERE along_with IS NULL AND message_day IS NOT NULL"
        " GROUP BY person_id, message_day HAVING count(*) > 1",
    )


@holds("R12")
def the_dead_are_left_in_peace(day: Day) -> Iterable[str]:
    yield from _wrongly_left(day, "R12", {"after a death": _NEVER["to somebody who had died"]})
    yield from day.complaints(
        "R12: a loan of somebody who died goes on being lent",
        "SELECT l.id, l.state FROM loan l JOIN person p ON p.id = l.person_id WHERE p.deceased_on IS NOT NULL"
        " AND l.stopped_at IS NULL AND l.state IN ('requested', 'waiting', 'approved', 'allocated',"
        " 'out_for_delivery', 'active', 'return_arranged')",
    )
    if not day.town.ticked:
        return
    open_ones = """
    SELECT c.id, c.state, c.reference, p.id FROM chase c JOIN person p ON p.id = c.person_id
    WHERE p.deceased_on IS NOT NULL AND c.created_at >= :lately
    """
    for chase, state, reference, person in day.rows(open_ones, lately=day.town.clock() - timedelta(days=13)):
        if state in ("to_do", "failed", "sending"):
            yield f"R12: entry {chase} still asks for something of person {person}, who died"
        if reference and day.town.post.lies_there(reference):
            yield f"R12: {reference} to person {person}, who died, still lies in the outbox"


@holds("R19")
def a_claim_is_neither_a_return_nor_a_loss(day: Day) -> Iterable[str]:
    """It pauses the ladder and starts a search with a limit; the loan goes on until the tablet is seen or given up."""
    claimed = "SELECT id, placed_at, until FROM chase_hold WHERE reason = 'says_given_back'"
    for hold, placed, until in day.rows(claimed):
        if not 0 <= (as_day(until) - local(placed).date()).days <= 14:
            yield f"R19: the search of hold {hold} has no limit of two weeks: {until}"
    yield from day.complaints(
        "R19: a claim alone ended a loan",
        "SELECT l.id, l.state FROM loan l JOIN chase_hold h ON h.loan_id = l.id AND h.reason = 'says_given_back'"
        " WHERE l.state IN ('collected', 'closed_returned', 'closed_lost') AND NOT EXISTS (SELECT 1 FROM loan_event e"
        " WHERE e.loan_id = l.id AND e.kind IN ('collect', 'hand_in', 'lose', 'find'))",
    )
    looked_for = """
        JOIN chase_hold h ON h.loan_id = c.loan_id WHERE h.reason = 'says_given_back' AND h.placed_at < :at
        AND (h.lifted_at IS NULL OR h.lifted_at > :at)"""
    yield from _wrongly_left(day, "R19", {"while we looked for the tablet": looked_for})


@holds("R19")
def what_became_of_a_claim_is_written_down(day: Day) -> Iterable[str]:
    yield from day.complaints(
        "R19: a loan is over, and its claim is open still",
        "SELECT c.id, l.state FROM return_claim c JOIN loan l ON l.id = c.loan_id"
        " WHERE (c.outcome IS NULL OR c.settled_at IS NULL) AND l.state NOT IN ('active', 'return_arranged')",
    )
    yield from day.complaints(
        "R19: somebody says that it is back, and nobody looks for it",
        "SELECT h.id, h.loan_id FROM chase_hold h WHERE h.reason = 'says_given_back'"
        " AND NOT EXISTS (SELECT 1 FROM return_claim c WHERE c.loan_id = h.loan_id)",
    )


@holds("R21")
def nothing_is_lost_by_itself(day: Day) -> Iterable[str]:
    """A coordinator says so, and why, and somebody else agrees."""
    return day.complaints(
        "R21: a loan was recorded as lost by nobody, or without a reason",
        "SELECT e.loan_id, e.role FROM loan_event e JOIN loan l ON l.id = e.loan_id JOIN person p ON p.id = l.person_id"
        " WHERE e.kind LIKE 'lose%' AND (e.role <> 'coordinator' OR e.actor_id IS NULL"
        " OR (e.reason = '' AND p.erased_at IS NULL) OR NOT EXISTS (SELECT 1 FROM second_look s"
        " WHERE s.loan_id = e.loan_id AND s.agreed AND s.decided_at = e.at AND s.decided_by_id <> s.asked_by_id))",
    )

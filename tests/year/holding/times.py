"""Rules R1 to R6: due dates are local days, late only once they are over, and an extension is a version of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from tests.year.days import add_months
from tests.year.holding.looking import Day, as_day, holds, local

_HANDED_OVER = """
SELECT l.id, l.hub_id, l.started_on, v.due_on, e.at, e.client_at, p.taster_days, p.taster_months, c.ends_on
FROM loan_event e
JOIN loan l ON l.id = e.loan_id
JOIN loan_due_version v ON v.loan_id = l.id AND v.number = 1
JOIN programme p ON p.id = l.programme_id
LEFT JOIN cohort c ON c.id = l.cohort_id
WHERE e.id > :since_loan_event AND e.kind IN ('hand_over', 'hub_hand_over')
"""


@holds("R1")
def the_due_day_is_counted_in_local_days(day: Day) -> Iterable[str]:
    """From the local day of the hand-over to a local day, whatever the clocks did in between."""
    for loan, hub, started, due, at, told_at, days, months, cohort_ends in day.rows(_HANDED_OVER):
        began = local(told_at or at).date()
        if as_day(started) != began:
            yield f"R1: loan {loan} began on {began} by its hub's clock, and {started} is written down"
        if months is None:
            ends = as_day(cohort_ends) if cohort_ends and as_day(cohort_ends) > began else began + timedelta(days=days)
            if as_day(due) != day.roll(hub, ends):
                yield f"R1: loan {loan} is due on {due}, and by its policy on {day.roll(hub, ends)}"


@holds("R1")
def a_loan_is_due_when_its_last_version_says(day: Day) -> Iterable[str]:
    return day.complaints(
        "R1: a loan is due otherwise than its version says",
        "SELECT l.id, l.due_on, v.due_on FROM loan l JOIN loan_due_version v"
        " ON v.loan_id = l.id AND v.number = l.due_version WHERE v.due_on <> l.due_on",
    )


@holds("R2")
def nobody_is_late_before_the_day_is_over(day: Day) -> Iterable[str]:
    """Neither is anybody told so, nor does a due date say so that was given meanwhile."""
    chased = """
    SELECT c.loan_id, c.created_at, c.due_on, p.grace_days FROM chase c
    JOIN loan l ON l.id = c.loan_id JOIN programme p ON p.id = l.programme_id
    WHERE c.id > :since_chase AND c.stage >= 2 AND c.state <> 'skipped'
    """
    for loan, at, due, grace in day.rows(chased):
        if local(at).date() <= as_day(due) + timedelta(days=grace):
            yield f"R2: loan {loan}, due on {due} with {grace} days of grace, was late on {at}"
    given = """
    SELECT v.loan_id, v.set_at, v.days_late_before, w.due_on, p.grace_days FROM loan_due_version v
    JOIN loan_due_version w ON w.loan_id = v.loan_id AND w.number = v.number - 1
    JOIN loan l ON l.id = v.loan_id JOIN programme p ON p.id = l.programme_id
    WHERE v.id > :since_loan_due_version
    """
    for loan, at, late, before, grace in day.rows(given):
        really = (local(at).date() - as_day(before)).days
        if late != (really if really > grace else 0):
            yield f"R2: loan {loan} was {really} days late with {grace} of grace, and {late} is written down"


@holds("R2")
def what_came_by_the_letter_box_came_that_day(day: Day) -> Iterable[str]:
    told = """
    SELECT l.id, l.returned_on, e.at, e.client_at FROM loan_event e JOIN loan l ON l.id = e.loan_id
    WHERE e.id > :since_loan_event AND e.kind IN ('collect', 'hand_in') AND l.returned_on IS NOT NULL
    """
    for loan, returned, at, told_at in day.rows(told):
        if as_day(returned) != local(told_at or at).date():
            yield f"R2: loan {loan} came back on {local(told_at or at).date()}, and {returned} is written down"


_RUNNING = "state IN ('active', 'return_arranged') AND stopped_at IS NULL"


@holds("R3")
def nothing_is_due_on_a_closed_day(day: Day) -> Iterable[str]:
    """Of the loan's own hub: its week, its nation's bank holidays, and what was closed later."""
    days = day.rows(f"SELECT hub_id, due_on, min(id) FROM loan WHERE {_RUNNING} AND due_on >= :today GROUP BY 1, 2")
    for hub, due, loan in days:
        if not day.hub(hub).is_open(as_day(due)):
            yield f"R3: loan {loan} is due on {due}, when hub {hub} is closed"


@holds("R3")
def a_closure_moves_loans_to_several_days_and_says_so(day: Day) -> Iterable[str]:
    """Each is a due version of its own."""
    moved = """
    SELECT l.hub_id, v.due_on, v.reason FROM loan_event e JOIN loan l ON l.id = e.loan_id
    JOIN loan_due_version v ON v.loan_id = l.id AND v.set_at = e.at
    WHERE e.id > :since_loan_event AND e.kind = 'moved_for_closure'
    """
    rows = day.rows(moved)
    if any(not reason for _, _, reason in rows):
        yield "R3: a due date moved, and the record does not say why"
    by_hub = Counter(hub for hub, _, _ in rows)
    for hub, count in by_hub.items():
        if count > 2 and len({due for each, due, _ in rows if each == hub}) == 1:
            yield f"R3: all {count} loans of hub {hub} were moved to one day"


_NOT_TOLD = """
SELECT l.id, b.due_on, v.due_on FROM loan l JOIN person p ON p.id = l.person_id
JOIN loan_due_version v ON v.loan_id = l.id AND v.number = l.due_version
JOIN loan_due_version b ON b.loan_id = l.id AND b.number = v.number - 1
WHERE l.state = 'active' AND l.stopped_at IS NULL AND p.deceased_on IS NULL
AND v.moved_because IS NOT NULL AND v.due_on <> b.due_on AND b.due_on <= :today AND v.set_at < :long_ago
AND NOT EXISTS (SELECT 1 FROM chase_hold h WHERE h.person_id = p.id)
AND NOT EXISTS (SELECT 1 FROM chase_reply r WHERE r.person_id = p.id)
AND NOT EXISTS (SELECT 1 FROM chase c WHERE c.loan_id = l.id AND c.due_version = v.number AND c.rung = 'day_moved'
                AND c.state <> 'skipped')
"""


@holds("R3")
def whoever_would_come_on_the_old_day_was_told_before(day: Day) -> Iterable[str]:
    """By the ledger: a message, a letter or a task to ring; somebody on hold or with an answer to be read waits."""
    words = "R3: a due date moved and nobody was told why"
    return day.complaints(words, _NOT_TOLD, long_ago=day.long_ago(4))


@holds("R3")
def nobody_is_told_of_a_day_that_stayed(day: Day) -> Iterable[str]:
    return day.complaints(
        "R3: somebody was told of a day that nobody had moved",
        "SELECT c.id, c.loan_id FROM chase c JOIN loan_due_version v ON v.loan_id = c.loan_id"
        " AND v.number = c.due_version WHERE c.id > :since_chase AND c.rung = 'day_moved' AND v.moved_because IS NULL",
    )


@holds("R4")
def a_month_is_a_calendar_month(day: Day) -> Iterable[str]:
    for loan, hub, started, due, _, _, _, months, cohort_ends in day.rows(_HANDED_OVER):
        if months is not None and cohort_ends is None:
            wanted = day.roll(hub, add_months(as_day(started), months))
            if as_day(due) != wanted:
                yield f"R4: loan {loan} of {months} month(s) from {started} is due on {due}, not {wanted}"


@holds("R5")
def every_due_date_stays_on_record(day: Day) -> Iterable[str]:
    """None is changed or deleted, they are counted without gaps, and the first stays the loan's original one."""
    rows = day.rows("SELECT id, loan_id, number, due_on, set_at, days_late_before, actor_name FROM loan_due_version")
    now = {row[0]: tuple(row) for row in rows}
    for number, row in day.memory.due_versions.items():
        if now.get(number) != row:
            yield f"R5: the due version {row} was changed or deleted"
    yield from day.complaints(
        "R5: the due versions of a loan are not all there",
        "SELECT l.id, l.due_version, count(v.id) FROM loan l LEFT JOIN loan_due_version v ON v.loan_id = l.id"
        " GROUP BY l.id, l.due_version HAVING count(v.id) <> l.due_version",
    )
    yield from day.complaints(
        "R5: the original due date is not that of the first version",
        "SELECT l.id, l.original_due_on, v.due_on FROM loan l JOIN loan_due_version v ON v.loan_id = l.id"
        " AND v.number = 1 WHERE l.original_due_on <> v.due_on",
    )
    day.memory.due_versions = now


_EXTENSIONS = """
SELECT e.loan_id, count(*), p.max_extensions, min(length(e.reason)), min(e.role), max(e.role)
FROM loan_event e JOIN loan l ON l.id = e.loan_id JOIN programme p ON p.id = l.programme_id
JOIN person ON person.id = l.person_id
WHERE e.kind = 'extend' AND person.erased_at IS NULL GROUP BY e.loan_id, p.max_extensions
"""


@holds("R5")
def extensions_are_capped(day: Day) -> Iterable[str]:
    for loan, count, allowed, _, _, _ in day.rows(_EXTENSIONS):
        if count > allowed + (loan in day.town.overridden):
            yield f"R5: loan {loan} was extended {count} times, and {allowed} are allowed"


@holds("R6")
def only_a_coordinator_extends_and_says_why(day: Day) -> Iterable[str]:
    for loan, count, allowed, reason, first, last in day.rows(_EXTENSIONS):
        if reason == 0:
            yield f"R6: loan {loan} was extended without a reason"
        if {first, last} != {"coordinator"}:
            yield f"R6: loan {loan} was extended by a {first} or a {last}"
        if count > allowed and loan not in day.town.overridden:
            yield f"R6: nobody decided to extend loan {loan} beyond {allowed}"


@holds("R6")
def going_beyond_a_cap_is_written_down(day: Day) -> Iterable[str]:
    """With the due date that went beyond the number allowed, and with no other."""
    beyond = Counter(loan for (loan,) in day.rows("SELECT loan_id FROM loan_due_version WHERE beyond_number"))
    for loan, count, allowed, _, _, _ in day.rows(_EXTENSIONS):
        if beyond[loan] != max(0, count - allowed):
            yield f"R6: loan {loan} was extended {count} of {allowed} times, and {beyond[loan]} are said to be more"


@holds("R6")
def who_waits_caps_an_extension_on_the_server(day: Day) -> Iterable[str]:
    """Refused with its code where others would go without, by the year's own books, and only then; done all the same
    only where a coordinator went beyond."""
    for asked in day.town.asked_longer:
        if asked.day != day.day:
            continue
        if asked.short and asked.granted and not asked.overridden:
            yield f"R6: loan {asked.loan_id} was extended while others go without"
        if asked.short is not ("nobody_needs_it" in asked.codes):
            yield f"R6: loan {asked.loan_id} was answered {sorted(asked.codes)}; others go without: {asked.short}"


@holds("R6")
def going_beyond_what_others_need_is_written_down(day: Day) -> Iterable[str]:
    """With the due date that was given all the same, and with no other."""
    beyond = {(asked.loan_id, asked.version): asked.short for asked in day.town.asked_longer if asked.granted}
    kept = day.rows("SELECT loan_id, number, beyond_need FROM loan_due_version")
    written = {(loan, number): bool(need) for loan, number, need in kept}
    for version, short in beyond.items():
        if written.get(version) is not short:
            yield f"R6: due version {version} is kept with {written.get(version)}; others went without: {short}"
    for version in sorted(number for number, need in written.items() if need and number not in beyond):
        yield f"R6: due version {version} says that others need it, and nobody was asked for it"

"""Rules R13 to R18: what was scanned is kept, one holder at a time, due from the door on, swapped without a gap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from fleet.database.lists import ListQuery
from fleet.deliveries import service as deliveries
from fleet.deliveries.rules import TO_DO
from fleet.loans.queries import tablets_coming_back
from fleet.tablets.models import Tablet
from fleet.tablets.queries import find_tablets
from fleet.tablets.rules import Stage
from tests.year.days import ZONE
from tests.year.holding.looking import Day, as_day, as_moment, holds, local


@holds("R13")
def a_fact_is_kept_once_with_a_time_that_can_be_believed(day: Day) -> Iterable[str]:
    (kept,) = day.rows("SELECT count(*) FROM scan")[0]
    if kept != day.town.seen["facts"] - day.town.seen["facts lost with the backup"]:
        yield f"R13: {kept} facts are kept, and phones told {day.town.seen['facts']}"
    asked = "SELECT id, occurred_at, received_at, effective_at, clock_flagged FROM scan WHERE id > :since_scan"
    for scan, occurred, received, effective, flagged in day.rows(asked):
        told, at, counts = as_moment(occurred), as_moment(received), as_moment(effective)
        nonsense = not at - timedelta(hours=72) <= told <= at + timedelta(minutes=2)
        if counts != (at if nonsense else min(told, at)) or bool(flagged) is not nonsense:
            yield f"R13: fact {scan}, told to be of {told}, counts as of {counts}"
    yield from day.complaints(
        "R13: a fact that contradicts others was thrown away without a look",
        "SELECT id, reason FROM scan WHERE id > :since_scan AND answer = 'conflict' AND NOT needs_review",
    )


_WITH = """
CASE l.state WHEN 'allocated' THEN 'allocated,in_transit_out' WHEN 'out_for_delivery' THEN 'in_transit_out'
WHEN 'active' THEN 'on_loan' WHEN 'return_arranged' THEN 'on_loan' WHEN 'collected' THEN 'in_transit_back,returned'
ELSE '' END
"""


@holds("R14")
@holds("I1")
def a_tablet_and_a_sim_are_in_one_open_loan(day: Day) -> Iterable[str]:
    for table, column in (("loan_tablet", "tablet_id"), ("loan_sim", "sim_id"), ("loan_sim", "loan_id")):
        yield from day.complaints(
            f"R14: more than one open {table} for a {column}",
            f"SELECT {column}, count(*) FROM {table} WHERE to_at IS NULL GROUP BY {column} HAVING count(*) > 1",
        )
        yield from day.complaints(
            f"R14: two times of a {column} in {table} overlap",
            f"SELECT a.id, b.id FROM {table} a JOIN {table} b ON b.{column} = a.{column} AND b.id > a.id"
            " WHERE (a.to_at IS NULL OR a.to_at > b.from_at) AND (b.to_at IS NULL OR b.to_at > a.from_at)"
            " AND (b.to_at IS NULL OR b.to_at >= :begins)",
        )
    yield from day.complaints(
        "R14: a loan and its tablet tell different stories",
        "SELECT l.id, l.state, t.id, t.stage FROM loan l JOIN loan_tablet k ON k.loan_id = l.id AND k.to_at IS NULL"
        f" JOIN tablet t ON t.id = k.tablet_id WHERE ',' || ({_WITH}) || ',' NOT LIKE '%,' || t.stage || ',%'",
    )
    yield from day.complaints(
        "R14: a loan that lends has no tablet",
        "SELECT l.id, l.state FROM loan l WHERE l.state IN ('allocated', 'out_for_delivery', 'active',"
        " 'return_arranged', 'collected') AND NOT EXISTS (SELECT 1 FROM loan_tablet k WHERE k.loan_id = l.id"
        " AND k.to_at IS NULL)",
    )


@holds("R15")
def delivered_is_not_packed(day: Day) -> Iterable[str]:
    """A due date runs from the hand-over, and never while the tablet is with us."""
    yield from day.complaints(
        "R15: a loan is due before anybody had its tablet",
        "SELECT id, state, due_on FROM loan WHERE due_on IS NOT NULL AND (started_on IS NULL OR state IN ('requested',"
        " 'waiting', 'approved', 'allocated', 'out_for_delivery'))",
    )
    yield from day.complaints(
        "R15: something is left of a hand-over that was taken back",
        "SELECT l.id, l.started_on FROM loan l WHERE l.state IN ('allocated', 'out_for_delivery')"
        " AND (l.started_on IS NOT NULL OR l.handed_to IS NOT NULL OR l.agreement_accepted_at IS NOT NULL OR EXISTS"
        " (SELECT 1 FROM sim_use u JOIN sim s ON s.id = u.sim_id WHERE u.loan_id = l.id AND u.over_at IS NULL"
        " AND (u.from_on IS NOT NULL OR s.state = 'activated')))",
    )
    yield from day.complaints(
        "R15: a stop ended with a hand-over that was taken back",
        "SELECT j.id, j.state FROM delivery_job j JOIN loan l ON l.id = j.loan_id WHERE j.ended = 'handed_over'"
        " AND l.state IN ('allocated', 'out_for_delivery')",
    )
    yield from day.complaints(
        "R15: a loan began without a hand-over",
        "SELECT l.id FROM loan l WHERE l.started_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loan_event e WHERE"
        " e.loan_id = l.id AND e.kind IN ('hand_over', 'hub_hand_over'))",
    )
    yield from day.complaints(
        "R15: failed attempts are not counted",
        "SELECT l.id, l.attempts FROM loan l WHERE l.attempts = 0 AND EXISTS (SELECT 1 FROM loan_event e"
        " WHERE e.loan_id = l.id AND e.kind = 'failed_attempt')",
    )


@holds("R16")
def the_first_trusted_receipt_stops_the_clock(day: Day) -> Iterable[str]:
    """Whoever takes it for us: a courier, the hub, or a partner. The tablet counts where it is."""
    yield from day.complaints(
        "R16: a tablet is back with us, and its loan runs on",
        "SELECT l.id, l.state, t.custody FROM loan l JOIN loan_tablet k ON k.loan_id = l.id AND k.to_at IS NULL"
        " JOIN tablet t ON t.id = k.tablet_id WHERE l.state IN ('active', 'return_arranged')"
        " AND t.custody <> CASE l.kind WHEN 'venue' THEN 'venue' ELSE 'participant' END",
    )
    yield from day.complaints(
        "R16: a loan was taken back and no day says when its clock stopped",
        "SELECT id FROM loan WHERE state = 'collected' AND returned_on IS NULL",
    )
    yield from day.complaints(
        "R16: a tablet left at a partner's place is counted elsewhere",
        "SELECT t.id, t.custody, t.holder FROM tablet t JOIN tablet_event e ON e.tablet_id = t.id AND e.id ="
        " (SELECT max(x.id) FROM tablet_event x WHERE x.tablet_id = t.id) WHERE e.kind = 'leave_at_partner'"
        " AND (t.custody <> 'venue' OR t.holder = '' OR t.stage <> 'in_transit_back')",
    )
    left = """
    SELECT l.id, l.returned_on, e.at FROM loan_event e JOIN loan l ON l.id = e.loan_id
    WHERE e.id > :since_loan_event AND e.kind = 'arrive_back'
    """
    for loan, returned, arrived in day.rows(left):
        if as_day(returned) > local(arrived).date():
            yield f"R16: loan {loan} counts as back on {returned}, after its tablet arrived"


_AWAY = """
tablet t JOIN tablet_event e ON e.tablet_id = t.id AND e.id = (SELECT max(x.id) FROM tablet_event x
WHERE x.tablet_id = t.id)
WHERE e.kind IN ('hand_in_elsewhere', 'arrive_elsewhere', 'find_elsewhere')
"""


@holds("R16")
def a_return_at_another_hub_ends_the_loan_there(day: Day) -> Iterable[str]:
    """Its clock stops on the day it was received, its data ends, and the tablet is that hub's to keep until it goes."""
    received = """
    SELECT l.id, l.state, l.returned_on, e.at, coalesce(s.state, '') FROM tablet_event e
    JOIN loan_tablet k ON k.tablet_id = e.tablet_id AND k.from_at <= e.at AND (k.to_at IS NULL OR k.to_at >= e.at)
    JOIN loan l ON l.id = k.loan_id
    LEFT JOIN loan_sim m ON m.loan_id = l.id AND m.to_at IS NULL LEFT JOIN sim s ON s.id = m.sim_id
    WHERE e.id > :since_tablet_event AND e.kind = 'hand_in_elsewhere'
    """
    for loan, state, returned, at, sim in day.rows(received):
        if state != "collected" or returned is None or as_day(returned) != local(at).date():
            yield f"R16: loan {loan} was received at another hub on {local(at).date()}: {state}, back on {returned}"
        if sim == "activated":
            yield f"R16: the data of loan {loan} runs on, and its tablet is at another hub"
    yield from day.complaints(
        "R16: a tablet that another hub received is not on its way home from there",
        f"SELECT t.id, t.stage, t.custody, t.holder FROM {_AWAY} AND (t.stage <> 'in_transit_back'"
        " OR t.custody <> 'hub' OR t.holder NOT LIKE 'hub %' OR t.holder = 'hub ' || t.hub_id)",
    )


@holds("R16")
def it_counts_where_it_is_and_waits_to_go_home(day: Day) -> Iterable[str]:
    """By the lists of both hubs: their stock, and what is coming back."""
    away = day.rows(
        "SELECT id, hub_id, holder FROM tablet WHERE stage = 'in_transit_back' AND custody = 'hub' AND holder <> ''"
    )
    for tablet, home, holder in away:
        here = int(holder.removeprefix("hub "))
        day.town.seen["nights at another hub"] += 1
        for hub in (here, home):
            counted = tablet in {each.id for each in _stock(day, hub)}
            if counted is not (hub == here):
                yield f"R16: tablet {tablet} lies at hub {here}, and hub {hub} counts it: {counted}"
            if tablet not in {each.id for each in tablets_coming_back(day.session, hub_id=hub)}:
                yield f"R16: tablet {tablet} lies at hub {here}, and hub {hub} does not see it come back"


def _stock(day: Day, hub_id: int) -> Sequence[Tablet]:
    asked = ListQuery(filters={"hub": str(hub_id), "stage": Stage.IN_TRANSIT_BACK.value}, per_page=200)
    return find_tablets(day.session, asked).items


@holds("R17")
def a_swap_changes_the_tablet_and_nothing_else(day: Day) -> Iterable[str]:
    swapped = "loan_event e JOIN loan l ON l.id = e.loan_id WHERE e.kind = 'swap'"
    yield from day.complaints(
        "R17: a due date was given by a swap",
        "SELECT e.loan_id, v.number FROM loan_event e JOIN loan_due_version v ON v.loan_id = e.loan_id"
        " AND v.set_at = e.at WHERE e.kind = 'swap' AND e.id > :since_loan_event",
    )
    yield from day.complaints(
        "R17: a swapped loan does not have two tablets without a gap between them",
        f"SELECT l.id FROM {swapped} AND NOT EXISTS (SELECT 1 FROM loan_tablet a JOIN loan_tablet b"
        " ON b.loan_id = a.loan_id AND b.id > a.id AND b.from_at = a.to_at WHERE a.loan_id = l.id)",
    )
    yield from day.complaints(
        "R17: a tablet that was swapped out may be lent before it is wiped",
        "SELECT t.id, t.stage FROM tablet_event e JOIN tablet t ON t.id = e.tablet_id WHERE e.kind = 'swapped_out'"
        " AND t.stage IN ('wiped', 'provisioning', 'provisioned', 'ready', 'allocated')"
        " AND (t.certificate_at IS NULL OR t.certificate_at <= e.at)",
    )


@holds("R18")
def a_courier_sees_todays_doors_and_no_longer(day: Day) -> Iterable[str]:
    """Asked tonight and late tomorrow, of the same stops."""
    town = day.town
    (runs,) = day.rows("SELECT count(*) FROM courier_run WHERE day = :today")[0]
    for courier in town.couriers if runs else ():
        for hours in (0, 20):
            now = town.clock() + timedelta(hours=hours)
            seen = deliveries.today_of(day.session, actor=courier, settings=town.settings, now=now)
            for run in seen.runs:
                if run.day != local(now).date():
                    yield f"R18: {courier.name} sees run {run.run_id} of {run.day} on {local(now).date()}"
                for stop in run.stops:
                    if stop.address and stop.state not in TO_DO and (stop.done_at is None or stop.until <= now):
                        yield f"R18: {courier.name} still sees the address of stop {stop.job_id}"
    yield from _shown_after_the_day(day)


def _shown_after_the_day(day: Day) -> Iterable[str]:
    """Runs of two days ago: no address is shown of any of their stops."""
    for (run_id,) in day.rows("SELECT id FROM courier_run WHERE day = :before", before=day.day - timedelta(days=2)):
        run = deliveries.get_run(day.session, run_id)
        seen = deliveries.run_seen(day.session, run, ZONE, settings=day.town.settings, now=day.town.clock())
        for stop in seen.stops:
            day.town.seen["doors looked at again"] += 1
            if stop.address or stop.access_note:
                yield f"R18: stop {stop.job_id} of two days ago still shows where somebody lives"

"""The invariants of a tablet's life, and rules R20, R22 to R24: wiped between two people, given or recycled well."""

from __future__ import annotations

from collections.abc import Iterable

from fleet.tablets.rules import BY_MOVE, MOVES, Move
from fleet.tablets.rules.guards import no_holds
from tests.year.holding.looking import Day, holds

_LENDABLE = "('ready', 'allocated', 'in_transit_out')"
_OUT = "('hand_over', 'hub_hand_over')"


@holds("R20")
def found_reopens_nothing(day: Day) -> Iterable[str]:
    """The loan is corrected, the tablet waits for its wipe, and nobody is written to."""
    yield from day.complaints(
        "R20: a loan was opened again because its tablet was found",
        "SELECT l.id, l.state FROM loan l JOIN loan_event e ON e.loan_id = l.id AND e.kind = 'find'"
        " WHERE l.state <> 'closed_returned'",
    )
    yield from day.complaints(
        "R20: a found tablet may be lent before it is wiped",
        "SELECT t.id, t.stage, t.data FROM tablet t JOIN tablet_event e ON e.tablet_id = t.id AND e.kind = 'find'"
        " WHERE (t.data = 'clean' OR t.stage IN ('wiped', 'provisioned', 'ready', 'allocated'))"
        " AND (t.certificate_at IS NULL OR t.certificate_at <= e.at)",
    )
    yield from day.complaints(
        "R20: somebody was asked for a tablet that had been found",
        "SELECT c.id, c.loan_id FROM chase c JOIN loan_event e ON e.loan_id = c.loan_id AND e.kind = 'find'"
        " WHERE c.id > :since_chase AND c.created_at > e.at AND c.state <> 'withdrawn'",
    )


@holds("R22")
@holds("I2")
def nothing_leaves_without_a_wipe_since_it_was_out(day: Day) -> Iterable[str]:
    """A certificate of that very wipe, newer than the last time anybody had it."""
    yield from day.complaints(
        "R22: a tablet that may be lent is not clean, or was out since its wipe",
        f"SELECT id, stage, data FROM tablet WHERE stage IN {_LENDABLE} AND (data <> 'clean' OR certificate_at IS NULL"
        " OR (left_hub_at IS NOT NULL AND certificate_at <= left_hub_at))",
    )
    yield from day.complaints(
        "R22: a tablet that may be lent has no certificate of its last wipe",
        f"SELECT t.id FROM tablet t WHERE t.stage IN {_LENDABLE} AND NOT EXISTS (SELECT 1 FROM certificate c"
        " WHERE c.tablet_id = t.id AND c.issued_at = t.certificate_at)",
    )
    yield from day.complaints(
        "R22: a tablet was handed over, and its last wipe is older than its last return",
        f"SELECT e.tablet_id, e.id FROM tablet_event e WHERE e.id > :since_tablet_event AND e.kind IN {_OUT}"
        " AND coalesce((SELECT max(w.id) FROM tablet_event w WHERE w.tablet_id = e.tablet_id AND w.kind ="
        " 'wipe_passed' AND w.id < e.id), 0) <= coalesce((SELECT max(b.id) FROM tablet_event b WHERE b.tablet_id ="
        " e.tablet_id AND b.kind IN ('collect', 'hand_in', 'arrive_back', 'find', 'lose') AND b.id < e.id), 0)",
    )
    yield from day.complaints(
        "R22: a tablet is ready without label, kit or battery",
        "SELECT id FROM tablet WHERE stage = 'ready' AND (label_confirmed_at IS NULL OR kit_checked_at IS NULL"
        " OR battery_percent < 80)",
    )


@holds("R23")
def a_gift_is_allowed_dated_and_the_end(day: Day) -> Iterable[str]:
    given = "loan l JOIN loan_event e ON e.loan_id = l.id AND e.kind = 'gift' JOIN programme p ON p.id = l.programme_id"
    yield from day.complaints(
        "R23: a tablet was given for good without authority",
        f"SELECT l.id, e.role FROM {given} JOIN person q ON q.id = l.person_id WHERE NOT p.gifts_allowed"
        " OR e.role <> 'coordinator' OR (e.reason = '' AND q.erased_at IS NULL) OR l.closed_at IS NULL",
    )
    yield from day.complaints(
        "R23: a gift did not end the loan, its tablet or its reminders",
        f"SELECT l.id, l.state, t.stage FROM {given} JOIN loan_tablet k ON k.loan_id = l.id AND k.to_at = e.at"
        " JOIN tablet t ON t.id = k.tablet_id WHERE l.state <> 'closed_gifted' OR t.stage <> 'gifted'"
        " OR t.data = 'clean' OR EXISTS (SELECT 1 FROM chase c WHERE c.loan_id = l.id AND c.created_at > e.at)",
    )
    yield from day.complaints(
        "R23: nobody decided about the SIM of a gift",
        f"SELECT l.id, s.state FROM {given} JOIN loan_sim k ON k.loan_id = l.id AND k.to_at = e.at"
        " JOIN sim s ON s.id = k.sim_id WHERE s.state NOT IN ('kept_by_participant')",
    )


@holds("R24")
def only_what_holds_no_data_is_recycled(day: Day) -> Iterable[str]:
    yield from day.complaints(
        "R24: a recycled tablet held data, was on loan, or went without a note",
        "SELECT t.id, t.data FROM tablet t JOIN tablet_event e ON e.tablet_id = t.id AND e.kind = 'recycle'"
        " WHERE (t.data <> 'clean' AND NOT t.destruction_ordered) OR e.reason = '' OR t.custody <> 'carrier'"
        " OR EXISTS (SELECT 1 FROM loan_tablet k WHERE k.tablet_id = t.id AND k.to_at IS NULL)",
    )
    yield from day.complaints(
        "R24: a tablet was recycled that nobody had retired",
        "SELECT id FROM tablet WHERE stage IN ('awaiting_recycle', 'recycled') AND NOT retiring",
    )


@holds("I2")
def the_way_to_ready_passes_a_certificate(day: Day) -> Iterable[str]:
    return day.complaints(
        "I2: data became clean otherwise than by a verified wipe",
        "SELECT tablet_id, kind, before, data FROM (SELECT id, tablet_id, kind, data, lag(data) OVER log AS before,"
        " lag(kind) OVER log AS last FROM tablet_event WHERE tablet_id IN (SELECT tablet_id FROM tablet_event"
        " WHERE id > :since_tablet_event) WINDOW log AS (PARTITION BY tablet_id ORDER BY id)) AS told"
        " WHERE data = 'clean' AND before <> 'clean' AND kind <> 'wipe_passed'"
        f" AND NOT (kind IN ('undo_hand_over', 'undo_hub_hand_over') AND last IN {_OUT})",
    )


@holds("I3")
def the_chain_of_custody_has_no_gap(day: Day) -> Iterable[str]:
    """Every move begins where the one before ended, and the tablet stands where the last one left it."""
    steps = """
    SELECT DISTINCT kind, before, stage FROM (SELECT id, kind, stage, lag(stage) OVER (PARTITION BY tablet_id ORDER BY
    id) AS before FROM tablet_event WHERE tablet_id IN (SELECT tablet_id FROM tablet_event
    WHERE id > :since_tablet_event)) AS told
    """
    moves = {move.value for move in Move}
    for kind, before, stage in day.rows(steps):
        if kind in moves:
            row = BY_MOVE[Move(kind)]
            if (before is not None and before not in row.sources) or stage != row.target:
                yield f"I3: a tablet was moved by {kind} from {before} to {stage}"
        elif before is not None and before != stage:
            yield f"I3: a note ({kind}) moved a tablet from {before} to {stage}"
    yield from day.complaints(
        "I3: a tablet does not stand where its log says",
        "SELECT t.id, t.stage, e.stage, t.custody, e.custody FROM tablet t JOIN (SELECT tablet_id, max(id) AS last"
        " FROM tablet_event GROUP BY tablet_id) m ON m.tablet_id = t.id JOIN tablet_event e ON e.id = m.last"
        " WHERE (t.stage, t.data, t.custody, t.holder) <> (e.stage, e.data, e.custody, e.holder)",
    )
    yield from day.complaints(
        "I3: a tablet has no holder, or two",
        "SELECT t.id, t.custody, t.holder FROM tablet t LEFT JOIN loan_tablet k ON k.tablet_id = t.id"
        " AND k.to_at IS NULL WHERE t.stage <> 'gifted' AND ((t.custody = 'participant' AND (k.id IS NULL OR"
        " t.holder <> 'loan ' || k.loan_id)) OR (t.custody = 'courier' AND t.holder NOT LIKE 'courier %')"
        " OR (t.custody = 'hub' AND t.holder <> '' AND (t.stage <> 'in_transit_back' OR t.holder NOT LIKE 'hub %'"
        " OR t.holder = 'hub ' || t.hub_id)))",
    )


@holds("I4")
def every_event_says_who_when_and_from_where(day: Day) -> Iterable[str]:
    for table in ("tablet_event", "loan_event", "sim_event", "person_event"):
        yield from day.complaints(
            f"I4: an entry of {table} does not say who, in which role, when or from where",
            f"SELECT id, kind FROM {table} WHERE id > :since_{table} AND (actor_name = '' OR role = '' OR source = ''"
            " OR at IS NULL OR at < :begins OR at > :now)",
            now=day.town.clock(),
        )


@holds("I5")
def what_is_told_twice_is_done_once(day: Day) -> Iterable[str]:
    """What was told again added no row, and no log lost one. That no id stands twice, the tables themselves see to."""
    for table, mark in day.memory.marks.items():
        (kept,) = day.rows(f"SELECT count(*) FROM {table} WHERE id <= :since_{table}")[0]
        if kept != day.memory.counts.get(table, kept):
            yield f"I5: {table} lost {day.memory.counts[table] - kept} of the rows up to {mark}"
    for kind in ("hand_in", "request", "allocate"):
        yield from day.complaints(
            f"I5: {kind} stands twice in one loan's log for one asking",
            "SELECT loan_id, at, count(*) FROM loan_event WHERE id > :since_loan_event AND kind = :kind"
            " GROUP BY loan_id, at HAVING count(*) > 1",
            kind=kind,
        )


@holds("I6")
def what_left_the_fleet_stays_as_it_is(day: Day) -> Iterable[str]:
    last = ", ".join(f"'{move.value}'" for move in Move)
    return day.complaints(
        "I6: something happened to a tablet that had left the fleet",
        "SELECT e.tablet_id, e.kind FROM tablet_event e JOIN tablet_event g ON g.tablet_id = e.tablet_id"
        f" AND g.kind IN ('gift', 'recycle') AND g.id < e.id WHERE e.id > :since_tablet_event AND e.kind IN ({last})",
    )


@holds("I7")
def a_code_is_never_used_again(day: Day) -> Iterable[str]:
    yield from day.complaints(
        "I7: a label's code stands on two tags",
        "SELECT code, count(*) FROM tag GROUP BY code HAVING count(*) > 1",
    )
    yield from day.complaints(
        "I7: a tablet carries a code that is not its own",
        "SELECT t.id, t.label_code FROM tablet t WHERE t.label_code <> '' AND NOT EXISTS (SELECT 1 FROM tag g"
        " WHERE g.code = t.label_code AND g.tablet_id = t.id AND g.state = 'attached')",
    )


_FORWARD = tuple(row.move.value for row in MOVES if no_holds in row.guards)


@holds("I8")
def a_hold_stops_every_move_forward(day: Day) -> Iterable[str]:
    moves = ", ".join(f"'{move}'" for move in _FORWARD)
    return day.complaints(
        "I8: a held tablet was moved forward",
        "SELECT e.tablet_id, e.kind, h.kind FROM tablet_event e JOIN tablet_hold h ON h.tablet_id = e.tablet_id"
        f" WHERE e.id > :since_tablet_event AND e.kind IN ({moves}) AND h.placed_at < e.at"
        " AND (h.lifted_at IS NULL OR h.lifted_at > e.at)",
    )
